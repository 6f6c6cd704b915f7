"""Who the actor is: names, official numbers, the structure it belongs to."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.directory import validators
from maillage.directory.enums import ActorKind
from maillage.directory.forms.actors.step import StepForm, typed
from maillage.directory.forms.fields import ActorNameField, IdentifierField, NameField
from maillage.directory.models import Actor


class IdentityForm(StepForm):
    step, title = "identite", gettext_lazy("Identité")

    kind = forms.ChoiceField(label=gettext_lazy("Nature"), choices=ActorKind.choices, widget=forms.RadioSelect)
    name = NameField(label=gettext_lazy("Nom"), max_length=200, widget=typed(autocomplete="organization"))
    acronym = forms.CharField(label=gettext_lazy("Sigle"), max_length=40, required=False)
    siret = IdentifierField(
        label=gettext_lazy("SIRET"),
        required=False,
        validators=[validators.validate_siret],
        help_text=gettext_lazy("14 chiffres. Une personne ou un collectif informel n'en a pas besoin."),
        widget=typed(inputmode="numeric", autocomplete="off"),
    )
    siren = IdentifierField(
        label=gettext_lazy("SIREN"),
        required=False,
        validators=[validators.validate_siren],
        help_text=gettext_lazy("9 chiffres, repris du SIRET quand il est donné."),
        widget=typed(inputmode="numeric", autocomplete="off"),
    )
    rna = IdentifierField(
        label=gettext_lazy("RNA"),
        required=False,
        validators=[validators.validate_rna],
        help_text=gettext_lazy("Pour une association : W suivi de 9 caractères."),
    )
    uai = IdentifierField(
        label=gettext_lazy("UAI"),
        required=False,
        validators=[validators.validate_uai],
        help_text=gettext_lazy("Pour un établissement scolaire ou universitaire."),
    )

    def prepare(self) -> None:
        self.fields["parent"] = ActorNameField(
            among=Actor.objects.visible_to(self.viewer).exclude(pk=self.actor.pk),
            label=_("Antenne de"),
            help_text=_("Le nom exact de la structure mère, si elle est dans l'annuaire."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        siret, siren = cleaned.get("siret"), cleaned.get("siren")
        if siret and not siren and "siren" not in self.errors:
            cleaned["siren"] = siret[:9]
        elif siret and siren and not siret.startswith(siren):
            sentence = _("Ce SIREN n'est pas celui du SIRET : les 9 premiers chiffres doivent être les mêmes.")
            self.add_error("siren", sentence)
        return cleaned
