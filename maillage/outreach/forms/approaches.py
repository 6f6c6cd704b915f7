"""Beginning an approach, saying why, moving it."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.directory.kit.choosing import ActorField
from maillage.outreach.enums import OPEN_STAGES, Stage
from maillage.outreach.forms.contacts import day_input
from maillage.outreach.models import Approach
from maillage.outreach.queries.team import people_of
from maillage.outreach.validators import validate_untold


def reason_field(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Pourquoi nous pensons que vous en êtes"),
        max_length=400,
        required=False,
        validators=[validate_untold],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text
        or gettext_lazy(
            "Une phrase que l'acteur peut lire dans un message. Par exemple : vos sorties nature expliquent le vivant."
        ),
    )


class FollowedForm(forms.Form):
    """Who follows it, when to come back."""

    follower = forms.TypedChoiceField(label=gettext_lazy("Suivie par"), required=False, empty_value=None)
    next_on = forms.DateField(label=gettext_lazy("Y revenir le"), required=False, widget=day_input())

    def __init__(self, data: Any = None, *, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.viewer = viewer
        people = {person.pk: person for person in people_of(viewer.network)}
        follower: Any = self.fields["follower"]
        follower.coerce = lambda pk: people[int(pk)]
        follower.choices = [("", _("Personne")), *((pk, str(person)) for pk, person in people.items())]


class BeginForm(FollowedForm):
    stage = forms.ChoiceField(
        label=gettext_lazy("Étape"),
        choices=[(stage.value, stage.label) for stage in OPEN_STAGES],
        initial=Stage.TO_CONTACT,
    )
    reason = reason_field()
    field_order = ["actor", "reason", "stage", "follower", "next_on"]

    def __init__(self, data: Any = None, *, viewer: Viewer, **kwargs: Any) -> None:
        kwargs["initial"] = {"follower": viewer.user_id} | kwargs.get("initial", {})
        super().__init__(data, viewer=viewer, **kwargs)
        self.fields["actor"] = ActorField(viewer=viewer, label=_("Quel acteur"))
        self.order_fields(self.field_order)


class ApproachForm(FollowedForm):
    reason = reason_field()
    field_order = ["reason", "follower", "next_on"]

    def __init__(self, data: Any = None, *, viewer: Viewer, approach: Approach) -> None:
        initial = {"reason": approach.reason, "follower": approach.follower_id, "next_on": approach.next_on}
        super().__init__(data, viewer=viewer, initial=initial)
        self.order_fields(self.field_order)
        held: Any = self.fields["follower"]
        if approach.follower is not None and approach.follower_id not in dict(held.choices):
            held.choices = [*held.choices, (approach.follower_id, str(approach.follower))]
            known, person = held.coerce, approach.follower
            held.coerce = lambda pk: person if int(pk) == person.pk else known(pk)


class MoveForm(forms.Form):
    """Any stage; a day to come back for « plus tard »."""

    stage = forms.ChoiceField(label=gettext_lazy("Nouvelle étape"), choices=Stage.choices)
    next_on = forms.DateField(
        label=gettext_lazy("Y revenir le"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Pour « plus tard » : sans date, dans quelques mois."),
    )
    etait = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_next_on(self) -> date | None:
        day: date | None = self.cleaned_data["next_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("Choisissez une date à venir."), code="past")
        return day
