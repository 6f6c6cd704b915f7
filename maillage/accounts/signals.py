"""What the accounts tell: `activity` turns it into notices, upper apps clean what they hold of an erased person."""

from django.dispatch import Signal

invited = Signal()
"""invitation, by: sent inside the transaction of an invitation made or renewed."""

invitation_accepted = Signal()
"""invitation, by: the inviter may be told."""

erasing = Signal()
"""user, by, asked: inside the transaction of an erasure, before anything of the person is gone. `asked` is false when
nobody asked for it (an account that nobody opened): what the network holds on its own ground then stays."""

erased = Signal()
"""user, former_name: inside the transaction of an erasure, after the declared policies ran."""

merging = Signal()
"""kept, gone, by: inside the transaction that makes two accounts one, before anything moves; both rows are locked."""

absent = Signal()
"""absence, network, last: someone is told, for the first or the last time, that their account will be erased."""

absences_minded = Signal()
"""network, warned, erased: what a night did in a network, for its administrators."""

suppressed = Signal()
"""email: its owner asked that it be recorded nowhere; upper apps empty what they keep of it."""
