"""Every leaf of the language of scenarios, scenarios in which it is set, and what becomes of the tables when it is changed."""
