"""Introducing two actors, declaring a partnership: short forms, what they say is prefilled."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.forms import EITHER
from maillage.core.viewer import Viewer
from maillage.directory.kit.choosing import ActorField
from maillage.directory.models import Actor
from maillage.networks.queries import terms_of
from maillage.outreach.actions.proposing import Asking
from maillage.outreach.enums import Manner, Outcome, SideAnswer
from maillage.outreach.forms.contacts import day_input
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

MORE = 2


def term_field(terms: list[Term], label: str, empty: str) -> forms.TypedChoiceField:
    by_key = {term.pk: term for term in terms}
    return forms.TypedChoiceField(
        label=label,
        required=False,
        coerce=lambda pk: by_key[int(pk)],
        empty_value=None,
        choices=[("", empty), *((term.pk, term.label) for term in terms)],
    )


class IntroductionForm(forms.Form):
    """Who asks (an actor, or a person outside the directory), who is proposed, what for, why them, and how."""

    what = forms.CharField(label=gettext_lazy("Ce qui est cherché"), max_length=300)
    why = forms.CharField(
        label=gettext_lazy("Pourquoi vous : ce que lira l'acteur proposé"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    manner = forms.ChoiceField(
        label=gettext_lazy("Comment"), choices=Manner.choices, widget=forms.RadioSelect, initial=Manner.ASK_BOTH
    )
    name = forms.CharField(label=gettext_lazy("Son nom"), max_length=120, required=False, template_name=EITHER)
    email = forms.EmailField(label=gettext_lazy("Son adresse e-mail"), required=False, template_name=EITHER)
    structure = forms.CharField(
        label=gettext_lazy("Sa structure"), max_length=200, required=False, template_name=EITHER
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["asker"] = ActorField(
            viewer=viewer, required=False, label=_("Un acteur de l'annuaire"), template_name=EITHER
        )
        self.fields["found"] = ActorField(viewer=viewer, label=_("Acteur proposé"), help_text="")
        for number in range(1, MORE + 1):
            self.fields[f"found_{number}"] = ActorField(
                viewer=viewer,
                required=False,
                label=_("Autre acteur proposé %(number)s") % {"number": number},
                help_text="",
            )
        missions = terms_of(viewer.network, Vocabulary.MISSION)
        self.fields["mission"] = term_field(missions, _("Mission"), _("Aucune en particulier"))
        others = (f"found_{number}" for number in range(1, MORE + 1))
        self.order_fields(("asker", "structure", "name", "email", "found", *others, "what", "why", "manner", "mission"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "asker" in cleaned and cleaned["asker"] is None and not self.has_error("asker"):
            if not cleaned.get("name") and not cleaned.get("structure"):
                self.add_error("asker", _("Dites qui demande : un acteur de l'annuaire, ou une personne ci-dessous."))
            elif not cleaned.get("email") and not self.has_error("email"):
                self.add_error("email", _("Sans adresse, personne ne pourra lui répondre."))
        elif cleaned.get("asker") is not None and cleaned["asker"] in self.found():
            self.add_error("found", _("L'acteur qui demande et l'acteur proposé sont le même."))
        return cleaned

    def asking(self) -> Asking:
        cleaned = self.cleaned_data
        if cleaned["asker"] is not None:
            return Asking(cleaned["asker"])
        return Asking(None, cleaned["name"], cleaned["email"], cleaned["structure"])

    def found(self) -> list[Actor]:
        names = ["found", *(f"found_{number}" for number in range(1, MORE + 1))]
        chosen = [self.cleaned_data.get(name) for name in names]
        return list({actor.pk: actor for actor in chosen if actor is not None}.values())

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("what", "why", "manner", "mission")}

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[f"found_{number}"] for number in range(1, MORE + 1)]

    @property
    def others_open(self) -> bool:
        return any(bound.errors or _filled(bound) for bound in self.others)

    @property
    def outsider_open(self) -> bool:
        return any(self[name].errors or self[name].value() for name in ("name", "email", "structure"))


def _filled(bound: forms.BoundField) -> bool:
    value = bound.value()
    return bool(any(value) if isinstance(value, tuple) else value)


class AnswerForm(forms.Form):
    """One of the three buttons; `refuses` when they want no more of it."""

    answer = forms.ChoiceField(choices=SideAnswer.choices)
    refuses = forms.ChoiceField(choices=[("", ""), ("pair", ""), ("all", "")], required=False)


class OutcomeForm(forms.Form):
    answer = forms.ChoiceField(choices=Outcome.choices)


class PartnershipForm(forms.Form):
    """Between two actors; `own` are those that the viewer may declare for, None for the team."""

    title = forms.CharField(
        label=gettext_lazy("Ce que vous faites ensemble"),
        max_length=200,
        help_text=gettext_lazy("Par exemple : un cycle d'ateliers sur l'eau dans les écoles."),
    )
    began_on = forms.DateField(label=gettext_lazy("Depuis le"), widget=day_input())

    def __init__(
        self, data: Any = None, *, viewer: Viewer, own: list[Actor] | None = None, initial: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(data, initial={"began_on": timezone.localdate()} | (initial or {}), **kwargs)
        if own is None:
            self.fields["actor"] = ActorField(viewer=viewer, label=_("Acteur qui déclare"))
        else:
            by_key = {actor.pk: actor for actor in own}
            self.fields["actor"] = forms.TypedChoiceField(
                label=_("Pour"),
                coerce=lambda pk: by_key[int(pk)],
                choices=[(pk, one.name) for pk, one in by_key.items()],
            )
        self.fields["other"] = ActorField(viewer=viewer, label=_("Avec"))
        if own is not None:  # The proposals of the team are the team's.
            self.fields["other"].widget.url = reverse_lazy("outreach:partner_options")
        themes = terms_of(viewer.network, Vocabulary.THEME)
        self.fields["theme"] = term_field(themes, _("Thématique"), _("Aucune en particulier"))
        if own is None:
            missions = terms_of(viewer.network, Vocabulary.MISSION)
            self.fields["mission"] = term_field(missions, _("Mission"), _("Aucune en particulier"))

        self.order_fields(("actor", "other", "title", "began_on", "theme", "mission"))

    def clean_began_on(self) -> Any:
        on = self.cleaned_data["began_on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("Un partenariat se déclare quand il a commencé."), code="future")
        return on

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}
