"""Fields of the actors' forms: identifiers, terms of the network, coordinates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.text import folded, legible
from maillage.directory.models import Actor
from maillage.directory.validators import compact
from maillage.topics.models import Term

phone_validator = RegexValidator(
    r"^[+0-9][0-9 .()\-]{5,28}$", gettext_lazy("Un numéro s'écrit comme 04 67 00 00 00 ou +33 4 67 00 00 00.")
)


class NameField(forms.CharField):
    """The name of an actor: what nobody sees is no name (the rest of a record is made legible when it is written)."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(legible(value) if isinstance(value, str) else value)


class IdentifierField(forms.CharField):
    """Spaces, dots and hyphens typed for reading are dropped before the check."""

    def to_python(self, value: Any) -> str:
        return compact(super().to_python(value))


class TermField(forms.TypedChoiceField):
    """One term among a list already read; cleaned to a Term or None."""

    def __init__(self, terms: list[Term], *, empty: Any = "—", **kwargs: Any) -> None:
        self.terms = {term.pk: term for term in terms}
        choices = [("", empty), *((term.pk, term.label) for term in terms)]
        super().__init__(
            choices=choices, coerce=lambda pk: self.terms[int(pk)], empty_value=None, required=False, **kwargs
        )


class ActorNameField(forms.CharField):
    """Another actor of the network by its exact name."""

    def __init__(self, *, among: Any, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, **kwargs)
        self.among = among

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Actor) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = list(self.among.filter(name_key=folded(typed))[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("Plusieurs acteurs portent ce nom : précisez-le d'abord sur leur fiche."))
        raise ValidationError(_("Aucun acteur du réseau ne porte exactement ce nom."))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "").strip()


class CoordinateField(forms.FloatField):
    """A coordinate in degrees, with a comma or a point."""

    def __init__(self, limit: int, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, min_value=-limit, max_value=limit, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",") if isinstance(value, float) else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".").strip() if isinstance(value, str) else value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "").strip().replace(".", ",")
