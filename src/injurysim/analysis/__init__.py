"""Analysis: questions about a scenario that are answered without running it."""
