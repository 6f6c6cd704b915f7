"""The public holidays of France: the eleven of article L3133-1 of the Code du travail. Those of Alsace, Moselle and overseas alone are
not among them: a lender there announces a closure."""

from datetime import date, timedelta
from functools import lru_cache

_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday.


def easter(year: int) -> date:
    """Sunday, in the Gregorian calendar: the anonymous algorithm published in Nature (20 April 1876), as given by J. Meeus,
    Astronomical Algorithms, chapter 8."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    fourth, left = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * fourth - epact - left) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    sunday = easter(year)
    fixed = {date(year, month, day) for month, day in _FIXED}
    return frozenset(fixed | {sunday + timedelta(days=after) for after in _AFTER_EASTER})


def is_holiday(day: date) -> bool:
    return day in public_holidays(day.year)
