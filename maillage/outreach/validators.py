"""The tiny language of campaigns: a closed list of names between braces, filled as plain words; and what is never told."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Name between braces → what stands there.
PLACEHOLDERS = {
    "acteur": gettext_lazy("le nom de l'acteur"),
    "commune": gettext_lazy("sa commune"),
    "pourquoi": gettext_lazy("la phrase de son approche : pourquoi nous pensons qu'il en est"),
    "contact": gettext_lazy("la personne de l'équipe qui suit l'approche"),
}
NAMED = re.compile(r"\{([^{}\n]{0,60})\}")
_CIRCLE = re.compile(
    r"\bcercles?\s+(?:n\s?[°o]\s?)?[123]\b|\b(?:premier|deuxième|second|troisième|1er|2e|3e)\s+cercle\b", re.IGNORECASE
)


def validate_untold(text: str) -> None:
    """The circle is the network's own: no word that an actor may read says it."""
    if _CIRCLE.search(text):
        raise ValidationError(
            _("Le cercle d'un acteur est interne au réseau : ne l'écrivez pas à un acteur."), code="circle"
        )


def validate_letter(text: str) -> None:
    """Names of the closed list alone, and no brace besides."""
    for name in NAMED.findall(text):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise ValidationError(
                _("« {%(name)s} » n'existe pas : les mots entre accolades sont %(known)s."),
                code="placeholder",
                params={"name": name, "known": known},
            )
    if set(NAMED.sub("", text)) & {"{", "}"}:
        raise ValidationError(_("Une accolade est seule : écrivez par exemple {acteur}."), code="brace")
    validate_untold(text)


def validate_subject(text: str) -> None:
    if "\n" in text or "\r" in text:
        raise ValidationError(_("L'objet tient sur une ligne."), code="lines")
    validate_letter(text)


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with its names replaced; a paragraph whose only words were an empty name goes with it."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    filled = [NAMED.sub(lambda found: values.get(found[1], ""), paragraph).strip() for paragraph in paragraphs]
    return "\n\n".join(paragraph for paragraph in filled if paragraph)
