"""What the agenda tells the apps above."""

from django.dispatch import Signal

changed = Signal()
"""keys: the events that an act, an import or a night just changed, inside its transaction, once all is written. Dates may have moved or
gone, the status or the state too."""
