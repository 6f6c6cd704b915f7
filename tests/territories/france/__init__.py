"""One package, so that all of France is loaded once for it."""
