"""What the lists kept in a season hold."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_weekdays(value: Any) -> None:
    """Days of the week, 0 for Monday."""
    if not isinstance(value, list) or not value or set(value) - set(range(7)) or len(set(value)) != len(value):
        raise ValidationError(_("Choisissez au moins un jour de la semaine."), code="weekdays")


def validate_closures(value: Any) -> None:
    """Pairs of ISO dates, first and last included."""
    try:
        held = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in value]
    except (TypeError, ValueError):
        raise ValidationError(_("Ces périodes ne sont pas lisibles."), code="closures") from None
    if any(last < first for first, last in held):
        raise ValidationError(_("Une période finit avant de commencer."), code="closures")
