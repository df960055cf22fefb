"""What every room uses: money, calendar, keyed randomness, distributions, tables."""
