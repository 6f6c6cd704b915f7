"""The demonstration: deterministic, rich, fictitious as to persons. `world.build` makes it with the program's own verbs."""
