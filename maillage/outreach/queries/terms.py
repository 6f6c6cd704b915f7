"""Lengths of time: as settings give them, as people read them."""

from datetime import timedelta

from django.utils.translation import gettext as _


def months(count: int) -> timedelta:
    """Months of a delay, where a day more or less does not matter."""
    return timedelta(days=count * 365 // 12)


def spent(minutes: int) -> str:
    """« 45 min », « 3 h 20 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(count)s min") % {"count": rest}
    return _("%(hours)s h %(rest)02d") % {"hours": hours, "rest": rest} if rest else _("%(hours)s h") % {"hours": hours}
