"""Dates as files write them, understood: lists of moments, beginnings and ends, French sentences. Times come out by the clock
of the place."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from maillage.agenda.queries.calendar import YEARS, Rule, Schedule, Slot, moment
from maillage.core.text import unaccent
from maillage.exchange.queries.parsing import Misread

UNSAID = timedelta(hours=1)  # How long something lasts when nobody told.
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:\s?Z|\+\d{2}:?\d{2}|-\d{2}:\d{2}|-\d{4}(?![-\d]))?)?(?!\d)"
)
_TURNED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\D{1,4}(\d{1,2})[h:](\d{2})?)?")
_SEGMENT = re.compile(
    r"\b(?:le\s+(\d{1,2}/\d{1,2}/\d{4})|du\s+(\d{1,2}/\d{1,2}/\d{4})\s+au\s+(\d{1,2}/\d{1,2}/\d{4}))\s*-?",
    re.IGNORECASE,
)
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_HOUR = r"(\d{1,2})\s?(?:h|:)\s?(\d{2})?(?!\d)"
_RANGE = re.compile(rf"(?:de\s+)?{_HOUR}\s*(?:a|-|–)?\s*{_HOUR}")
_SINGLE = re.compile(_HOUR)
_DAY_RANGE = re.compile(rf"\b(?:du|de)\s+({'|'.join(_DAYS)})s?\s+au\s+({'|'.join(_DAYS)})s?")
_DAY_NAME = re.compile(rf"\b({'|'.join(_DAYS)})s?\b")
_UNSURE = re.compile(
    r"\b(?:sauf|ferme|selon|voir|variable|nocturne|jusqu|vacance|ferie|annule|partir|reserve|at|las|exposition|concert)",
)
_CLAUSE = re.compile(r"[.;\n]|,(?=\s*(?:du|de|les?|" + "|".join(_DAYS) + r")\b)")

Told = tuple[datetime, datetime, bool]  # Beginning, end, whole days: by the clock of the place, naive.


def pairs(text: str) -> list[tuple[str, str]]:
    """Beginnings and ends, as texts, of a JSON list of objects or of any text in which they follow one another."""
    text = text.strip()
    if text[:1] in ("[", "{"):
        try:
            told = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Misread(_("Cette liste de dates est mal écrite.")) from error
        told = told.get("timing", [told]) if isinstance(told, dict) else told
        rows = [each for each in (told if isinstance(told, list) else [told]) if isinstance(each, Mapping)]
        return [(str(each.get("begin", each.get("start", ""))), str(each.get("end", ""))) for each in rows]
    found = _ISO.findall(text)
    return list(zip(found[::2], [*found[1::2], ""], strict=False))


def at(text: str, zone: ZoneInfo) -> tuple[datetime, bool]:
    """A moment by the clock of `zone`, and whether it is a day alone."""
    text = text.strip().replace(" Z", "Z")
    if turned := _TURNED.fullmatch(text):
        day, month, year, hour, minute = turned.groups()
        try:
            clock = time(int(hour or 0), int(minute or 0))
            return datetime.combine(_day(int(year), int(month), int(day)), clock), hour is None
        except ValueError as error:
            raise Misread(_("« %s » n'est pas une date.") % text[:40]) from error
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            found = found.astimezone(zone)
        found = found.replace(tzinfo=None, fold=0)
        if found.year not in YEARS:
            raise OverflowError
        if len(text) > len("2026-01-01"):  # What the change of clocks takes away is read as it will be kept.
            found = moment(found, zone).astimezone(zone).replace(tzinfo=None, fold=0)
    except (ValueError, OverflowError) as error:
        raise Misread(_("« %s » n'est pas une date, comme 2026-03-03T14:00.") % text[:40]) from error
    return found, len(text) <= len("2026-01-01")


def told(begin: str, end: str, zone: ZoneInfo) -> tuple[Told, bool]:
    """A date, and whether its end had to be guessed. `Misread` when it ends before it begins."""
    starts, whole = at(begin, zone)
    ends, whole_end = at(end, zone) if end.strip() else (starts, whole)
    guessed = False
    if whole or (whole_end and ends.date() == starts.date()):
        if whole_end or whole:
            ends = datetime.combine(ends.date(), time())
        if not whole:
            return (starts, starts + UNSAID, False), True
        if ends < starts:
            raise _backwards(begin, end)
        return (datetime.combine(starts.date(), time()), ends, True), False
    if ends < starts:
        raise _backwards(begin, end)
    if ends == starts:
        ends, guessed = starts + UNSAID, True
    return (starts, ends, False), guessed


def _backwards(begin: str, end: str) -> Misread:
    return Misread(_("La fin (%(end)s) vient avant le début (%(begin)s).") % {"begin": begin[:25], "end": end[:25]})


def slots(told_dates: Iterable[Told]) -> tuple[Slot, ...]:
    """In order, once each. A last second of an hour is the hour: the pieces into which some formats cut what lasts for days are
    one again, and from midnight to midnight is whole days."""
    found: list[Told] = []
    cut = False
    for starts, ends, whole in sorted(set(told_dates)):
        if found and cut and not whole and starts - found[-1][1] <= timedelta(seconds=1):
            found[-1] = (found[-1][0], max(ends, found[-1][1]), False)
        else:
            found.append((starts, ends, whole))
        cut = not whole and ends.second == _LAST
    return tuple(_slot(*each) for each in found)


_LAST = 59


def _slot(starts: datetime, ends: datetime, whole: bool) -> Slot:
    if not whole:
        if ends.second == _LAST and ends.minute == _LAST:
            ends += timedelta(seconds=1)
        starts, ends = starts.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
        if ends > starts and starts.time() == ends.time() == time():
            return Slot(starts, ends - timedelta(days=1), True)
        return Slot(starts, max(ends, starts + timedelta(minutes=1)))
    return Slot(starts, ends, True)


def from_days(begin: str, end: str, zone: ZoneInfo) -> tuple[Told, bool]:
    """A beginning and an end in two columns: further apart than a day, they are the first and the last of several days, whose
    hours are not known."""
    found, guessed = told(begin, end, zone)
    starts, ends, whole = found
    if whole or ends - starts <= timedelta(hours=24):
        return found, guessed
    return (datetime.combine(starts.date(), time()), datetime.combine(ends.date(), time()), True), False


# --- French sentences -----------------------------------------------------------------------------------------------------


def in_words(text: str) -> tuple[Schedule, bool] | None:
    """« Le 27/09/2020 - A 16h. Du 01/10/2020 au 30/10/2020 - Du mardi au samedi de 10h à 18h. »: the dates, and whether something
    of the hours was not understood (the days are then whole); None when no day is told."""
    marks = list(_SEGMENT.finditer(text))
    found: list[Slot] = []
    rules: list[Rule] = []
    unsure = False
    for mark, following in pairwise([*marks, None]):
        if mark is None:
            break
        words = text[mark.end() : following.start() if following is not None else len(text)]
        first, last = (_turned_day(mark[1]),) * 2 if mark[1] else (_turned_day(mark[2]), _turned_day(mark[3]))
        if last < first:
            raise Misread(_("La fin (%(end)s) vient avant le début (%(begin)s).") % {"begin": mark[2], "end": mark[3]})
        understood = _hours(words)
        if understood is None:
            unsure = unsure or bool(words.strip(" .-\n"))
            found.append(Slot(datetime.combine(first, time()), datetime.combine(last, time()), True))
        elif first == last:
            found += [_on(first, *span) for _days, spans in understood for span in spans]
        else:
            for days, spans in understood:
                inside = {(first + timedelta(days=n)).weekday() for n in range(min(7, (last - first).days + 1))}
                if kept := tuple(day for day in days if day in inside):
                    rules += [Rule(kept, begins, ends, first, last) for begins, ends in spans]
    if not marks:
        return None
    return Schedule(tuple(dict.fromkeys(found)), tuple(dict.fromkeys(rules))), unsure


def _on(day: date, begins: time, ends: time) -> Slot:
    starts, stops = datetime.combine(day, begins), datetime.combine(day, ends)
    return Slot(starts, stops if stops > starts else stops + timedelta(days=1))


def _day(year: int, month: int, day: int) -> date:
    """ValueError beyond the years of which an agenda may speak."""
    if year not in YEARS:
        raise ValueError(year)
    return date(year, month, day)


def _turned_day(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    try:
        return _day(year, month, day)
    except ValueError as error:
        raise Misread(_("« %s » n'est pas une date.") % text) from error


def _hours(text: str) -> list[tuple[tuple[int, ...], list[tuple[time, time]]]] | None:
    """Days of the week with their hours, of one sentence; None when it says more than that."""
    plain = unaccent(text).lower().replace("’", "'")
    if not _SINGLE.search(plain) or _UNSURE.search(plain):
        return None
    found = []
    for clause in _CLAUSE.split(plain):
        spans = _spans(clause)
        if spans is None:
            return None
        days = _weekdays(clause)
        if not spans and days:
            return None
        if spans:
            found.append((days or tuple(range(7)), spans))
    return found or None


def _weekdays(clause: str) -> tuple[int, ...]:
    found: set[int] = set()
    for mark in _DAY_RANGE.finditer(clause):
        first, last = _DAYS.index(mark[1]), _DAYS.index(mark[2])
        found |= {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
    found |= {_DAYS.index(mark[1]) for mark in _DAY_NAME.finditer(_DAY_RANGE.sub("", clause))}
    return tuple(sorted(found))


def _spans(clause: str) -> list[tuple[time, time]] | None:
    spans = []
    try:
        for mark in _RANGE.finditer(clause):
            begins, ends = time(int(mark[1]), int(mark[2] or 0)), time(int(mark[3]) % 24, int(mark[4] or 0))
            spans.append((begins, ends))
        for mark in _SINGLE.finditer(_RANGE.sub(" ", clause)):
            begins = time(int(mark[1]), int(mark[2] or 0))
            spans.append((begins, (datetime.combine(date(2000, 1, 1), begins) + UNSAID).time()))
    except ValueError:
        return None
    return list(dict.fromkeys(spans))
