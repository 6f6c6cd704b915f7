"""One package, so that the demonstration is made once for it."""
