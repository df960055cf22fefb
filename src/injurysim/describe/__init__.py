"""A scenario in words, English or Chinese: what it assumes, what each world and design changes, from which source."""
