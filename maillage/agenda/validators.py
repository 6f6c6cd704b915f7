"""What the columns of the agenda accept, without its own lists."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_DAYS = 1100  # Of one date: three years.


def validate_zone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (ValueError, OSError) as error:
        raise ValidationError(_("Fuseau horaire inconnu."), code="zone") from error


def validate_weekdays(value: Any) -> None:
    if not (isinstance(value, list) and value and set(value) <= set(range(7)) and len(set(value)) == len(value)):
        raise ValidationError(_("Choisissez au moins un jour de la semaine."), code="weekdays")
