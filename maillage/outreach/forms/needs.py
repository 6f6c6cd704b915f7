"""Saying a need or an offer, and what came of it: a title and a kind suffice, the rest makes better meetings."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.kit.choosing import ActorField
from maillage.directory.models import Actor
from maillage.networks.queries import departments_of, terms_of
from maillage.outreach.enums import NeedKind, NeedState, Sharing, Side, Through
from maillage.outreach.forms.contacts import day_input
from maillage.outreach.models import Need
from maillage.territories.enums import TerritoryKind
from maillage.territories.kit import CommuneField
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

_TERMS = (
    ("themes", Vocabulary.THEME, gettext_lazy("Thématiques")),
    ("audiences", Vocabulary.AUDIENCE, gettext_lazy("Publics")),
    ("action_kinds", Vocabulary.ACTION_KIND, gettext_lazy("Types d'action")),
)


class NeedForm(forms.Form):
    """`owner` is the actor whose people write: they say neither who, nor for which mission of the team."""

    side = forms.ChoiceField(
        label=gettext_lazy("C'est"),
        choices=[
            (Side.NEED, gettext_lazy("un besoin : ce que l'on cherche")),
            (Side.OFFER, gettext_lazy("une offre : ce que l'on propose")),
        ],
        widget=forms.RadioSelect,
        initial=Side.NEED,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Nature"), choices=[("", gettext_lazy("Choisissez")), *NeedKind.choices]
    )
    title = forms.CharField(
        label=gettext_lazy("En quelques mots"),
        max_length=150,
        help_text=gettext_lazy("Par exemple : une exposition sur l'eau pour des collégiens."),
    )
    description = forms.CharField(
        label=gettext_lazy("Précisions"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    department = forms.ChoiceField(label=gettext_lazy("Territoire"), required=False)
    commune = CommuneField(
        required=False,
        label=gettext_lazy("Commune, si c'est plus précis"),
        help_text=gettext_lazy("Nom ou code postal. Elle permet de dire qui est près."),
    )
    wanted_on = forms.DateField(label=gettext_lazy("Pour le"), required=False, widget=day_input())
    sharing = forms.ChoiceField(
        label=gettext_lazy("Visible par"), choices=Sharing.choices, widget=forms.RadioSelect, initial=Sharing.TEAM
    )

    def __init__(
        self, data: Any = None, *, viewer: Viewer, need: Need | None = None, owner: Actor | None = None, **kwargs: Any
    ) -> None:
        initial = kwargs.pop("initial", {})
        if need is not None:
            initial = _held(need) | initial
        super().__init__(data, initial=initial, **kwargs)
        self.owner = owner
        network = viewer.network
        places = departments_of(network)
        self.places = {place.code: place for place in places}
        cast("forms.ChoiceField", self.fields["department"]).choices = [
            ("", _("Tout le réseau")),
            *((place.code, f"{place.name} ({place.code})") for place in places),
        ]
        cast("CommuneField", self.fields["commune"]).within = lambda: {place.pk for place in places}
        self.terms: dict[str, dict[int, Term]] = {}
        for name, vocabulary, label in _TERMS:
            terms = self.terms[name] = {term.pk: term for term in terms_of(network, vocabulary)}
            self.fields[name] = forms.TypedMultipleChoiceField(
                label=label,
                required=False,
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
                choices=[(pk, term.label) for pk, term in terms.items()],
            )
        if owner is None:
            self._ask_the_team(viewer, need)
        self.order_fields(
            ("side", "actor", "heard_from", "kind", "title", "description", "department", "wanted_on", "commune",
             *(name for name, _vocabulary, _label in _TERMS), "sharing", "mission")
        )  # fmt: skip

    def _ask_the_team(self, viewer: Viewer, need: Need | None) -> None:
        """Who said it, and for which mission."""
        if need is None:
            self.fields["actor"] = ActorField(viewer=viewer, required=False, label=_("Quel acteur"))
        if need is None or need.actor_id is None:
            self.fields["heard_from"] = forms.CharField(
                label=_("Ou entendu auprès de"),
                max_length=160,
                required=False,
                help_text=_("Pour une personne ou une structure sans fiche dans l'annuaire."),
            )
        missions = {term.pk: term for term in terms_of(viewer.network, Vocabulary.MISSION)}
        self.fields["mission"] = forms.TypedChoiceField(
            label=_("Mission"),
            required=False,
            coerce=lambda pk: missions[int(pk)],
            empty_value=None,
            choices=[("", _("Aucune en particulier")), *((pk, term.label) for pk, term in missions.items())],
        )

    def clean_wanted_on(self) -> Any:
        on = self.cleaned_data["wanted_on"]
        if on is not None and "wanted_on" in self.changed_data and on < timezone.localdate():
            raise forms.ValidationError(_("Cette date est déjà passée."), code="past")
        return on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        commune = cleaned.get("commune")
        if commune is not None and (commune.department is None or commune.department.code not in self.places):
            self.add_error("commune", _("Cette commune n'est pas dans le périmètre du réseau."))
        if "actor" in self.fields and "actor" in cleaned and not cleaned["actor"] and not cleaned.get("heard_from"):
            self.add_error("actor", _("Dites quel acteur, ou auprès de qui cela a été entendu."))
        return cleaned

    def chosen_actor(self) -> Actor | None:
        return self.owner or self.cleaned_data.get("actor")

    def values(self) -> dict[str, Any]:
        names = ("side", "kind", "title", "description", "wanted_on", "sharing", "heard_from", "mission")
        values = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return {**values, "territory": self._territory()}

    def _territory(self) -> Territory | None:
        return self.cleaned_data["commune"] or self.places.get(self.cleaned_data["department"])

    def chosen_terms(self) -> list[Term]:
        return [terms[pk] for name, terms in self.terms.items() for pk in self.cleaned_data[name]]

    @property
    def vocabularies(self) -> list[tuple[forms.BoundField, int]]:
        """Each list of words with how many are ticked."""
        return [(self[name], len(self[name].value() or [])) for name, _vocabulary, _label in _TERMS]


def _held(need: Need) -> dict[str, Any]:
    place = need.territory
    is_commune = place is not None and place.kind == TerritoryKind.COMMUNE
    return {
        **{name: getattr(need, name) for name in ("side", "kind", "title", "description", "wanted_on", "sharing")},
        "heard_from": need.heard_from,
        "mission": need.mission_id,
        "department": need.department_code,
        "commune": place if is_commune else None,
        **{
            name: [term.pk for term in need.terms.all() if term.vocabulary == vocabulary]
            for name, vocabulary, _label in _TERMS
        },
    }


class ClosingForm(forms.Form):
    """« Pourvu » or « abandonné », with what came of it."""

    outcome_kind = forms.ChoiceField(
        label=gettext_lazy("Ce qu'il en est"),
        widget=forms.RadioSelect,
        initial="answered",
    )
    through = forms.ChoiceField(
        label=gettext_lazy("Grâce à"),
        required=False,
        choices=[("", gettext_lazy("Je ne sais pas")), *Through.choices],
    )
    outcome = forms.CharField(
        label=gettext_lazy("Ce qui s'est fait"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, need: Need, **kwargs: Any) -> None:
        held = {"through": need.through, "outcome": need.outcome, "answered_by": need.answered_by}
        super().__init__(data, initial=held | kwargs.pop("initial", {}), **kwargs)
        self.need = need
        ends: Any = self.fields["outcome_kind"]
        ends.choices = [
            (
                state,
                (_("Il est %(state)s") if need.is_need else _("Elle est %(state)s"))
                % {"state": state.said_of(need.side)},
            )
            for state in (NeedState.ANSWERED, NeedState.ABANDONED)
        ]
        label = _("Répondu par") if need.is_need else _("Au bénéfice de")
        self.fields["answered_by"] = ActorField(viewer=viewer, required=False, label=label)
        self.order_fields(["outcome_kind", "answered_by", "through", "outcome"])

    def clean_answered_by(self) -> Actor | None:
        chosen: Actor | None = self.cleaned_data["answered_by"]
        if chosen is not None and chosen.pk == self.need.actor_id:
            raise forms.ValidationError(_("Choisissez l'autre acteur : celui-ci est celui du besoin."), code="same")
        return chosen

    @property
    def is_answer(self) -> bool:
        return bool(self.cleaned_data["outcome_kind"] == "answered")

    def answer(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("answered_by", "through", "outcome")}
