"""Pure arithmetic of words: no Django here."""
