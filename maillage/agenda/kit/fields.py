"""Fields lent to the apps above: days and hours as people type them."""

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from maillage.agenda.queries.calendar import YEARS

DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y"]
_HOUR = re.compile(r"^(\d{1,2})\s*(?:[:hH.]\s*(\d{1,2})?)?(?::\d{2})?$")


class DayField(forms.DateField):
    """The browser's own calendar, or jj/mm/aaaa typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        kwargs.setdefault("error_messages", {"invalid": gettext_lazy("Écrivez le jour ainsi : 03/12/2026.")})
        super().__init__(input_formats=DAYS, widget=widget, **kwargs)

    def to_python(self, value: Any) -> date | None:
        """A day of a year that an agenda may speak of: at the edges of the calendar no moment can be told."""
        day = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class HourField(forms.TimeField):
    """The browser's own clock, or « 14h30 », « 14 h », « 14:30 » typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        kwargs.setdefault("error_messages", {"invalid": gettext_lazy("Écrivez l'heure ainsi : 14:30 ou 14h30.")})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> time | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        found = _HOUR.match(value.strip())
        hour, minute = (int(part or 0) for part in found.groups()) if found else (99, 0)
        if hour > 23 or minute > 59:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return time(hour, minute)
