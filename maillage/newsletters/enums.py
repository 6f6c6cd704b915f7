"""Closed lists of the letters."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubscriptionState(models.TextChoices):
    """Pending: nobody is written to before the link was confirmed. Failed: the mail server refuses the address for good."""

    PENDING = "pending", _("à confirmer")
    ACTIVE = "active", _("abonnée")
    STOPPED = "stopped", _("désabonnée")
    FAILED = "failed", _("adresse refusée")


class Origin(models.TextChoices):
    """Where a subscription comes from."""

    SITE = "site", _("formulaire du site")
    ACCOUNT = "account", _("compte")
    IMPORT = "import", _("liste reprise")


class ConsentAct(models.TextChoices):
    """A line of the journal of consents."""

    ASKED = "asked", _("case cochée")
    CONFIRMED = "confirmed", _("lien confirmé")
    STATED = "stated", _("consentement attesté par l'équipe")
    WITHDRAWN = "withdrawn", _("désabonnement")
    ERASED = "erased", _("adresse effacée")


class LetterState(models.TextChoices):
    DRAFT = "draft", _("brouillon")
    SCHEDULED = "scheduled", _("programmée")
    SENDING = "sending", _("envoi en cours")
    STOPPED = "stopped", _("envoi arrêté")
    SENT = "sent", _("envoyée")
    CANCELLED = "cancelled", _("abandonnée")


class BlockKind(models.TextChoices):
    SECTION = "section", _("titre de partie")
    PUBLICATION = "publication", _("publication")
    EVENT = "event", _("événement")
    ACTOR = "actor", _("acteur")
    TEXT = "text", _("texte libre")


class Skip(models.TextChoices):
    """Why a message that was planned did not leave."""

    STOPPED = "stopped", _("s'est désabonnée entre-temps")
    PAUSED = "paused", _("a demandé une pause")
    FAILED = "failed", _("son adresse était déjà refusée")
    EMPTY = "empty", _("plus rien à lire dans la lettre")
    CANCELLED = "cancelled", _("lettre abandonnée")
