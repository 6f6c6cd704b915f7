"""Closed lists of the network's relations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a contact was made."""

    PHONE = "phone", _("téléphone")
    MAIL = "mail", _("e-mail")
    MEETING = "meeting", _("rendez-vous")
    VISIT = "visit", _("visite")
    VIDEO = "video", _("visioconférence")
    EVENT = "event", _("événement")
    LETTER = "letter", _("courrier")
    OTHER = "other", _("autre")


class Stage(models.TextChoices):
    """How far the approach of an actor is, from the nearest to the furthest but for the two that end it."""

    TO_IDENTIFY = "identify", _("à identifier")
    TO_CONTACT = "contact", _("à contacter")
    CONTACTED = "contacted", _("contacté")
    MET = "met", _("rencontré")
    LATER = "later", _("plus tard")
    INTERESTED = "interested", _("intéressé")
    DECLINED = "declined", _("non")
    MEMBER = "member", _("membre")

    @property
    def rank(self) -> int:
        return list(Stage).index(self)

    @property
    def ends(self) -> bool:
        return self in ENDS


ENDS = (Stage.DECLINED, Stage.MEMBER)
OPEN_STAGES = tuple(stage for stage in Stage if stage not in ENDS)


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    SENDING = "sending", _("en cours d'envoi")
    SENT = "sent", _("envoyée")
    STOPPED = "stopped", _("arrêtée")


class CampaignAnswer(models.TextChoices):
    """What whoever reads the address of an actor says of a proposal."""

    INTERESTED = "interested", _("intéressé")
    LATER = "later", _("plus tard")
    NO = "no", _("non merci")


class Skip(models.TextChoices):
    """Why a campaign does not write to an actor of its list."""

    ARCHIVED = "archived", _("fiche archivée")
    AWAY = "away", _("fiche tenue par un autre réseau")
    REACH = "reach", _("dans un département que vous n'animez pas")
    NO_ADDRESS = "no_address", _("pas d'adresse de contact")
    OBJECTED = "objected", _("a demandé à ne plus recevoir de message")
    STOPPED = "stopped", _("ne veut plus de ces messages")
    BOUNCED = "bounced", _("adresse refusée par le serveur de courrier")
    DECLINED = "declined", _("a déjà répondu non")
    DUPLICATE = "duplicate", _("même adresse qu'un autre acteur de la liste")
    HALTED = "halted", _("campagne arrêtée avant son tour")
