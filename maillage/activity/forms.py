"""Filters of the journal and of the jobs; what one receives, and when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.activity.enums import Rhythm, Weekday
from maillage.activity.queries import Choice, people_in_journal
from maillage.activity.registry import verbs
from maillage.core.models import JobStatus
from maillage.core.viewer import Viewer


class JournalFilterForm(forms.Form):
    verb = forms.ChoiceField(label=_("Acte"), required=False)
    person = forms.ChoiceField(label=_("Personne"), required=False)
    since = forms.DateField(
        label=_("Depuis le"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Jusqu'au"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts: Any = self.fields["verb"]
        acts.choices = [("", _("tous")), *verbs()]
        people: Any = self.fields["person"]
        people.choices = [("", _("toutes")), *((str(user.pk), str(user)) for user in people_in_journal(viewer))]


class JobFilterForm(forms.Form):
    status = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("tous")), *JobStatus.choices])


class WishesForm(forms.Form):
    """A box and a list for each kind of notice: `site-KIND`, `mail-KIND`."""

    def __init__(self, *args: Any, choices: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        for choice in choices:
            self.fields[f"site-{choice.kind}"] = forms.BooleanField(
                label=_("sur le site"), required=False, initial=choice.on_site
            )
            self.fields[f"mail-{choice.kind}"] = forms.ChoiceField(
                label=_("par e-mail"),
                required=False,
                choices=[*Rhythm.choices, ("", _("jamais"))],
                initial=choice.rhythm,
            )

    def kinds(self) -> list[tuple[Choice, forms.BoundField, forms.BoundField]]:
        return [(each, self[f"site-{each.kind}"], self[f"mail-{each.kind}"]) for each in self.choices]

    def wished(self) -> list[tuple[Choice, bool, str]]:
        """Each kind with what was asked: on the site or not, and when by message."""
        data = self.cleaned_data
        return [(each, data[f"site-{each.kind}"], data[f"mail-{each.kind}"]) for each in self.choices]


class HabitForm(forms.Form):
    weekday = forms.TypedChoiceField(label=_("Jour de la lettre de la semaine"), coerce=int, choices=Weekday.choices)
    hour = forms.TypedChoiceField(
        label=_("Heure des lettres"),
        coerce=int,
        choices=[(hour, _("%(hour)d h") % {"hour": hour}) for hour in range(6, 21)],
        help_text=_("Rien ne part la nuit."),
    )
