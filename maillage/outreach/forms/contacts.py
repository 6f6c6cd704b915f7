"""Noting a contact: in ten seconds, the actor, how, a few words; the rest when there is something to say."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.models import User
from maillage.core.viewer import Viewer
from maillage.directory.kit.choosing import ActorField
from maillage.directory.models import Actor
from maillage.networks.queries import terms_of
from maillage.outreach.enums import Channel, Promiser
from maillage.outreach.forms.choosing import OfficialField
from maillage.outreach.models import Contact, Official
from maillage.outreach.queries.team import people_of
from maillage.topics.enums import Vocabulary

MORE = 3
_LENGTHS = [(5, "5 min"), (15, "15 min"), (30, "30 min"), (60, "1 h"), (120, "2 h"), (240, "une demi-journée")]


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ContactForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("Comment"), choices=Channel.choices, widget=forms.RadioSelect, initial=Channel.PHONE
    )
    about = forms.CharField(
        label=gettext_lazy("À propos de"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    person = forms.CharField(label=gettext_lazy("Personne jointe"), max_length=120, required=False)
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Temps passé"), coerce=int, empty_value=None, required=False, choices=[]
    )
    on = forms.DateField(label=gettext_lazy("Date"), widget=day_input())
    next_step = forms.CharField(
        label=gettext_lazy("Suite à donner"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Par exemple : envoyer le guide, rappeler après les vacances."),
    )
    next_on = forms.DateField(label=gettext_lazy("Pour le"), required=False, widget=day_input())

    def __init__(self, data: Any = None, *, viewer: Viewer, contact: Contact | None = None, **kwargs: Any) -> None:
        initial = {"on": timezone.localdate()} | kwargs.pop("initial", {})
        if contact is not None:
            initial |= _held(contact)
        super().__init__(data, initial=initial, **kwargs)
        self.viewer = viewer
        missions = terms_of(viewer.network, Vocabulary.MISSION)
        self.terms = {term.pk: term for term in missions}
        self.fields["actor"] = ActorField(viewer=viewer, required=False, label=_("Avec quel acteur"))
        self.fields["official"] = OfficialField(viewer=viewer, required=False, label=_("Avec un élu ou une élue"))
        for number in range(1, MORE + 1):
            self.fields[f"official_{number}"] = OfficialField(
                viewer=viewer,
                required=False,
                label=_("Autre personne élue %(number)s") % {"number": number},
                help_text="",
            )
        for number in range(1, MORE + 1):
            self.fields[f"actor_{number}"] = ActorField(
                viewer=viewer, required=False, label=_("Autre acteur %(number)s") % {"number": number}, help_text=""
            )
        self.fields["mission"] = forms.TypedChoiceField(
            label=_("Mission"),
            required=False,
            coerce=lambda pk: self.terms[int(pk)],
            empty_value=None,
            choices=[("", _("Aucune en particulier")), *((term.pk, term.label) for term in missions)],
        )
        if contact is None:
            self.fields |= _promise_fields()
        lengths = [*_LENGTHS]
        if contact is not None and contact.minutes and contact.minutes not in dict(_LENGTHS):
            lengths = sorted([*lengths, (contact.minutes, _("%(count)s min") % {"count": contact.minutes})])
        cast("forms.ChoiceField", self.fields["minutes"]).choices = [("", _("Non compté")), *lengths]
        self.people = {person.pk: person for person in people_of(viewer.network)}
        self.fields["next_for"] = forms.TypedChoiceField(
            label=_("Par qui"),
            required=False,
            coerce=lambda pk: self.people[int(pk)],
            empty_value=None,
            choices=[
                ("", _("Moi")),
                *((pk, str(person)) for pk, person in self.people.items() if pk != viewer.user_id),
            ],
        )

        self.order_fields(
            ("actor", "official", *(bound.name for bound in self.others), "channel", "about",
             *(bound.name for bound in self.promises), "next_step", "next_on", "next_for", "mission", "minutes", "person", "on")
        )  # fmt: skip

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(
                _("Un contact a déjà eu lieu : pour l'avenir, écrivez une suite à donner."), code="future"
            )
        return on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("next_on") and not cleaned.get("next_step"):
            self.add_error("next_step", _("Dites ce qui est à faire pour cette date."))
        named = [name for name in self.fields if name.startswith(("actor", "official"))]
        if not any(cleaned.get(name) for name in named) and not any(name in self.errors for name in named):
            self.add_error("actor", _("Choisissez un acteur de l'annuaire, un élu ou une élue."))
        if (cleaned.get("promised") or cleaned.get("promise_on")) and not cleaned.get("official"):
            self.add_error("official", _("Dites à qui, ou par qui, c'est promis."))
        if cleaned.get("promise_on") and not cleaned.get("promised"):
            self.add_error("promised", _("Dites ce qui est promis pour cette date."))
        return cleaned

    def actors(self) -> list[Actor]:
        chosen = [self.cleaned_data["actor"], *(self.cleaned_data[f"actor_{n}"] for n in range(1, MORE + 1))]
        return list({actor.pk: actor for actor in chosen if actor is not None}.values())

    def chosen_officials(self) -> list[Official]:
        names = ["official", *(f"official_{number}" for number in range(1, MORE + 1))]
        chosen = [self.cleaned_data[name] for name in names]
        return list({official.pk: official for official in chosen if official is not None}.values())

    def promise(self) -> dict[str, Any] | None:
        """What was promised there, if anything was."""
        cleaned = self.cleaned_data
        if not cleaned.get("promised"):
            return None
        return {
            "text": cleaned["promised"],
            "promiser": cleaned["promiser"] or Promiser.OFFICIAL,
            "due_on": cleaned["promise_on"],
        }

    def values(self) -> dict[str, Any]:
        names = ("on", "channel", "person", "about", "mission", "minutes", "next_step", "next_on", "next_for")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[f"{who}_{number}"] for who in ("actor", "official") for number in range(1, MORE + 1)]

    @property
    def promises(self) -> list[forms.BoundField]:
        return [self[name] for name in ("promised", "promiser", "promise_on") if name in self.fields]

    @property
    def promises_open(self) -> bool:
        return any(
            self[name].errors or self[name].value() for name in ("promised", "promise_on") if name in self.fields
        )

    @property
    def others_open(self) -> bool:
        return any(bound.errors or (bound.value() or ("", ""))[0] for bound in self.others if bound.value())


def _promise_fields() -> dict[str, forms.Field]:
    """Those of the first promise; more are noted from the page of the official."""
    return {
        "promised": forms.CharField(label=_("Ce qui est promis"), max_length=300, required=False),
        "promiser": forms.ChoiceField(
            label=_("Qui promet"),
            choices=Promiser.choices,
            widget=forms.RadioSelect,
            initial=Promiser.OFFICIAL,
            required=False,
        ),
        "promise_on": forms.DateField(
            label=_("Promis pour le"),
            required=False,
            widget=day_input(),
            help_text=_("Ce jour-là, « Ma semaine » vous le rappelle."),
        ),
    }


def _held(contact: Contact) -> dict[str, Any]:
    links = contact.links.select_related("actor__commune").order_by("pk") if contact.pk else []
    actors = [link.actor for link in links]
    names = ["actor", *(f"actor_{number}" for number in range(1, MORE + 1))]
    met = contact.official_links.select_related("official").order_by("pk") if contact.pk else []
    officials = Official.objects.filter(pk__in=[link.official_id for link in met]).with_mandates()
    who = ["official", *(f"official_{number}" for number in range(1, MORE + 1))]
    person: User | None = contact.next_for
    return {
        "on": contact.on,
        "channel": contact.channel,
        "person": contact.person,
        "about": contact.about,
        "mission": contact.mission_id,
        "minutes": contact.minutes,
        "next_step": contact.next_step,
        "next_on": contact.next_on,
        "next_for": person.pk if person is not None else "",
        **dict(zip(names, actors, strict=False)),
        **dict(zip(who, officials, strict=False)),
    }
