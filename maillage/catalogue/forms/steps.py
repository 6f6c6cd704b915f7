"""The form of a resource, in named steps that are saved one by one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.enums import FORM_OF, Form, Kind, Price
from maillage.catalogue.forms.fields import DepartmentsField, actor_field, column
from maillage.catalogue.kit import AmountField
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.fields import held_fields
from maillage.catalogue.queries.own import own_actors
from maillage.core.forms import EITHER, RichTextField, SeenForm
from maillage.core.viewer import Viewer
from maillage.directory.enums import LANGUAGES, Licence, PlaceAccess
from maillage.directory.kit.terms import TermsField
from maillage.directory.models import Actor
from maillage.networks.queries import departments_of, vocabularies
from maillage.territories.kit import CommuneField
from maillage.topics.enums import SchoolCycle, Vocabulary


def kinds_by_form() -> list[Any]:
    """The kinds, under how they reach those who use them."""
    return [
        (form.label.capitalize(), [(kind.value, kind.label) for kind in Kind if FORM_OF[kind] == form]) for form in Form
    ]


class StepForm(SeenForm, forms.Form):
    """A step; only what was changed is written."""

    step = ""
    title: Any = ""

    def __init__(self, data: Any = None, files: Any = None, *, resource: Resource, viewer: Viewer) -> None:
        self.resource, self.viewer = resource, viewer
        super().__init__(data, files)
        self.prepare()
        self.held = held_fields(resource, viewer, self.fields)
        self.initial = dict(self.held)

    def prepare(self) -> None:
        """Add the fields of the step."""


class EssentialForm(StepForm):
    step, title = "essentiel", gettext_lazy("L'essentiel")

    def prepare(self) -> None:
        terms = vocabularies(self.viewer.network)
        self.fields["kind"] = forms.ChoiceField(label=_("Nature"), choices=kinds_by_form())
        self.fields["title"] = forms.CharField(label=_("Titre"), max_length=140)
        own = own_actors(self.viewer)
        if all(actor.pk != self.resource.actor_id for actor in own):
            own.append(self.resource.actor)
        self.fields["actor"] = actor_field(self.viewer, own)
        self.fields["summary"] = column(
            "summary",
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Ce que c'est, pour qui : 300 caractères au plus."),
        )
        self.fields["description"] = RichTextField(label=_("Présentation"), trusted=self.viewer.runs_network)
        self.fields["themes"] = TermsField(terms[Vocabulary.THEME], label=_("Thématiques"))
        others = [(code, code) for code in self.resource.languages if code not in LANGUAGES]
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("Langues"),
            choices=[*LANGUAGES.items(), *others],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["licence"] = forms.ChoiceField(
            label=_("Licence"),
            choices=[("", "—"), *Licence.choices],
            required=False,
            template_name=EITHER,
            help_text=_(
                "Comment d'autres peuvent réutiliser ce qui se télécharge : obligatoire dès qu'il y a un document."
            ),
        )
        self.fields["website"] = column("website", assume_scheme="https")

    def clean_actor(self) -> Actor:
        return self.cleaned_data["actor"] or self.resource.actor


class PublicForm(StepForm):
    step, title = "public", gettext_lazy("Pour qui")

    def prepare(self) -> None:
        terms = vocabularies(self.viewer.network)[Vocabulary.AUDIENCE]
        self.fields["audiences"] = TermsField(terms, label=_("Publics"))
        self.fields["age_min"] = column("age_min", max_value=120, label=_("À partir de (ans)"))
        self.fields["age_max"] = column("age_max", max_value=120, label=_("Jusqu'à (ans)"))
        self.fields["cycles"] = forms.MultipleChoiceField(
            label=_("Niveaux scolaires"),
            choices=SchoolCycle.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["duration"] = column("duration", max_value=100_000)
        self.fields["group_min"] = column("group_min")
        self.fields["group_max"] = column("group_max")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for low, high, sentence in (
            ("age_min", "age_max", _("L'âge le plus élevé vient après le plus bas.")),
            ("group_min", "group_max", _("Le groupe le plus grand vient après le plus petit.")),
        ):
            if None not in (least := cleaned.get(low), most := cleaned.get(high)) and most < least:
                self.add_error(high, sentence)
        return cleaned


class NeedsForm(StepForm):
    step, title = "besoins", gettext_lazy("Ce qu'il lui faut")

    def prepare(self) -> None:
        self.fields["surface"] = column("surface")
        self.fields["height"] = AmountField(
            label=_("Hauteur sous plafond (m)"), required=False, max_digits=4, decimal_places=2
        )
        self.fields["power"] = column("power")
        self.fields["connection"] = column("connection")
        self.fields["setup_minutes"] = column("setup_minutes", max_value=100_000)
        self.fields["people"] = column("people")
        self.fields["volume"] = AmountField(
            label=_("Volume transporté (m³)"), required=False, max_digits=6, decimal_places=2
        )
        self.fields["transport"] = column("transport")
        self.fields["place_access"] = forms.MultipleChoiceField(
            label=_("Accessible aux personnes en situation de"),
            choices=PlaceAccess.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["access_notes"] = column("access_notes")
        self.fields["safety"] = column("safety", widget=forms.Textarea(attrs={"rows": 4}))


class LoanForm(StepForm):
    step, title = "conditions", gettext_lazy("Prix, lieu et zone")

    def prepare(self) -> None:
        self.fields["price"] = forms.ChoiceField(
            label=_("Prix"),
            required=False,
            widget=forms.RadioSelect,
            choices=[*Price.choices, ("", _("je ne sais pas encore"))],
        )
        for name in ("fee", "deposit", "value"):
            label = Resource._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name] = AmountField(
                label=str(label).capitalize(), required=False, max_digits=8, decimal_places=2
            )
        self.fields["value"].help_text = _(
            "Comme le tarif et la caution, pour un exemplaire entier : un prêt de plusieurs, ou de quelques modules, compte à proportion."
        )
        self.fields["conditions"] = column("conditions", widget=forms.Textarea(attrs={"rows": 4}))
        self.fields["commune"] = CommuneField(
            required=False,
            label=_("À retirer à"),
            within=lambda: {each.pk for each in departments_of(self.viewer.network)},
            help_text=_("Si ce n'est pas chez l'acteur qui la propose."),
        )
        self.fields["pickup"] = column("pickup")
        self.fields["zone"] = DepartmentsField(
            departments_of(self.viewer.network),
            label=_("Zone desservie"),
            help_text=_("Rien de coché : tout le territoire du réseau."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("price") == Price.FREE and cleaned.get("fee"):
            self.add_error("fee", _("Ce qui est gratuit n'a pas de tarif."))
        return cleaned


STEPS: dict[str, type[StepForm]] = {form.step: form for form in (EssentialForm, PublicForm, NeedsForm, LoanForm)}
