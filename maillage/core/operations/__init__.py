"""What operators do with an instance: prepare it, serve it, save it, restore it, examine it."""
