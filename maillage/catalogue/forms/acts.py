"""Forms of the acts on a resource: refusal, taking out, a photo, a document, links, a use, an opinion."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.enums import RefusalReason
from maillage.catalogue.kit import DayField
from maillage.catalogue.models import Collection, Photo, Resource, ResourceFile
from maillage.core import images
from maillage.core.forms import EITHER
from maillage.core.viewer import Viewer
from maillage.directory.enums import ImageRole, Licence
from maillage.directory.kit.pictures import ACCEPT
from maillage.networks.queries import departments_of
from maillage.territories.kit import CommuneField

_WORDS = {"rows": 3}


class RefusalForm(forms.Form):
    code = forms.ChoiceField(label=gettext_lazy("Motif"), choices=RefusalReason.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Explication"),
        max_length=500,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=gettext_lazy("Envoyée à la personne : ce qu'il faudrait pour que ce soit retenu."),
    )


class HidingForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=gettext_lazy("Envoyé aux personnes de la structure qui la propose."),
    )


class RetiringForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=gettext_lazy("Montré à qui ouvre son adresse."),
    )
    replaced_by = forms.CharField(
        label=gettext_lazy("Remplacée par"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("L'adresse d'une autre ressource de ce site."),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_replaced_by(self) -> Resource | None:
        text = self.cleaned_data["replaced_by"].strip()
        return resource_at(text, self.viewer) if text else None


def resource_at(address: str, viewer: Viewer) -> Resource:
    """The one that an address of this site shows."""
    slug = address.strip().rstrip("/").rpartition("/")[2][:100]
    found = Resource.objects.visible_to(viewer).shown().filter(slug=slug).first()
    if found is None:
        raise ValidationError(_("Aucune ressource en ligne n'a cette adresse."))
    return found


class PhotoForm(forms.Form):
    """Without `photo`, a new one."""

    image = forms.FileField(
        label=gettext_lazy("Photo"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("JPEG, PNG ou WebP, 12 Mo au plus. Le lieu de prise de vue est effacé."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Pour les personnes qui ne voient pas l'image"),
        widget=forms.RadioSelect,
        initial=ImageRole.DESCRIBED,
        choices=[
            (ImageRole.DESCRIBED, gettext_lazy("L'image montre quelque chose : je la décris")),
            (ImageRole.IN_TEXT, gettext_lazy("Ce qu'elle montre est déjà dit dans la présentation")),
            (ImageRole.DECORATIVE, gettext_lazy("L'image est décorative")),
        ],
    )
    alt = forms.CharField(
        label=gettext_lazy("Description de l'image"), max_length=200, required=False, template_name=EITHER
    )
    credit = forms.CharField(label=gettext_lazy("Crédit"), max_length=120)
    licence = forms.ChoiceField(label=gettext_lazy("Droits"), choices=Licence.choices)
    first = forms.BooleanField(label=gettext_lazy("La montrer en premier"), required=False)

    def __init__(self, *args: Any, photo: Photo | None = None, **kwargs: Any) -> None:
        if photo is not None:
            kwargs["initial"] = {name: getattr(photo, name) for name in ("role", "alt", "credit", "licence")}
        super().__init__(*args, **kwargs)
        if photo is not None:
            del self.fields["image"]
        else:
            del self.fields["first"]

    def clean_image(self) -> Any:
        upload = self.cleaned_data.get("image")
        return images.received(upload) if isinstance(upload, UploadedFile) else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("role") == ImageRole.DESCRIBED and not cleaned.get("alt"):
            self.add_error("alt", _("Décrivez l'image en une phrase."))
        return cleaned

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("role", "alt", "credit", "licence")}


class DocumentForm(forms.Form):
    """A document (with `document`, its next version)."""

    upload = forms.FileField(label=gettext_lazy("Fichier"))
    title = forms.CharField(label=gettext_lazy("Nom du document"), max_length=140, required=False)
    is_safety = forms.BooleanField(label=gettext_lazy("C'est une fiche de sécurité"), required=False)
    note = forms.CharField(label=gettext_lazy("Ce qui change"), max_length=300, required=False)

    def __init__(self, *args: Any, document: ResourceFile | None = None, most: int = 40, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = _(
            "PDF, OpenDocument, Office sans macros, image, son, vidéo, CSV ou ZIP : %(most)d Mo au plus. Le lieu de prise de vue est effacé des photos JPEG, PNG et WebP, pas des vidéos."
        ) % {"most": most}
        for name in ("title", "is_safety") if document is not None else ("note",):
            del self.fields[name]


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=200,
        help_text=gettext_lazy(
            "Montré à la place du fichier, sans rien redire de ce qu'il contenait : « déposée par erreur »."
        ),
    )


class NamingForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Nom du document"), max_length=140)
    is_safety = forms.BooleanField(label=gettext_lazy("C'est une fiche de sécurité"), required=False)


class LinksForm(forms.Form):
    """One a line: « nom | adresse », or the address alone."""

    links = forms.CharField(
        label=gettext_lazy("Liens"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy("Un par ligne : « nom | adresse ». Chaque semaine, le site vérifie qu'ils répondent."),
    )

    def clean_links(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        valid = URLValidator(schemes=["http", "https"])
        for line in self.cleaned_data["links"].splitlines():
            if not line.strip():
                continue
            title, _bar, url = line.rpartition("|")
            url = url.strip()
            url = url if "://" in url else f"https://{url}"
            try:
                valid(url)
            except ValidationError:
                raise ValidationError(_("« %(line)s » n'est pas une adresse.") % {"line": line.strip()[:80]}) from None
            if len(url) > 500:
                raise ValidationError(_("Une adresse fait 500 caractères au plus."))
            found.append(((title.strip() or url.partition("://")[2])[:140], url))
        return found


class UseForm(forms.Form):
    used_on = DayField(label=gettext_lazy("Utilisée le"))
    commune = CommuneField(required=False, label=gettext_lazy("À"))
    reached = forms.IntegerField(
        label=gettext_lazy("Personnes touchées"), required=False, min_value=0, max_value=1_000_000
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"] = CommuneField(
            required=False, label=_("Où"), within=lambda: {each.pk for each in departments_of(viewer.network)}
        )
        self.order_fields(["used_on", "commune", "reached"])

    def clean_used_on(self) -> Any:
        day = self.cleaned_data["used_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Ce jour n'est pas encore venu."))
        return day


class FeedbackForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=gettext_lazy("Votre note"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (5, gettext_lazy("5 – à recommander")),
            (4, gettext_lazy("4 – bien")),
            (3, gettext_lazy("3 – correct")),
            (2, gettext_lazy("2 – décevant")),
            (1, gettext_lazy("1 – à revoir")),
        ],
    )
    words = forms.CharField(
        label=gettext_lazy("Votre avis"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Ce qui a bien marché, ce qu'il faut savoir. Signé de votre nom, lu de tous."),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Votre réponse"), max_length=2000, required=False, widget=forms.Textarea(attrs=_WORDS)
    )


class AddressForm(forms.Form):
    """A resource to put in a collection, by its address on this site."""

    adresse = forms.CharField(label=gettext_lazy("Ajouter une ressource par son adresse"), max_length=300)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        self.viewer = viewer

    def clean_adresse(self) -> Resource:
        return resource_at(self.cleaned_data["adresse"], self.viewer)


class CollectionForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=140)
    summary = forms.CharField(
        label=gettext_lazy("En une phrase"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_listed = forms.BooleanField(label=gettext_lazy("La montrer dans la liste des collections"), required=False)

    def __init__(self, *args: Any, may_list: bool, collection: Collection | None = None, **kwargs: Any) -> None:
        if collection is not None:
            kwargs["initial"] = {name: getattr(collection, name) for name in ("title", "summary", "is_listed")}
        super().__init__(*args, **kwargs)
        if not may_list:
            del self.fields["is_listed"]
