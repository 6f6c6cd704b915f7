"""Closed lists of the agenda. Codes of public formats are kept where there is one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventState(models.TextChoices):
    """Where an event stands with those who review it; `EventStatus` says whether it will take place."""

    DRAFT = "draft", _("brouillon")
    PROPOSED = "proposed", _("à valider")
    PUBLISHED = "published", _("publié")
    REFUSED = "refused", _("refusé")
    SUSPENDED = "suspended", _("masqué en attendant")
    HIDDEN = "hidden", _("retiré")


# Out of the agenda without its author having said so: by the team, or until it answers what is reported.
WITHDRAWN = (EventState.SUSPENDED, EventState.HIDDEN)


class EventStatus(models.TextChoices):
    """Whether and how it takes place; six cases, as in the format of OpenAgenda."""

    SCHEDULED = "scheduled", _("prévu")
    RESCHEDULED = "rescheduled", _("dates changées")
    MOVED_ONLINE = "moved_online", _("passe en ligne")
    POSTPONED = "postponed", _("reporté")
    FULL = "full", _("complet")
    CANCELLED = "cancelled", _("annulé")


class Attendance(models.TextChoices):
    ONSITE = "onsite", _("sur place")
    ONLINE = "online", _("en ligne")
    MIXED = "mixed", _("sur place et en ligne")


class Price(models.TextChoices):
    """An event whose price nobody told has none of these."""

    FREE = "free", _("gratuit")
    PAID = "paid", _("payant")


class OrganiserRole(models.TextChoices):
    LEAD = "lead", _("organise")
    PARTNER = "partner", _("avec")


class BookingFor(models.TextChoices):
    """Whom a way to register is for."""

    PUBLIC = "public", _("tout public")
    SCHOOL = "school", _("groupes scolaires")


class BookingBy(models.TextChoices):
    """How one registers, with the words of the format of OpenAgenda."""

    LINK = "link", _("site")
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("téléphone")


class RevisionState(models.TextChoices):
    """What becomes of an editor's words on a published event."""

    WAITING = "waiting", _("attend la relecture")
    ACCEPTED = "accepted", _("retenue")
    REFUSED = "refused", _("refusée")
    WITHDRAWN = "withdrawn", _("retirée")


class RefusalReason(models.TextChoices):
    """Why an event or a change is refused; words follow, which the author reads."""

    OUT_OF_SCOPE = "hors-sujet", _("sans lien avec la culture scientifique")
    OUT_OF_AREA = "hors-territoire", _("hors du territoire du réseau")
    DUPLICATE = "doublon", _("déjà dans l'agenda")
    INCOMPLETE = "incomplet", _("trop peu d'informations")
    WRONG = "inexact", _("inexact")
    PROMOTIONAL = "promotionnel", _("promotionnel")
    OTHER = "autre", _("autre")
