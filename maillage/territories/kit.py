"""Pieces lent to upper apps: the form field of a commune."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.proposals import ProposalInput
from maillage.territories.models import Territory
from maillage.territories.queries import FoundCommune, find_communes

_SURE = 95  # A proposal scored so, alone at its height, is taken without asking.
_CHOICES = 10


def shown_commune(commune: Territory) -> str:
    """How a commune is written in a field: read back, it means that commune and no other."""
    return f"{commune.name} ({commune.code})"


class CommuneInput(ProposalInput):
    """The key is the INSEE code; a code alone is shown by the name of its commune."""

    url = reverse_lazy("territories:commune_options")
    question = gettext_lazy("Quelle commune ?")
    longest = 120
    proposals: list[FoundCommune]

    def options(self) -> Iterator[tuple[str, str, str]]:
        return ((found.commune.code, found.label, found.detail) for found in self.proposals)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        code, text = value if isinstance(value, tuple) else (value or "", "")
        if code and not text:
            commune = Territory.objects.communes().filter(code=code).first()
            text = shown_commune(commune) if commune else code
        return super().get_context(name, (code, text), attrs)


class CommuneField(forms.Field):
    """A commune (`Territory`) chosen among proposals or resolved from what was typed.

    `within` gives the keys of the départements where the commune is expected: its namesakes elsewhere give way.
    """

    widget = CommuneInput

    def __init__(self, *, within: Callable[[], Collection[int]] | None = None, **kwargs: Any) -> None:
        self.within = within
        kwargs.setdefault("label", gettext_lazy("Commune"))
        kwargs.setdefault("help_text", gettext_lazy("Nom ou code postal, par exemple « Sète » ou « 34200 »."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Territory):
            return (value.code, shown_commune(value))
        if isinstance(value, int):
            code = Territory.objects.communes().filter(pk=value).values_list("code", flat=True).first()
            return (code or "", "")
        return value

    def clean(self, value: Any) -> Territory | None:
        code, text = value if isinstance(value, tuple) else (str(value or "").strip(), "")
        if code:
            chosen = Territory.objects.communes().select_related("department").filter(code=code[:9]).first()
            # A text changed after the choice, without JavaScript to undo it, speaks louder than the choice.
            if chosen is not None and (not text or text in {shown_commune(chosen), chosen.name}):
                return chosen
            if chosen is not None and any(found.commune == chosen for found in find_communes(text, limit=_CHOICES)):
                return chosen
        if not text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return self._resolved(text)

    def _resolved(self, text: str) -> Territory:
        found = find_communes(text, limit=_CHOICES)
        sure = [each for each in found if each.score >= _SURE]
        if self.within is not None and len(found) > 1:
            expected = self.within()
            found.sort(key=lambda each: each.commune.department_id not in expected)
            sure = [each for each in sure if each.commune.department_id in expected] or sure
            found = sure or found
        if len(sure) == 1:
            return sure[0].commune
        if len(found) == 1:
            return found[0].commune
        if not found:
            sentence = _("Aucune commune ne correspond à « %(text)s ». Vérifiez le nom ou le code postal.")
            raise ValidationError(sentence, code="unknown", params={"text": text[:80]})
        self.widget.proposals = found
        raise ValidationError(_("Plusieurs communes correspondent : choisissez la vôtre."), code="ambiguous")

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial)
        code = before[0] if isinstance(before, tuple) else str(before or "")
        after, text = data if isinstance(data, tuple) else (str(data or ""), "")
        return code != after or bool(text and not after)
