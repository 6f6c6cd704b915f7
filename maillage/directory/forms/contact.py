"""Forms that a visitor fills without an account: what they share, and the one that writes to an actor.

No puzzle: a field that people do not see and the time taken to write tell programs from people.
"""

import time
from typing import Any, cast

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from maillage.core.forms import TrapInput

_SALT = "directory.contact"
LEAST_SECONDS = 3
LONGEST_SECONDS = 12 * 3600


class VisitorForm(forms.Form):
    """`site` must stay empty; `opened` is the signed time when the form was shown."""

    site = forms.CharField(label=_("Laissez ce champ vide"), required=False, widget=TrapInput)
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    error_css_class = "error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("opened", signing.dumps(int(time.time()), salt=_SALT))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("site"):
            sentence = _(
                "Un champ caché a été rempli, sans doute par votre navigateur : il est vidé et votre texte est gardé. "
                "Relisez-le, attendez quelques secondes et envoyez-le de nouveau."
            )
        elif not self._took_its_time(cleaned.get("opened", "")):
            sentence = _(
                "Nous n'avons pas pu vérifier que ce message vient d'une personne. Attendez quelques secondes et envoyez-le "
                "de nouveau : votre texte est gardé."
            )
        else:
            return cleaned
        # Sending again works: the hidden box is emptied, a page left open overnight gets a fresh mark.
        renewed = cast(QueryDict, self.data).copy()
        renewed["site"], renewed["opened"] = "", self.initial["opened"]
        self.data = renewed
        raise forms.ValidationError(sentence, code="robot")

    def _took_its_time(self, opened: str) -> bool:
        try:
            age = time.time() - signing.loads(opened, salt=_SALT)
        except (signing.BadSignature, TypeError):
            return False
        return LEAST_SECONDS <= age <= LONGEST_SECONDS


class ContactForm(VisitorForm):
    name = forms.CharField(label=_("Votre nom"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Votre adresse e-mail"),
        help_text=_("La réponse vous parviendra à cette adresse. Par exemple : prenom.nom@exemple.fr"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    message = forms.CharField(
        label=_("Votre message"),
        max_length=4000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Dites qui vous êtes et ce que vous cherchez : un intervenant, une visite, un partenariat…"),
    )

    field_order = ["name", "email", "message", "site", "opened"]
