"""Acts on accounts go to the journal without outdating the public pages, which show no account."""

from functools import partial

from maillage.networks.signals import tell_act as tell_any_act

tell_act = partial(tell_any_act, touch=False)
