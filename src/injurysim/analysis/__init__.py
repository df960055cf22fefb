"""Analysis: what a scenario implies without running it, and what its results tell beyond their metrics."""
