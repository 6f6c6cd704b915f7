"""Forms of those who register: for a date, for themselves or a school group; fewer places."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.attendance.models import Opening, Registration
from maillage.attendance.queries.standing import Date
from maillage.core.forms import VisitorForm


class RegisterForm(forms.Form):
    """Of someone whose account proved their address. `dates` are those that take somebody, or a turn in their list."""

    session = forms.ChoiceField(label=gettext_lazy("Pour quelle date"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=gettext_lazy("Votre nom"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    places = forms.IntegerField(
        label=gettext_lazy("Nombre de places"), min_value=1, max_value=1000, initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    is_group = forms.BooleanField(label=gettext_lazy("J'inscris un groupe scolaire"), required=False)
    group_name = forms.CharField(
        label=gettext_lazy("Établissement"), max_length=160, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    level = forms.CharField(
        label=gettext_lazy("Niveau"), max_length=80, required=False, help_text=gettext_lazy("Par exemple « CM2 ».")
    )

    def __init__(self, *args: Any, opening: Opening, dates: list[Date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opening = opening
        self.dates = {str(date.session.pk): date for date in dates}
        choices = [(key, f"{date.words} – {_left(date)}") for key, date in self.dates.items()]
        self.fields["session"].choices = choices  # type: ignore[attr-defined]
        # What was chosen may take nobody any more: one sees which date is left, and chooses it.
        if len(choices) == 1 and (not self.is_bound or self.data.get("session") == choices[0][0]):
            self.fields["session"].widget = forms.HiddenInput()
            self.fields["session"].initial = choices[0][0]
        most = ngettext("Une place par inscription.", "%(n)d places au plus par inscription.", opening.most)
        self.fields["places"].help_text = most % {"n": opening.most}
        if opening.groups:
            told = _("Enfants et accompagnateurs compris : %d places au plus.")
            self.fields["is_group"].help_text = told % opening.most_group
        else:
            for field in ("is_group", "group_name", "level"):
                del self.fields[field]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("is_group"):
            for name, sentence in (
                ("group_name", _("Écrivez le nom de l'établissement.")),
                ("level", _("Écrivez le niveau du groupe.")),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        most = self.opening.most_group if cleaned.get("is_group") else self.opening.most
        date = self.dates.get(cleaned.get("session", ""))
        most = min(most, date.session.size) if date is not None else most
        if (cleaned.get("places") or 0) > most:
            self.add_error("places", ngettext("Une place au plus.", "%(n)d places au plus.", most) % {"n": most})
        return cleaned

    @property
    def date(self) -> Date:
        return self.dates[self.cleaned_data["session"]]

    def values(self) -> dict[str, Any]:
        kept = ("name", "email", "places", "is_group", "group_name", "level")
        return {name: self.cleaned_data[name] for name in kept if name in self.cleaned_data}


class VisitorRegisterForm(VisitorForm, RegisterForm):
    """Without an account: the address is asked for, and confirmed by mail."""

    email = forms.EmailField(
        label=gettext_lazy("Votre adresse e-mail"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        help_text=gettext_lazy("Un message vous demandera de confirmer."),
    )  # fmt: skip
    field_order = ["session", "name", "email", "places", "is_group", "group_name", "level", "site", "opened"]


def _left(date: Date) -> str:
    if date.is_full:
        return _("complet, liste d'attente")
    return ngettext("%(n)d place restante", "%(n)d places restantes", date.left) % {"n": date.left}


class FewerForm(forms.Form):
    """Of a registration for several places."""

    places = forms.TypedChoiceField(label=gettext_lazy("Garder"), coerce=int)

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counts = range(registration.places - 1, 0, -1)
        self.fields["places"].choices = [  # type: ignore[attr-defined]
            (n, ngettext("%(n)d place", "%(n)d places", n) % {"n": n}) for n in counts
        ]
