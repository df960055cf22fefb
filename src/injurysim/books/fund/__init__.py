"""The accounts of a design: what comes in, what goes out, and what happens at a deficit, month by month to the fen."""
