"""How one registers, who organises, the picture, the moment it is published."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.agenda.forms.fields import OrganisersField
from maillage.agenda.forms.steps.step import StepForm
from maillage.agenda.kit.fields import DayField, HourField
from maillage.agenda.kit.pictures import PictureForm
from maillage.agenda.models.formats import MOST_BOOKINGS, validate_bookings
from maillage.agenda.queries.fields import BOOKINGS, bookings_from
from maillage.core.seen import marks

_LINES = {"rows": 3}


class BookingForm(StepForm):
    step, title = "inscription", gettext_lazy("Inscription")

    booking_public = forms.CharField(
        label=gettext_lazy("Pour s'inscrire, tout public"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs=_LINES),
        help_text=gettext_lazy(
            "Un par ligne : adresse d'un site, e-mail ou téléphone. Laissez vide si l'entrée est libre."
        ),
    )
    booking_school = forms.CharField(
        label=gettext_lazy("Pour s'inscrire, groupes scolaires"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs=_LINES),
    )
    website = forms.URLField(
        label=gettext_lazy("En savoir plus"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("La page de l'événement sur votre site."),
    )

    def _lines(self, name: str) -> str:
        text = "\n".join(line.strip() for line in self.cleaned_data[name].splitlines() if line.strip())
        for booking in bookings_from(text, BOOKINGS[name]):
            try:
                validate_bookings([booking])
            except ValidationError as error:
                sentence = _("« %(line)s » n'est ni une adresse de site, ni un e-mail, ni un téléphone.")
                raise ValidationError(sentence, params={"line": booking["value"][:80]}) from error
        return "\n".join(booking["value"] for booking in bookings_from(text, BOOKINGS[name]))

    def clean_booking_public(self) -> str:
        return self._lines("booking_public")

    def clean_booking_school(self) -> str:
        return self._lines("booking_school")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if sum(len(cleaned.get(name, "").splitlines()) for name in BOOKINGS) > MOST_BOOKINGS:
            self.add_error("booking_school", _("Dix moyens de s'inscrire au plus."))
        return cleaned


class OrganisersForm(StepForm):
    step, title = "organisateurs", gettext_lazy("Organisateurs")

    def prepare(self) -> None:
        self.fields["organisers"] = OrganisersField(
            viewer=self.viewer,
            label=_("Acteurs de l'annuaire"),
            help_text=_(
                "Le rang 1 porte l'événement. Les personnes qui s'occupent de ces fiches peuvent modifier l'événement, et en sont "
                "prévenues (vingt messages par heure au plus). Videz une ligne pour retirer un acteur."
            ),
        )
        self.fields["organiser_name"] = forms.CharField(
            label=_("Organisateur hors annuaire"), max_length=200, required=False
        )
        if "ajouter" in self.data:
            self.fields["organisers"].widget.extra = 3


class ImageForm(StepForm, PictureForm):
    step, title = "image", gettext_lazy("Image")

    def prepare(self) -> None:
        if not self.event.image:
            del self.fields["remove"]

    @property
    def has_picture(self) -> bool:
        return bool(self.event.image) or (self.revision is not None and bool(self.revision.values.get("image")))


class PublicationForm(StepForm):
    """An embargo: until that minute the event is in no list, feed or search."""

    step, title = "publication", gettext_lazy("Publication")

    embargo_day = DayField(
        label=gettext_lazy("Ne paraît qu'à partir du"),
        required=False,
        help_text=gettext_lazy("Laissez vide pour qu'il paraisse dès qu'il est publié."),
    )
    embargo_hour = HourField(label=gettext_lazy("À"), required=False, help_text=gettext_lazy("Sans heure : à 8 h."))

    def prepare(self) -> None:
        self.fields["publish_at"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["publish_at"]
        at = self.held["publish_at"]
        local = at.astimezone(self.event.tz) if at is not None else None
        self.initial = {"embargo_day": local and local.date(), "embargo_hour": local and local.time()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        day, hour = cleaned.get("embargo_day"), cleaned.get("embargo_hour")
        if day is None and hour is not None:
            self.add_error("embargo_day", _("Donnez aussi le jour."))
            return cleaned
        at = None
        if day is not None:
            at = datetime.combine(day, hour or time(8)).replace(tzinfo=self.event.tz).astimezone(UTC)
            if at <= timezone.now() and at != self.held["publish_at"]:
                self.add_error("embargo_day", _("Ce moment est déjà passé."))
        cleaned["publish_at"] = at
        return cleaned

    def tell(self, held: Any) -> None:
        """After a conflict: what is stored now is said beside what was typed."""
        at = held["publish_at"]
        local = at.astimezone(self.event.tz) if at is not None else None
        self["embargo_day"].meanwhile = f"{local:%d/%m/%Y %H:%M}" if local else _("vide")  # type: ignore[attr-defined]
        typed = self.data.copy()
        typed["vu"] = marks(held)
        self.data = typed
