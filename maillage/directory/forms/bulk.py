"""What to change for many actors at once, and the saved views of the table."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.actions.bulk_edit import BulkChange
from maillage.directory.enums import Circle, ListingState
from maillage.directory.models import SavedView
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary

_LEAVE = ("", gettext_lazy("Ne pas changer"))


class FoldedChoices(forms.CheckboxSelectMultiple):
    """Many words to tick, a fold for each vocabulary."""

    template_name = "directory/widgets/folded_choices.html"


class BulkForm(forms.Form):
    """Everything is optional: an empty field leaves the actors as they are."""

    prefix = "n"

    circle = forms.TypedChoiceField(
        label=gettext_lazy("Cercle évalué"),
        choices=[_LEAVE, *Circle.choices, (0, gettext_lazy("Retirer le cercle"))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    circle_reason = forms.CharField(
        label=gettext_lazy("Motif du cercle"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Gardé avec le cercle, la date et votre nom."),
    )
    circle_source = forms.CharField(label=gettext_lazy("Source du cercle"), max_length=120, required=False)
    state = forms.ChoiceField(label=gettext_lazy("État"), choices=[_LEAVE, *ListingState.choices], required=False)
    source = forms.CharField(label=gettext_lazy("Source de la fiche"), max_length=120, required=False)
    update_rhythm = forms.IntegerField(
        label=gettext_lazy("Vérifier tous les (mois)"), min_value=1, max_value=36, required=False
    )
    archive = forms.BooleanField(
        label=gettext_lazy("Archiver ces acteurs"),
        required=False,
        help_text=gettext_lazy(
            "Un acteur archivé quitte les listes, la carte et les envois ; sa page et son passé restent."
        ),
    )
    archive_reason = forms.CharField(label=gettext_lazy("Motif de l'archivage"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        terms = vocabularies(viewer.network)
        families = [(term.pk, term.label) for term in terms[Vocabulary.FAMILY]]
        grouped = [
            (Vocabulary(name).label, [(term.pk, term.label) for term in terms[name]])
            for name in (Vocabulary.THEME, Vocabulary.AUDIENCE, Vocabulary.ACTION_KIND)
        ]
        self.fields["family"] = forms.TypedChoiceField(
            label=_("Famille"),
            choices=[_LEAVE, *families, (0, _("Retirer la famille"))],
            coerce=int,
            empty_value=None,
            required=False,
        )
        for name, label in (
            ("add_terms", _("Ajouter des thématiques, des publics ou des types d'action")),
            ("remove_terms", _("Retirer des thématiques, des publics ou des types d'action")),
        ):
            self.fields[name] = forms.TypedMultipleChoiceField(
                label=label, choices=grouped, coerce=int, required=False, widget=FoldedChoices
            )
        self.order_fields(
            [
                "circle",
                "circle_reason",
                "circle_source",
                "family",
                "add_terms",
                "remove_terms",
                "state",
                "source",
                "update_rhythm",
            ]
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("circle") is not None and not cleaned.get("circle_reason"):
            self.add_error("circle_reason", _("Dites pourquoi : le motif est gardé dans l'historique du cercle."))
        if set(cleaned.get("add_terms", ())) & set(cleaned.get("remove_terms", ())):
            self.add_error("remove_terms", _("Un même mot ne peut pas être ajouté et retiré."))
        if cleaned.get("archive_reason") and not cleaned.get("archive"):
            self.add_error("archive", _("Cochez la case pour archiver, ou videz le motif."))
        if not self.errors and self.change.is_empty:
            self.add_error(None, _("Choisissez au moins une chose à changer."))
        return cleaned

    @property
    def change(self) -> BulkChange:
        cleaned = dict(self.cleaned_data)
        if cleaned.pop("archive", False) and not cleaned.get("archive_reason"):
            cleaned["archive_reason"] = _("Sans motif précisé")
        return BulkChange(
            **{
                **cleaned,
                "add_terms": tuple(cleaned.get("add_terms", ())),
                "remove_terms": tuple(cleaned.get("remove_terms", ())),
            }
        )


class SavedViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]
