"""What the actor does, for whom, about what."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.forms import RichTextField
from maillage.directory.forms.actors.step import StepForm
from maillage.directory.forms.fields import TermField
from maillage.directory.kit.terms import TermsField
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary


class ActivityForm(StepForm):
    step, title = "activite", gettext_lazy("Ce que fait l'acteur")

    def prepare(self) -> None:
        terms = vocabularies(self.viewer.network)
        families = terms[Vocabulary.FAMILY]
        if self.actor.family and self.actor.family.pk not in {term.pk for term in families}:
            families = [*families, self.actor.family]  # Chosen by another network, or hidden since.
        self.fields["family"] = TermField(families, label=_("Famille"))
        self.fields["summary"] = forms.CharField(
            label=_("En une phrase"),
            max_length=300,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Ce que l'acteur fait, pour qui : 300 caractères au plus."),
        )
        self.fields["description"] = RichTextField(label=_("Présentation"), trusted=self.viewer.runs_network)
        self.fields["themes"] = TermsField(terms[Vocabulary.THEME], label=_("Thématiques"))
        self.fields["audiences"] = TermsField(terms[Vocabulary.AUDIENCE], label=_("Publics"))
        self.fields["action_kinds"] = TermsField(terms[Vocabulary.ACTION_KIND], label=_("Types d'action"))
