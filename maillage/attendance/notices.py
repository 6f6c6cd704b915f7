"""The last word before a message leaves the queue: what it says may be true no more."""

from maillage.attendance.actions.telling import PREFIX
from maillage.attendance.enums import State
from maillage.attendance.models import Registration
from maillage.core import mail
from maillage.core.text import whole_number

_ONLY_WHILE = {
    "confirm": (State.PENDING, State.ASKED),
    "offer": (State.OFFERED,),
    "reminder": (State.CONFIRMED,),
}


def still_true(rest: str) -> bool:
    """`rest`: the key of a registration, then what is told of it. One whose person was forgotten is written to no more."""
    key, _colon, what = rest.partition(":")
    if what == "deleted":
        return True
    found = Registration.objects.filter(pk=whole_number(key) or 0).exclude(email="").first()
    return found is not None and (what not in _ONLY_WHILE or found.state in _ONLY_WHILE[what])


mail.ask_before_leaving(PREFIX, still_true)
