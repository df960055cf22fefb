"""Reads result folders: metrics, paired statistics, the verdict."""
