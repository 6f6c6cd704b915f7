"""Closed lists of the registrations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a registration stands. `ASKED` holds nothing: it was full, and the waiting list is joined by confirming."""

    PENDING = "pending", _("à confirmer")
    ASKED = "asked", _("à confirmer, en liste d'attente")
    CONFIRMED = "confirmed", _("inscription confirmée")
    WAITING = "waiting", _("en liste d'attente")
    OFFERED = "offered", _("place proposée")
    EXPIRED = "expired", _("jamais confirmée")
    LAPSED = "lapsed", _("place proposée, sans réponse")
    DECLINED = "declined", _("place proposée, refusée")
    CANCELLED = "cancelled", _("annulée par la personne")
    REMOVED = "removed", _("annulée par l'organisateur")


UNCONFIRMED = (State.PENDING, State.ASKED, State.EXPIRED)
ACTIVE = (State.CONFIRMED, State.WAITING, State.OFFERED)
HOLDING = (State.PENDING, State.OFFERED)  # A place, until a moment.


class Standing(models.TextChoices):
    """What a date answers to someone who would register."""

    OPEN = "open", _("inscriptions ouvertes")
    FULL = "full", _("complet : liste d'attente")
    SOON = "soon", _("inscriptions pas encore ouvertes")
    CLOSED = "closed", _("inscriptions closes")
    OFF = "off", _("annulée ou reportée")
    GONE = "gone", _("date retirée")
    OVER = "over", _("passée")


TAKES = (Standing.OPEN, Standing.FULL)
