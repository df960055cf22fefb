"""Contributions: what each month is charged on, at which rate."""
