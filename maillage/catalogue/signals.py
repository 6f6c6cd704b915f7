"""What the stock and the hours of lenders tell those above, inside the transaction of the act, its network held."""

from django.dispatch import Signal

stock_changed = Signal()
"""resource: copies of it may be lent that were not, or may be promised no more."""

withdrawn = Signal()
"""resource: a copy of it came back unfit, or did not come back; the loans that stand on it are seen to."""

reopened = Signal()
"""network, actor: a lender is open, or may be, when it was not."""
