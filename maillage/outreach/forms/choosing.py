"""The form field of an elected official: proposals as one types, and the typed text read by the server."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.proposals import ProposalInput
from maillage.core.text import whole_number
from maillage.core.viewer import Viewer
from maillage.outreach.models import Official
from maillage.outreach.queries.officials import detail_of, named_so, shown_official

_CHOICES = 10


class OfficialInput(ProposalInput):
    url = reverse_lazy("outreach:official_options")
    question = gettext_lazy("Quelle personne ?")

    def options(self) -> Iterator[tuple[str, str, str]]:
        return ((str(each.pk), shown_official(each), detail_of(each)) for each in self.proposals)


class OfficialField(forms.Field):
    """Chosen among proposals or named in words; cleaned to an `Official` (with mandates) or None."""

    widget = OfficialInput

    def __init__(self, *, viewer: Viewer, **kwargs: Any) -> None:
        self.viewer = viewer
        kwargs.setdefault("help_text", gettext_lazy("Tapez les premières lettres de son nom, ou de sa commune."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return (str(value.pk), shown_official(value)) if isinstance(value, Official) else value

    def clean(self, value: Any) -> Official | None:
        key, text = value if isinstance(value, tuple) else ("", "")
        if (pk := whole_number(key)) is not None:
            chosen = Official.objects.visible_to(self.viewer).with_mandates().filter(pk=pk).first()
            # A text changed after the choice, without JavaScript to undo it, speaks louder than the choice.
            if chosen is not None and (not text or text in {shown_official(chosen), str(chosen)}):
                return chosen
        if not text:
            if self.required:
                raise ValidationError(_("Choisissez une personne de la liste."), code="required")
            return None
        found = named_so(text[:200], self.viewer, limit=_CHOICES)
        exact = [each for each in found if text in {str(each), shown_official(each)}]
        if len(exact) == 1 or len(found) == 1:
            return (exact if len(exact) == 1 else found)[0]
        if not found:
            sentence = _("Aucun élu ni aucune élue ne correspond à « %(text)s ».")
            raise ValidationError(sentence, code="unknown", params={"text": text[:80]})
        self.widget.proposals = found
        raise ValidationError(_("Plusieurs personnes correspondent : choisissez la bonne."), code="ambiguous")

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial) or ("", "")
        return bool(tuple(before) != tuple(data or ("", "")))
