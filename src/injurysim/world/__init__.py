"""Riders who work, tire and get hurt; knows nothing of insurance."""
