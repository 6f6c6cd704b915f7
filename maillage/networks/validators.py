"""What a network's values must look like."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from maillage.core.text import legible

validate_colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Une couleur s'écrit comme #1a73e8."))
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def validate_host(value: str) -> None:
    """A bare host name, without scheme, port or path; forms and actions write it in lower case."""
    if len(value) > 200 or not _HOST.fullmatch(value.lower()):
        raise ValidationError(_("Un nom d'hôte s'écrit comme reseau.exemple.fr, sans http:// ni port."))


def validate_one_line(value: str) -> None:
    """No line break: the value goes into the headers of messages. Nothing unseen: it stands for a person or a network."""
    if re.search(r"[\r\n\0]", value):
        raise ValidationError(_("Ce texte tient sur une seule ligne."))
    if legible(value) != value:
        raise ValidationError(_("Ce texte contient des caractères invisibles : saisissez-le de nouveau au clavier."))
