"""An event in words: its place, its dates."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from maillage.agenda.enums import Attendance
from maillage.agenda.models import Event, Timing
from maillage.core.dates import date_format

PARIS = ZoneInfo("Europe/Paris")


def place_of(event: Event) -> str:
    """« Médiathèque de Cahors, Cahors », « en ligne », or "" when nobody told."""
    if event.attendance == Attendance.ONLINE:
        return _("en ligne")
    commune = event.commune.name if event.commune is not None else ""
    name = event.place_name or (event.venue.name if event.venue is not None else "")
    return ", ".join(filter(None, [name, commune if commune not in name else ""])) or commune


def hour(at: datetime) -> str:
    """« 14 h », « 14 h 30 », in one piece."""
    text = date_format(at, r"G\ \h") if at.minute == 0 else date_format(at, r"G\ \h\ i")
    return text.replace(" ", "\u00a0")


def day_in_words(at: datetime, *, year: bool = True) -> str:
    return date_format(at, "l j F Y" if year else "l j F")


def timing_in_words(timing: Timing, zone: ZoneInfo) -> str:
    """« mardi 3 mars 2026, de 14 h à 16 h »; the zone is said where it is not that of the mainland."""
    starts, ends = timing.starts_at.astimezone(zone), timing.ends_at.astimezone(zone)
    last = ends - timedelta(microseconds=1)
    if timing.all_day:
        if starts.date() == last.date():
            return day_in_words(starts)
        return _("du %(first)s au %(last)s") % {"first": day_in_words(starts), "last": day_in_words(last)}
    # One that ends in the small hours is of its evening.
    if starts.date() == last.date() or ends - starts < timedelta(hours=12):
        text = _("%(day)s, de %(starts)s à %(ends)s")
    else:
        text = _("du %(day)s à %(starts)s au %(last)s à %(ends)s")
    return text % {
        "day": day_in_words(starts),
        "starts": hour(starts),
        "last": day_in_words(ends),
        "ends": hour(ends),
    } + zone_in_words(zone)


def zone_in_words(zone: ZoneInfo) -> str:
    return "" if zone.key == PARIS.key else " " + _("(heure locale)")
