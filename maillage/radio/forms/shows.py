"""The form of a programme."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import images
from maillage.core.forms import SeenForm
from maillage.directory.kit.pictures import ACCEPT
from maillage.radio.engine.reading import FASTEST, SLOWEST
from maillage.radio.enums import Category, Language
from maillage.radio.models import Show
from maillage.radio.queries.fields import show_fields


class ShowForm(SeenForm, forms.Form):
    name = forms.CharField(label=gettext_lazy("Nom de l'émission"), max_length=120)
    summary = forms.CharField(
        label=gettext_lazy("Présentation"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("De quoi elle parle, à qui : montrée sur le site et dans les applications de podcasts."),
    )
    stations = forms.CharField(
        label=gettext_lazy("Radios qui la diffusent"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Avec leur fréquence : « Radio des Causses, 97.2 »."),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Durée habituelle (minutes)"), min_value=1, max_value=240)
    rate = forms.IntegerField(
        label=gettext_lazy("Mots lus par minute"),
        min_value=SLOWEST,
        max_value=FASTEST,
        help_text=gettext_lazy("Pour calculer les durées : 150 pour une voix posée, 180 pour une voix rapide."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Langue"), choices=Language.choices)
    category = forms.ChoiceField(label=gettext_lazy("Catégorie de podcast"), choices=Category.choices)
    owner_name = forms.CharField(label=gettext_lazy("Responsable de l'émission"), max_length=120)
    owner_email = forms.EmailField(
        label=gettext_lazy("Adresse du responsable"),
        max_length=254,
        help_text=gettext_lazy(
            "Tout le monde la lit dans le flux : une adresse de service plutôt que celle d'une personne."
        ),
    )
    image = forms.FileField(
        label=gettext_lazy("Pochette"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("Une image carrée, de 1 400 pixels au moins. Sans elle, une pochette est dessinée."),
    )
    image_alt = forms.CharField(
        label=gettext_lazy("Ce que montre la pochette"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("En une phrase, pour qui ne la voit pas. Rien si elle ne montre que le nom."),
    )
    is_explicit = forms.BooleanField(label=gettext_lazy("Réservée aux adultes"), required=False)
    is_open = forms.BooleanField(
        label=gettext_lazy("Ouverte au public"),
        required=False,
        help_text=gettext_lazy("Sinon seule l'équipe la voit, et son podcast ne répond plus."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, show: Show | None = None, email: str = "") -> None:
        held = show_fields(show if show is not None else Show(owner_email=email))
        super().__init__(data, files, initial={name: value for name, value in held.items() if name != "image"})
        self.held = held

    def clean_image(self) -> Any:
        upload = self.cleaned_data.get("image")
        return images.received(upload) if isinstance(upload, UploadedFile) else self.held["image"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(each.isalnum() for each in name):
            raise forms.ValidationError(_("Donnez un nom à l'émission."))
        return name
