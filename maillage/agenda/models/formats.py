"""What the columns of the agenda that hold lists accept."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from maillage.agenda.enums import BookingBy, BookingFor

MOST_BOOKINGS = 10
LONGEST_VALUE = 500


def validate_bookings(value: Any) -> None:
    if not isinstance(value, list) or len(value) > MOST_BOOKINGS:
        raise ValidationError(_("Dix moyens de s'inscrire au plus."), code="bookings")
    for each in value:
        if (
            not isinstance(each, dict)
            or set(each) != {"for", "by", "value"}
            or each["for"] not in BookingFor.values
            or each["by"] not in BookingBy.values
            or not isinstance(each["value"], str)
            or not 0 < len(each["value"]) <= LONGEST_VALUE
        ):
            raise ValidationError(_("Moyen de s'inscrire mal écrit."), code="bookings")
        if each["by"] == BookingBy.LINK:
            URLValidator(["http", "https"])(each["value"])
        elif each["by"] == BookingBy.EMAIL:
            validate_email(each["value"])
