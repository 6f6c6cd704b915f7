"""Forms of readers: subscribing without an account, preferences by the link of a letter."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.core.dates import date_format
from maillage.core.forms import VisitorForm
from maillage.networks.models import Network
from maillage.networks.queries import departments_of, terms_of
from maillage.newsletters.models import Subscription
from maillage.newsletters.registry import CONSENT_TEXTS, CONSENT_VERSION
from maillage.topics.enums import Vocabulary

_KEEP = "garder"
_PAUSES = (1, 2, 3, 6)


class ChoicesForm(forms.Form):
    """`themes` and `departments`: ids, as text; what is chosen comes first in each letter."""

    def add_choices(self, network: Network) -> None:
        themes = [(str(term.pk), term.label) for term in terms_of(network, Vocabulary.THEME)]
        places = [(str(place.pk), place.name) for place in departments_of(network)]
        for name, label, choices in (
            ("themes", gettext_lazy("Thématiques"), themes),
            ("departments", gettext_lazy("Départements"), places),
        ):
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )

    def chosen(self, name: str) -> list[int]:
        return [int(value) for value in self.cleaned_data[name]]


class SubscribeForm(ChoicesForm, VisitorForm):
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    version = forms.ChoiceField(
        choices=[(version, version) for version in CONSENT_TEXTS], initial=CONSENT_VERSION, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_choices(network)
        self.fields["consent"] = forms.BooleanField(
            label=CONSENT_TEXTS[CONSENT_VERSION] % {"network": network.name},
            error_messages={"required": _("Cochez la case pour recevoir la lettre : sans votre accord, rien ne part.")},
        )
        self.order_fields(["email", "themes", "departments", "consent", "site", "opened", "version"])


class PreferencesForm(ChoicesForm):
    def __init__(self, *args: Any, subscription: Subscription, **kwargs: Any) -> None:
        initial = {
            "themes": [str(pk) for pk in subscription.themes.values_list("pk", flat=True)],
            "departments": [str(pk) for pk in subscription.departments.values_list("pk", flat=True)],
            "pause": _KEEP if subscription.is_paused else "",
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.subscription = subscription
        self.add_choices(subscription.network)
        choices = [("", _("Pas de pause"))]
        if subscription.is_paused and subscription.paused_until:
            day = date_format(subscription.paused_until, "j F Y")
            choices.append((_KEEP, _("En pause jusqu'au %(day)s") % {"day": day}))
        choices += [
            (str(n), ngettext("Pas de lettre pendant un mois", "Pas de lettre pendant %(n)d mois", n) % {"n": n})
            for n in _PAUSES
        ]
        self.fields["pause"] = forms.ChoiceField(
            label=_("Faire une pause"), choices=choices, required=False,
            help_text=_("Les lettres reprennent d'elles-mêmes."),
        )  # fmt: skip

    @property
    def paused_until(self) -> date | None:
        pause = self.cleaned_data["pause"]
        if pause == _KEEP:
            return self.subscription.paused_until
        return timezone.localdate() + timedelta(days=30 * int(pause)) if pause else None
