"""Verbs of the territories: load what is shipped, import official files, fetch them."""

from maillage.territories.actions.loading import load_shipped

__all__ = ["load_shipped"]
