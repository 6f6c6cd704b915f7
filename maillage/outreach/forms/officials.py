"""Forms of elected officials: who they are, a mandate, a promise."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.networks.queries import departments_of
from maillage.outreach.enums import Civility, Function, Promiser
from maillage.outreach.forms.contacts import day_input
from maillage.outreach.models import Mandate, Official, Promise
from maillage.outreach.queries.team import people_of
from maillage.territories.kit import CommuneField
from maillage.territories.models import Territory


class OfficialForm(forms.Form):
    civility = forms.ChoiceField(
        label=gettext_lazy("Civilité"),
        required=False,
        choices=[("", gettext_lazy("Non dite")), *Civility.choices],
        help_text=gettext_lazy("Elle commence les lettres ; sans elle : « Madame, Monsieur »."),
    )
    first_name = forms.CharField(label=gettext_lazy("Prénom"), max_length=80, required=False)
    last_name = forms.CharField(label=gettext_lazy("Nom"), max_length=80)
    email = forms.EmailField(
        label=gettext_lazy("Adresse e-mail"),
        required=False,
        help_text=gettext_lazy("L'adresse publique de son mandat, jamais une adresse privée."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    address = forms.CharField(
        label=gettext_lazy("Adresse postale"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Sans le nom ni la fonction, quatre lignes au plus. Par exemple : Mairie, 1 place de la Halle, 48000 Mende."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("D'où viennent ces données"),
        max_length=120,
        help_text=gettext_lazy("Par exemple : site de la mairie, répertoire national des élus."),
    )
    sourced_on = forms.DateField(label=gettext_lazy("Lues le"), widget=day_input())

    def __init__(self, data: Any = None, *, official: Official | None = None) -> None:
        initial = {"sourced_on": timezone.localdate()}
        if official is not None:
            initial = {name: getattr(official, name) for name in self.base_fields}
        super().__init__(data, initial=initial)

    def clean_address(self) -> str:
        address = "\n".join(line.strip() for line in self.cleaned_data["address"].splitlines() if line.strip())
        if address.count("\n") > 3:
            raise forms.ValidationError(
                _("Quatre lignes au plus : la fenêtre de l'enveloppe n'en montre pas davantage.")
            )
        return address


class MandateForm(forms.Form):
    function = forms.ChoiceField(label=gettext_lazy("Fonction"), choices=Function.choices)
    delegation = forms.CharField(
        label=gettext_lazy("Délégation"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Par exemple : culture, éducation, jeunesse."),
    )
    commune = CommuneField(required=False, label=gettext_lazy("Commune du mandat"))
    territory = forms.ChoiceField(
        label=gettext_lazy("Ou intercommunalité, département, région"), required=False, choices=[]
    )
    body = forms.CharField(
        label=gettext_lazy("Ou nom de l'assemblée"),
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "Par exemple : syndicat mixte du parc naturel. Avec un territoire, il s'écrit à sa place."
        ),
    )
    since = forms.DateField(label=gettext_lazy("Depuis le"), required=False, widget=day_input())
    until = forms.DateField(label=gettext_lazy("Jusqu'au"), required=False, widget=day_input())

    def __init__(self, data: Any = None, *, viewer: Viewer, mandate: Mandate | None = None) -> None:
        initial: dict[str, Any] = {}
        held = mandate.territory if mandate is not None else None
        if mandate is not None:
            initial = {name: getattr(mandate, name) for name in ("function", "delegation", "body", "since", "until")}
            if held is not None:
                initial |= {"commune": held} if held.kind == "commune" else {"territory": str(held.pk)}
        super().__init__(data, initial=initial)
        departments = departments_of(viewer.network)
        keys = [each.pk for each in departments]
        regions = Territory.objects.regions().filter(pk__in={each.region_id for each in departments}).order_by("name")
        epcis = Territory.objects.epcis().filter(department__in=keys).order_by("name", "pk")
        known = [*regions, *departments, *epcis]
        if held is not None and held.kind != "commune" and held not in known:
            known.append(held)
        self.places = {str(each.pk): each for each in known}
        groups = [(_("Régions"), "region"), (_("Départements"), "department"), (_("Intercommunalités"), "epci")]
        cast("forms.ChoiceField", self.fields["territory"]).choices = [
            ("", _("Aucun")),
            *(
                (label, [(key, each.name) for key, each in self.places.items() if each.kind == kind])
                for label, kind in groups
            ),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("commune"), cleaned.get("territory")
        if all(chosen):
            self.add_error("territory", _("Une commune, ou un autre territoire : pas les deux."))
        if not any(chosen) and not cleaned.get("body") and "commune" not in self.errors:
            self.add_error("commune", _("Dites où : une commune, un autre territoire, ou le nom de l'assemblée."))
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("Un mandat ne finit pas avant d'avoir commencé."))
        return cleaned

    def values(self) -> dict[str, Any]:
        names = ("function", "delegation", "body", "since", "until")
        territory = self.cleaned_data["commune"] or self.places.get(self.cleaned_data["territory"])
        return {name: self.cleaned_data[name] for name in names} | {"territory": territory}


class PromiseForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Ce qui est promis"),
        max_length=300,
        help_text=gettext_lazy("Par exemple : prêter la salle des fêtes en octobre."),
    )
    promiser = forms.ChoiceField(
        label=gettext_lazy("Qui promet"), choices=Promiser.choices, widget=forms.RadioSelect, initial=Promiser.OFFICIAL
    )
    due_on = forms.DateField(label=gettext_lazy("Pour le"), required=False, widget=day_input())
    follow_on = forms.DateField(
        label=gettext_lazy("À suivre le"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Ce jour-là, « Ma semaine » vous le rappelle ; sinon, le jour où c'est promis."),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, promise: Promise | None = None) -> None:
        initial: dict[str, Any] = {}
        if promise is not None:
            initial = {name: getattr(promise, name) for name in ("text", "promiser", "due_on", "follow_on")}
            initial["follower"] = promise.follower_id or ""
        super().__init__(data, initial=initial)
        self.people = {person.pk: person for person in people_of(viewer.network)}
        self.fields["follower"] = forms.TypedChoiceField(
            label=_("Suivie par"),
            required=False,
            coerce=lambda pk: self.people[int(pk)],
            empty_value=None,
            choices=[("", _("Moi")), *((pk, str(person)) for pk, person in self.people.items())],
        )
