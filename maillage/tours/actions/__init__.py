"""What may be done with tours; see the modules for the order that matters."""

from maillage.tours.actions import minding  # noqa: F401 (a task of every day)
from maillage.tours.actions.canvassing import ask_canvass
from maillage.tours.actions.planning import ask_plan, fix_stop, move_stop
from maillage.tours.actions.preparing import ask, change_state, create_season, edit_season, judge, withdraw

__all__ = [
    "ask",
    "ask_canvass",
    "ask_plan",
    "change_state",
    "create_season",
    "edit_season",
    "fix_stop",
    "judge",
    "move_stop",
    "withdraw",
]
