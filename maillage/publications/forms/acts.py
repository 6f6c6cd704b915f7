"""Forms of the acts on a publication: a refusal, taking out, the moment it appears, a signature, a medium, a piece, a comment."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.kit.fields import DayField, HourField
from maillage.core import images
from maillage.core.forms import EITHER
from maillage.core.viewer import Viewer
from maillage.directory.enums import Licence
from maillage.directory.kit import refusing
from maillage.directory.kit.choosing import ActorField, ActorInput
from maillage.directory.kit.pictures import ACCEPT
from maillage.publications.actions.commenting import LONGEST
from maillage.publications.actions.stating import MOST_SAID
from maillage.publications.enums import MediaKind, RefusalReason
from maillage.publications.models import Publication
from maillage.publications.queries.gathering import thing_at, thing_of
from maillage.search.queries import Hit

_WORDS = {"rows": 3}


class RefusalForm(refusing.RefusalForm):
    reasons = RefusalReason.choices


class HidingForm(refusing.HidingForm):
    read_by = gettext_lazy("Envoyé aux personnes qui signent ce texte.")


class TakingBackForm(forms.Form):
    """Its address then says that it is gone, or leads to what replaces it."""

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=MOST_SAID,
        required=False,
        widget=forms.Textarea(attrs=_WORDS),
        help_text=gettext_lazy(
            "Public : toute personne qui ouvre son adresse le lit, sans que l'équipe l'ait relu. Une phrase suffit."
        ),
    )
    replaced_by = forms.CharField(
        label=gettext_lazy("Remplacé par"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("L'adresse d'une autre publication de ce site, où les lecteurs sont menés."),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_replaced_by(self) -> Publication | None:
        text = self.cleaned_data["replaced_by"].strip()
        return publication_at(text, self.viewer) if text else None


def publication_at(address: str, viewer: Viewer) -> Publication:
    """The one that an address of this site shows."""
    slug = address.strip().rstrip("/").rpartition("/")[2][:100]
    found = Publication.objects.visible_to(viewer).shown().filter(slug=slug).first()
    if found is None:
        raise ValidationError(_("Aucune publication en ligne n'a cette adresse."))
    return found


class SettingsForm(forms.Form):
    """Until that minute nobody reads it but by its preview link."""

    day = DayField(
        label=gettext_lazy("Ne paraît qu'à partir du"),
        required=False,
        help_text=gettext_lazy("Laissez vide pour qu'il paraisse dès qu'il est publié."),
    )
    hour = HourField(label=gettext_lazy("À"), required=False, help_text=gettext_lazy("Sans heure : à 8 h."))
    comments_open = forms.BooleanField(label=gettext_lazy("Les lecteurs peuvent commenter"), required=False)

    def __init__(self, data: Any = None, *, publication: Publication) -> None:
        self.publication = publication
        at = timezone.localtime(publication.publish_at) if publication.publish_at else None
        held = {"day": at and at.date(), "hour": at and at.time(), "comments_open": publication.comments_open}
        super().__init__(data, initial=held)
        if publication.is_shown:
            del self.fields["day"], self.fields["hour"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if self.publication.is_shown:
            cleaned["publish_at"] = self.publication.publish_at
            return cleaned
        day, hour = cleaned.get("day"), cleaned.get("hour")
        if day is None and hour is not None:
            self.add_error("day", _("Donnez aussi le jour."))
        at = None
        if day is not None:
            at = timezone.make_aware(datetime.combine(day, hour or time(8))).astimezone(UTC)
            if at <= timezone.now() and at != self.publication.publish_at:
                self.add_error("day", _("Ce moment est déjà passé."))
        cleaned["publish_at"] = at
        return cleaned


class SignerInput(ActorInput):
    url = reverse_lazy("agenda:actor_options")


class SignerField(ActorField):
    widget = SignerInput


class CreditForm(forms.Form):
    """An actor of the directory, or a person by name and address."""

    name = forms.CharField(
        template_name=EITHER, label=gettext_lazy("Nom de la personne"), max_length=120, required=False
    )
    email = forms.EmailField(
        template_name=EITHER,
        label=gettext_lazy("Son adresse e-mail"),
        required=False,
        help_text=gettext_lazy("Pour lui demander son accord. Elle n'est montrée à personne, et oubliée ensuite."),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.fields["actor"] = SignerField(
            viewer=viewer, required=False, template_name=EITHER, label=_("Un acteur de l'annuaire"),
            help_text=_("Tapez les premières lettres : les personnes qui s'en occupent donnent leur accord."),
        )  # fmt: skip
        self.order_fields(["actor", "name", "email"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "actor" in self.errors:
            return cleaned
        if cleaned.get("actor") and cleaned.get("name"):
            self.add_error("name", _("Un acteur ou une personne : ajoutez l'autre ensuite."))
        elif not cleaned.get("actor") and not cleaned.get("name"):
            self.add_error("name", _("Donnez un acteur, ou le nom d'une personne."))
        return cleaned


class MediaForm(forms.Form):
    """A picture with its words, or a sound or a video that is elsewhere."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Ce que vous ajoutez"), choices=MediaKind.choices, widget=forms.RadioSelect, initial="image"
    )
    picture = forms.FileField(
        template_name=EITHER, label=gettext_lazy("Image"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("JPEG, PNG ou WebP, 12 Mo au plus."),
    )  # fmt: skip
    alt = forms.CharField(
        template_name=EITHER, label=gettext_lazy("Description de l'image"), max_length=300, required=False,
        help_text=gettext_lazy("Pour qui ne la voit pas."),
    )  # fmt: skip
    is_decorative = forms.BooleanField(label=gettext_lazy("Elle est décorative : rien à décrire"), required=False)
    credit = forms.CharField(
        template_name=EITHER, label=gettext_lazy("Qui a fait l'image"), max_length=120, required=False
    )
    licence = forms.ChoiceField(
        template_name=EITHER, label=gettext_lazy("Droits"), required=False, choices=[("", "—"), *Licence.choices]
    )
    url = forms.CharField(
        template_name=EITHER, label=gettext_lazy("Adresse du son ou de la vidéo"), max_length=500, required=False,
        help_text=gettext_lazy("La page où on l'écoute ou la regarde. Elle ne s'ouvre que si le lecteur le demande."),
    )  # fmt: skip
    title = forms.CharField(
        template_name=EITHER, label=gettext_lazy("Titre du son ou de la vidéo"), max_length=140, required=False
    )
    caption = forms.CharField(label=gettext_lazy("Légende"), max_length=300, required=False)

    def clean_picture(self) -> Any:
        upload = self.cleaned_data.get("picture")
        return images.received(upload) if isinstance(upload, UploadedFile) else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == MediaKind.IMAGE:
            needed = {"picture": _("Choisissez une image."), "credit": _("Dites qui a fait l'image."),
                      "licence": _("Dites comment elle peut être réutilisée.")}  # fmt: skip
            if not cleaned.get("is_decorative"):
                needed["alt"] = _("Décrivez l'image, ou dites qu'elle est décorative.")
        else:
            needed = {"url": _("Donnez l'adresse."), "title": _("Donnez un titre.")}
            if cleaned.get("url"):
                try:
                    URLValidator(schemes=["http", "https"])(cleaned["url"])
                except ValidationError:
                    self.add_error("url", _("Cette adresse n'est pas celle d'une page : elle commence par https://."))
        for name, sentence in needed.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return cleaned

    def medium(self, stored: str) -> dict[str, str]:
        """As `models.formats` keeps it; `stored` is the name of the picture once kept."""
        given = self.cleaned_data
        if given["kind"] == MediaKind.IMAGE:
            alt = "" if given["is_decorative"] else given["alt"]
            return {"kind": "image", "name": stored, "alt": alt, "credit": given["credit"],
                    "licence": given["licence"], "caption": given["caption"]}  # fmt: skip
        return {"kind": given["kind"], "url": given["url"], "title": given["title"], "caption": given["caption"]}


class PieceForm(forms.Form):
    """What is added to a dossier: an actor, or the address of a page: of this site it is recognised, elsewhere it has a title."""

    address = forms.CharField(
        template_name=EITHER, label=gettext_lazy("Adresse d'une page"), max_length=500, required=False,
        help_text=gettext_lazy("D'un contenu de ce site que tout le monde lit, ou d'une page d'ailleurs."),
    )  # fmt: skip
    title = forms.CharField(
        template_name=EITHER, label=gettext_lazy("Titre"), max_length=140, required=False,
        help_text=gettext_lazy("Pour une page d'ailleurs ; celles de ce site ont le leur."),
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("En quelques mots"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, viewer: Viewer, host: str) -> None:
        super().__init__(data)
        self.viewer, self.host = viewer, host

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        address = (cleaned.get("address") or "").strip()
        if not address:
            self.add_error("address", _("Donnez l'adresse d'une page."))
            return cleaned
        path = address.removeprefix("https://").removeprefix("http://").removeprefix(self.host)
        inside = path.startswith("/")
        cleaned["of"] = thing_at(self.viewer, path) if inside else None
        if cleaned["of"] is None:
            if inside:
                self.add_error("address", _("Cette page du site n'est pas un contenu que tout le monde lit."))
                return cleaned
            try:
                URLValidator(schemes=["http", "https"])(address)
            except ValidationError:
                self.add_error("address", _("Cette adresse n'est pas celle d'une page : elle commence par https://."))
                return cleaned
            if not cleaned.get("title"):
                self.add_error("title", _("Donnez un titre à ce lien."))
            cleaned["of"] = {"url": address, "title": cleaned.get("title", "")}
        return cleaned


class FoundForm(forms.Form):
    """One of what was found, added to a dossier; `named` says what each kind is."""

    found = forms.ChoiceField(
        label=gettext_lazy("Ce que vous ajoutez"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez l'un des résultats."),
                        "invalid_choice": gettext_lazy("Ce contenu n'est plus dans les résultats : cherchez-le encore.")},
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("En quelques mots"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, viewer: Viewer, hits: Sequence[Hit], named: Mapping[str, Any]) -> None:
        super().__init__(data, prefix="choix")
        self.viewer = viewer
        found: Any = self.fields["found"]
        found.choices = [
            (
                f"{hit.kind}-{hit.object_id}",
                " · ".join(filter(None, [hit.title, str(named.get(hit.kind, "")), hit.subtitle])),
            )
            for hit in hits
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if chosen := cleaned.get("found"):
            kind, _dash, number = chosen.partition("-")
            cleaned["of"] = thing_of(self.viewer, kind, int(number))
            if cleaned["of"] is None:
                self.add_error("found", _("Tout le monde ne lit pas ce contenu."))
        return cleaned


class CommentForm(forms.Form):
    """`waits`: it will be read by the team first."""

    text = forms.CharField(
        label=gettext_lazy("Votre commentaire"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, waits: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = (
            _("Votre nom est montré avec lui. L'équipe relit votre premier commentaire avant qu'il paraisse.")
            if waits
            else _("Votre nom est montré avec lui.")
        )


class NoteForm(forms.Form):
    """What readers are told of a change."""

    corrects = forms.BooleanField(label=gettext_lazy("Elle corrige une erreur"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note pour les lecteurs"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Datée, sous le texte : « La distance était fausse : 4,2 années-lumière ». Vide : rien n'est dit."
        ),
    )
