"""Verbs of the territories: load what is shipped, import official files, fetch them."""

from maillage.territories.actions.fetching import fetch_territories
from maillage.territories.actions.importing import Imported, import_territories
from maillage.territories.actions.loading import Loaded, load_shipped

__all__ = ["Imported", "Loaded", "fetch_territories", "import_territories", "load_shipped"]
