"""What the stock and the hours of lenders tell those above, inside the transaction of the act, its network held."""

from django.dispatch import Signal

stock_changed = Signal()
"""resource: copies of it may be lent that were not, or may be promised no more."""

reopened = Signal()
"""network, actor: a lender is open, or may be, when it was not."""
