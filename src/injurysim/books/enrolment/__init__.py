"""Enrolment: when platforms join, who stands on a register, and what each way of being insured makes of a rider."""
