"""Reads of the loans."""
