"""Half-days as people say them."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.catalogue.queries.halves import day_of, half_at, is_afternoon
from maillage.core.dates import date_format


def half_now(at: datetime | None = None) -> int:
    return half_at(at or timezone.now(), timezone.get_current_timezone())


def half_said(half: int, *, form: str = "l j F Y") -> str:
    """« mardi 3 mars 2026, matin »."""
    part = _("après-midi") if is_afternoon(half) else _("matin")
    return _("%(day)s, %(part)s") % {"day": date_format(day_of(half), form), "part": part}


def span_said(first: int, last: int, *, form: str = "l j F Y") -> str:
    """« du mardi 3 mars 2026, matin au jeudi 5 mars 2026, après-midi »."""
    return _("du %(first)s au %(last)s") % {"first": half_said(first, form=form), "last": half_said(last, form=form)}


def days_said(first: int, last: int) -> str:
    """« 3 – 5 mars 2026 », short, for tables."""
    begins, ends = day_of(first), day_of(last)
    if begins == ends:
        return date_format(begins, "j F Y")
    return f"{date_format(begins, _short(begins, ends))} – {date_format(ends, 'j F Y')}"


def _short(begins: date, ends: date) -> str:
    if begins.year != ends.year:
        return "j F Y"
    return "j F" if begins.month != ends.month else "j"
