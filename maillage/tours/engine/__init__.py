"""Planning a tour as pure arithmetic: no Django here. `season` states the problem, `planning.plan` answers it."""
