"""What a search is narrowed to, in the terms of the index: kinds, themes, places, dates; and the point it looks from.

Themes and places are words of the same set as the scopes (`expressions.scopes_of`), so that each database narrows with the
index it searches with. They begin with a digit, as no stem does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from maillage.search.queries.expressions import Condition

YEAR = timedelta(days=365)


class When(TextChoices):
    """Parts of time; what has no date is in none."""

    COMING = "avenir", _("À venir")
    RECENT = "annee", _("Depuis un an")
    PAST = "passe", _("Plus ancien")

    def days(self, today: date) -> tuple[date, date]:
        """The first day and the last."""
        return {
            When.COMING: (today, date.max),
            When.RECENT: (today - YEAR, today - timedelta(days=1)),
            When.PAST: (date.min, today - YEAR - timedelta(days=1)),
        }[self]


def when(on: date | None, today: date) -> str:
    """The part of time of a day; "" for none."""
    if on is None:
        return ""
    return next(part.value for part in When if part.days(today)[0] <= on <= part.days(today)[1])


@dataclass(frozen=True, slots=True)
class Place:
    """Where one looks from, in degrees, and the code of its département: of very many, those there are looked at first."""

    latitude: float
    longitude: float
    department: str = ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Values within a field add up (or), fields narrow each other (and). `themes`: ids of terms; `departments`, `places`
    (communes and intercommunalités): codes; `near` excludes nothing."""

    kinds: tuple[str, ...] = ()
    themes: tuple[int, ...] = ()
    departments: tuple[str, ...] = ()
    when: tuple[When, ...] = ()
    places: tuple[str, ...] = ()
    near: Place | None = None

    @property
    def base(self) -> "Narrowing":
        """What is not counted by a facet."""
        return Narrowing(places=self.places, near=self.near)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Sets of which a document is in one of each."""
        fields = (theme_sets(self.themes), place_sets(self.departments), place_sets(self.places))
        return tuple(frozenset(each) for each in fields if each)


EVERYTHING = Narrowing()


def theme_sets(ids: Iterable[int]) -> list[str]:
    return [f"0t{pk}" for pk in ids]


def place_sets(codes: Iterable[str]) -> list[str]:
    """A commune has five characters, an intercommunalité nine, a département two or three."""
    return [f"0p{code.lower()}" for code in codes if code.isascii() and code.isalnum() and len(code) <= 9]
