"""Pages of reports: the public form, the case for the team, what its author reads."""
