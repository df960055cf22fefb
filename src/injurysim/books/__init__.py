"""What each design does with a world's months: who is insured, who owes, who is paid."""
