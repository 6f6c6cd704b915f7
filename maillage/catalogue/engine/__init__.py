"""Arithmetic of half-days and of copies, without a database."""
