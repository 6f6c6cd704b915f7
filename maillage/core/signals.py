"""What the plumbing tells the apps above."""

from django.dispatch import Signal

restoring = Signal()
"""The present database is about to be replaced: write outside of it what must outlive it."""

restored = Signal()
"""An archive was just put back: do again the erasures made since. A receiver may return a sentence for the operator."""

address_refused = Signal()
"""A mail server refused for good to deliver to an address (`address`): at once, or in a message that came back. `reference` is that
of what was written (see `core.mail`), `detail` what the server said."""

mail_left = Signal()
"""The mail server took a message that had a `reference`."""
