"""What the plumbing tells the apps above."""

from django.dispatch import Signal

# An archive was just put back: rebuild what is derived, do again the erasures made since.
restored = Signal()
