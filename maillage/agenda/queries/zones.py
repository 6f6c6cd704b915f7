"""The clock of a place as calendars carry it: a VTIMEZONE with every change of clock of the years asked for.

Each change is told by itself, at the hour shown before it (RFC 5545, 3.6.5): readers that know no rule, and those that take
the file's word rather than their own tables, find the same moments.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_STEP = timedelta(days=7)  # No clock changes twice in a week.


@lru_cache(maxsize=64)
def vtimezone(key: str, first_year: int, last_year: int) -> bytes:
    """That of `key` for dates of these years, both included."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    zone = ZoneInfo(key)
    made = Timezone()
    made.add("tzid", key)
    start, end = datetime(first_year - 1, 12, 1, tzinfo=UTC), datetime(last_year + 1, 2, 1, tzinfo=UTC)
    for at, before in [(start, _offset(start, zone)), *changes(zone, start, end)]:
        local = at.astimezone(zone)
        part = TimezoneDaylight() if local.dst() else TimezoneStandard()
        part.add("dtstart", (at + before).replace(tzinfo=None))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", _offset(at, zone))
        part.add("tzname", local.tzname() or key)
        made.add_component(part)
    return bytes(made.to_ical())


def changes(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, timedelta]]:
    """(moment, what the clock was ahead of UTC before it) of each change of clock in [start, end[, to the second."""
    found = []
    at = start
    while at < end:
        after = min(at + _STEP, end)
        before = _offset(at, zone)
        if _offset(after, zone) != before:
            low, high = at, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
            found.append((high, before))
        at = after
    return found


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
