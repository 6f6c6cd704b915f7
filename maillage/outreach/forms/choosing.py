"""The form field of an elected official: proposals as one types, and the typed text read by the server."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.kit.choosing import ActorInput
from maillage.outreach.models import Official
from maillage.outreach.queries.officials import detail_of, named_so, shown_official

_CHOICES = 10


class OfficialInput(ActorInput):
    template_name = "outreach/widgets/official.html"
    url = reverse_lazy("outreach:official_options")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.found: list[Official] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["proposals"] = [(each, shown_official(each), detail_of(each)) for each in self.found]
        return context


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
        if key.isdecimal() and len(key) < 19:
            chosen = Official.objects.visible_to(self.viewer).with_mandates().filter(pk=int(key)).first()
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
        self.widget.found = found
        raise ValidationError(_("Plusieurs personnes correspondent : choisissez la bonne."), code="ambiguous")

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial) or ("", "")
        return bool(tuple(before) != tuple(data or ("", "")))
