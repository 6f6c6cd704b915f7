"""Filters of the journal and of the jobs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.activity.queries import people_in_journal
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
