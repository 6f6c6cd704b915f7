"""Writing a campaign; answering one without an account."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.outreach.enums import CampaignAnswer
from maillage.outreach.forms.contacts import day_input
from maillage.outreach.models import Campaign, TargetList
from maillage.outreach.validators import validate_letter, validate_subject

_AHEAD = 12


class CampaignForm(forms.Form):
    target_list = forms.ModelChoiceField(
        label=gettext_lazy("À quelle liste"), queryset=TargetList.objects.none(), empty_label=gettext_lazy("Choisissez")
    )
    subject = forms.CharField(label=gettext_lazy("Objet"), max_length=150, validators=[validate_subject])
    body = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=4000,
        validators=[validate_letter],
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy(
            "Une proposition précise, près de chez eux, datée. Une ligne vide sépare deux paragraphes."
        ),
    )
    answer_by = forms.DateField(
        label=gettext_lazy("Répondre avant le"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Facultatif : la date est dite à la fin du message."),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, campaign: Campaign | None = None, **kwargs: Any) -> None:
        if campaign is not None:
            names = ("target_list", "subject", "body", "answer_by")
            kwargs["initial"] = {name: getattr(campaign, name) for name in names}
        super().__init__(data, **kwargs)
        lists: Any = self.fields["target_list"]
        lists.queryset = TargetList.objects.visible_to(viewer).current()

    def clean_answer_by(self) -> date | None:
        day: date | None = self.cleaned_data["answer_by"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("Choisissez une date à venir."), code="past")
        return day


class AnswerForm(forms.Form):
    """Three buttons; a month for « plus tard », a word for whoever wants. A month that is not offered is no month."""

    reponse = forms.ChoiceField(choices=CampaignAnswer.choices)
    mois = forms.ChoiceField(label=gettext_lazy("Quand revenir vers vous"), required=False)
    mot = forms.CharField(label=gettext_lazy("Un mot, si vous voulez"), max_length=300, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        months: Any = self.fields["mois"]
        months.choices = [("", _("Quand vous voulez")), *((day.isoformat(), _named(day)) for day in months_ahead())]

    def month(self) -> date | None:
        chosen = self.cleaned_data["mois"]
        return date.fromisoformat(chosen) if chosen else None


def months_ahead() -> list[date]:
    """The first days of the months to come."""
    today = timezone.localdate()
    count = [today.year * 12 + today.month + number for number in range(_AHEAD)]
    return [date(number // 12, number % 12 + 1, 1) for number in count]


def _named(day: date) -> str:
    return f"{MONTHS[day.month]} {day.year}"
