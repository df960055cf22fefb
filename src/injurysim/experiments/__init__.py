"""Cells (a world and a replication with all its designs) and where they run."""
