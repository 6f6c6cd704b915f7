"""A letter: its subject, its text, who it is for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.forms import RichTextField
from maillage.core.richtext import as_text
from maillage.outreach.models import Letter, Official
from maillage.outreach.queries.officials import shown_official
from maillage.outreach.registry.letters import fault_of

_SHOWN = 12  # Recipients that are listed at once.
EXAMPLE = (
    "<p>{civilité} {nom},</p><p>Vous êtes {fonction} ({territoire}). Votre territoire en deux chiffres : {acteurs} de la "
    "culture scientifique dans notre annuaire ; population : {habitants}.</p><p>Nous aimerions vous rencontrer.</p>"
    "<p>L'équipe d'animation</p>"
)


class LetterForm(forms.Form):
    subject = forms.CharField(label=gettext_lazy("Objet"), max_length=160)
    body = RichTextField(label=gettext_lazy("Texte"), max_length=20_000, rows=14, trusted=True)

    def __init__(
        self, data: Any = None, *, officials: list[Official] | None = None, letter: Letter | None = None
    ) -> None:
        initial = {"subject": letter.subject, "body": letter.body} if letter is not None else {"body": EXAMPLE}
        super().__init__(data, initial=initial)
        self.fields["body"].required = True
        self.officials = {official.pk: official for official in officials or []}
        if letter is None:
            self.fields["to"] = forms.TypedMultipleChoiceField(
                label=_("À qui"),
                coerce=int,
                choices=[(pk, shown_official(official)) for pk, official in self.officials.items()],
                widget=forms.CheckboxSelectMultiple,
                initial=list(self.officials),
                error_messages={"required": _("Cochez au moins une personne.")},
            )

    def clean_subject(self) -> str:
        return self._in_the_language(" ".join(self.cleaned_data["subject"].split()))

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        if not as_text(body):
            raise forms.ValidationError(_("Écrivez la lettre."), code="required")
        return self._in_the_language(body)

    def _in_the_language(self, text: str) -> str:
        if sentence := fault_of(text):
            raise forms.ValidationError(sentence, code="placeholder")
        return text

    def chosen(self) -> list[Official]:
        return [self.officials[pk] for pk in self.cleaned_data["to"]]

    @property
    def words_open(self) -> bool:
        return bool(self["subject"].errors or self["body"].errors)

    @property
    def to_open(self) -> bool:
        return len(self.officials) <= _SHOWN or bool(self["to"].errors)
