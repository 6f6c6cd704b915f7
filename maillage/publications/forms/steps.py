"""The form of a publication, in named steps that are saved one by one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.kit.fields import DayField
from maillage.agenda.kit.pictures import PictureForm
from maillage.core.forms import RichTextField, SeenForm
from maillage.core.viewer import Viewer
from maillage.directory.kit.terms import TermsField
from maillage.networks.queries import departments_of, vocabularies
from maillage.publications.enums import AnnouncementType, Kind
from maillage.publications.models import Publication
from maillage.publications.queries.fields import held_fields
from maillage.territories.kit import CommuneField
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary


class StepForm(SeenForm, forms.Form):
    """A step; `publication` gives what is held (what is being written over what everyone reads), `viewer` what the network
    offers. Only what was changed is written."""

    step = ""
    title: Any = ""

    def __init__(self, data: Any = None, files: Any = None, *, publication: Publication, viewer: Viewer) -> None:
        self.publication, self.viewer = publication, viewer
        super().__init__(data, files)
        self.prepare()
        self.held = held_fields(publication, viewer, self.fields)
        self.initial = dict(self.held)

    def prepare(self) -> None:
        """Add what depends on the network or the publication."""


class TextForm(StepForm):
    step, title = "texte", gettext_lazy("Texte")

    def prepare(self) -> None:
        kind = self.publication.kind
        self.fields["title"] = forms.CharField(label=_("Titre"), max_length=140)
        self.fields["summary"] = forms.CharField(
            label=_("Chapeau"),
            max_length=400,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("L'essentiel en deux phrases : montré dans les listes et les flux."),
        )
        if kind == Kind.ANNOUNCEMENT:
            self.fields["announcement"] = forms.ChoiceField(
                label=_("Type d'annonce"), choices=AnnouncementType.choices, widget=forms.RadioSelect
            )
        self.fields["body"] = RichTextField(
            label=_("Texte"),
            trusted=self.viewer.runs_network,
            rows=20,
            help_text=_(
                "« [média 1] » seul sur une ligne place un média ; « [note : votre note] » fait une note de bas de page."
            ),
        )
        if kind == Kind.ANNOUNCEMENT:
            self.fields["closes_on"] = DayField(
                label=_("Valable jusqu'au"), required=False, help_text=_("Ensuite, elle quitte les listes d'elle-même.")
            )
            self.fields["website"] = forms.URLField(
                label=_("En savoir plus"), max_length=500, required=False, assume_scheme="https"
            )
            self.fields["contact"] = forms.CharField(
                label=_("Répondre à"),
                max_length=200,
                required=False,
                help_text=_("Une adresse, un téléphone : tout le monde les lira."),
            )


class ImageForm(StepForm, PictureForm):
    step, title = "image", gettext_lazy("Image")

    def prepare(self) -> None:
        if not self._held_picture():
            del self.fields["remove"]

    def _held_picture(self) -> str:
        return str(held_fields(self.publication, self.viewer, ["image"])["image"])

    @property
    def has_picture(self) -> bool:
        return bool(self._held_picture())


class FilingForm(StepForm):
    step, title = "rangement", gettext_lazy("Thèmes et territoires")

    def prepare(self) -> None:
        terms = vocabularies(self.viewer.network)
        self.fields["themes"] = TermsField(terms[Vocabulary.THEME], label=_("Thématiques"))
        self.fields["audiences"] = TermsField(terms[Vocabulary.AUDIENCE], label=_("Publics"))
        self.fields["departments"] = DepartmentsField(departments_of(self.viewer.network), label=_("Départements"))
        self.fields["commune"] = CommuneField(
            required=False,
            label=_("Commune"),
            within=lambda: {each.pk for each in departments_of(self.viewer.network)},
            help_text=_("Si le texte parle d'un lieu précis."),
        )


class DepartmentsField(forms.TypedMultipleChoiceField):
    """Départements of the network, cleaned to territories."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, departments: list[Territory], **kwargs: Any) -> None:
        known = {each.pk: each for each in departments}
        choices = [(each.pk, each.name) for each in departments]
        super().__init__(choices=choices, coerce=lambda pk: known[int(pk)], required=False, **kwargs)


class SourcesForm(StepForm):
    step, title = "sources", gettext_lazy("Sources")

    sources = forms.CharField(
        label=gettext_lazy("Sources"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Une par ligne : références, adresses de pages. Elles sont montrées sous le texte."),
    )
    reviewer = forms.CharField(
        label=gettext_lazy("Relecture scientifique"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Qui a relu le fond, et à quel titre : « Inès Roux, astronome ». Avec son accord."),
    )


STEPS: dict[str, type[StepForm]] = {form.step: form for form in (TextForm, ImageForm, FilingForm, SourcesForm)}


def steps_for(publication: Publication) -> dict[str, type[StepForm]]:
    """An announcement and a dossier stand on no sources."""
    plain = publication.kind in (Kind.ANNOUNCEMENT, Kind.DOSSIER)
    return {name: form for name, form in STEPS.items() if not (plain and form is SourcesForm)}
