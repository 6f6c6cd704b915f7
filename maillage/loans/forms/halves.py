"""A day and its half, in two boxes that every browser and screen reader knows."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from maillage.catalogue.queries.halves import day_of, half_of, is_afternoon

MORNING, AFTERNOON = "matin", "apres-midi"
HALVES = [(MORNING, gettext_lazy("matin")), (AFTERNOON, gettext_lazy("après-midi"))]


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def half_field(label: Any, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=HALVES, initial=initial)


def half_in(day: date, half: str) -> int:
    return half_of(day, afternoon=half == AFTERNOON)


def boxes_of(first: int, last: int) -> dict[str, str]:
    """Two half-days as the form's boxes hold them."""
    return {
        "first_on": day_of(first).isoformat(),
        "first_half": AFTERNOON if is_afternoon(first) else MORNING,
        "last_on": day_of(last).isoformat(),
        "last_half": AFTERNOON if is_afternoon(last) else MORNING,
    }


class SpanForm(forms.Form):
    """From a half-day to another."""

    first_on = day_field(gettext_lazy("Du"))
    first_half = half_field(gettext_lazy("Départ"), MORNING)
    last_on = day_field(gettext_lazy("Au"))
    last_half = half_field(gettext_lazy("Retour"), AFTERNOON)

    def clean_first_on(self) -> date:
        return _possible(self.cleaned_data["first_on"])

    def clean_last_on(self) -> date:
        return _possible(self.cleaned_data["last_on"])

    @property
    def first(self) -> int:
        return half_in(self.cleaned_data["first_on"], self.cleaned_data["first_half"])

    @property
    def last(self) -> int:
        return half_in(self.cleaned_data["last_on"], self.cleaned_data["last_half"])


def _possible(day: date) -> date:
    """Years of four digits that arithmetic on days stands."""
    if not 2000 <= day.year <= 2200:
        raise forms.ValidationError(gettext_lazy("Vérifiez l'année."), code="year")
    return day
