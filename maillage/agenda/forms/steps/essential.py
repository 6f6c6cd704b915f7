"""What the event is: its title, what happens, about what, for whom."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda import rules
from maillage.agenda.enums import EventState
from maillage.agenda.forms.fields import ParentField
from maillage.agenda.forms.steps.step import StepForm
from maillage.agenda.models import Event
from maillage.core.forms import RichTextField
from maillage.core.permissions import Denied
from maillage.directory.kit import LANGUAGES
from maillage.directory.kit.terms import TermsField
from maillage.networks.queries import vocabularies
from maillage.topics.enums import SchoolCycle, Vocabulary


class EssentialForm(StepForm):
    step, title = "essentiel", gettext_lazy("L'essentiel")

    def prepare(self) -> None:
        terms = vocabularies(self.viewer.network)
        self.fields["title"] = forms.CharField(
            label=_("Titre"), max_length=140, help_text=_("Court et précis, sans la date ni le lieu.")
        )
        self.fields["summary"] = forms.CharField(
            label=_("En une phrase"),
            max_length=300,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Ce que l'on y fait : 300 caractères au plus."),
        )
        self.fields["description"] = RichTextField(label=_("Présentation"), trusted=self.viewer.runs_network)
        self.fields["action_kinds"] = TermsField(terms[Vocabulary.ACTION_KIND], label=_("Types d'action"))
        self.fields["themes"] = TermsField(terms[Vocabulary.THEME], label=_("Thématiques"))
        told = _("Un festival, un village des sciences : tapez les premières lettres de son titre.")
        self.fields["parent"] = ParentField(
            viewer=self.viewer,
            label=_("Fait partie de"),
            help_text=f"{told} {self._condition()}".strip(),
        )
        others = [(code, code) for code in self.event.languages if code not in LANGUAGES]
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("Langues"),
            choices=[*LANGUAGES.items(), *others],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Laissez vide si tout se passe en français."),
        )

    def _condition(self) -> str:
        """What to know before choosing the event of others."""
        if self.viewer.runs_network or not rules.writes_at_once(self.viewer, self.event):
            return ""
        if self.event.state == EventState.PUBLISHED:
            return _("Choisissez-en un que vous pouvez modifier ; pour un autre, demandez à l'équipe d'animation.")
        return _("S'il est organisé par d'autres, l'équipe d'animation relit avant de publier.")

    def clean_parent(self) -> Event | None:
        parent: Event | None = self.cleaned_data["parent"]
        if parent is not None and parent.pk != self.event.parent_id:
            answer = rules.may_attach(self.viewer, self.event, parent)
            if isinstance(answer, Denied):
                raise ValidationError(answer.sentence)
        return parent


class PublicForm(StepForm):
    step, title = "public", gettext_lazy("Public et tarif")

    price = forms.ChoiceField(
        label=gettext_lazy("Prix"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("free", gettext_lazy("gratuit")),
            ("paid", gettext_lazy("payant")),
            ("", gettext_lazy("je ne sais pas encore")),
        ],
    )
    conditions = forms.CharField(
        label=gettext_lazy("Tarif et conditions"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Par exemple : « 5 €, gratuit jusqu'à 12 ans »."),
    )
    age_min = forms.IntegerField(label=gettext_lazy("À partir de (ans)"), required=False, min_value=0, max_value=120)
    age_max = forms.IntegerField(
        label=gettext_lazy("Jusqu'à (ans)"),
        required=False,
        min_value=0,
        max_value=120,
        help_text=gettext_lazy("Laissez vide s'il n'y a pas de limite."),
    )
    cycles = forms.MultipleChoiceField(
        label=gettext_lazy("Niveaux scolaires"),
        choices=SchoolCycle.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Pour une classe qui viendrait avec son enseignant."),
    )

    def prepare(self) -> None:
        terms = vocabularies(self.viewer.network)[Vocabulary.AUDIENCE]
        self.fields["audiences"] = TermsField(terms, label=_("Publics"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, high = cleaned.get("age_min"), cleaned.get("age_max")
        if low is not None and high is not None and high < low:
            self.add_error("age_max", _("L'âge le plus élevé vient après le plus bas."))
        return cleaned
