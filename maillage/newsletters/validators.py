"""What a line of a letter may hold."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.core.text import legible


def validate_line(text: str) -> None:
    """One line of what people see: a break would forge a header of the message."""
    if "\r" in text or "\n" in text or legible(text) != text:
        raise ValidationError(_("Écrivez sur une seule ligne, sans caractère invisible."), code="line")
