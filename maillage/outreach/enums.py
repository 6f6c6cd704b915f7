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


class Manner(models.TextChoices):
    """How two are introduced: who is asked before either has the contact of the other."""

    ASK_BOTH = "both", _("Demander l'accord de chacun")
    ASK_FOUND = "found", _("Qui demande est d'accord : ne demander qu'à l'autre")
    AT_ONCE = "at_once", _("Les deux sont d'accord : les mettre en contact tout de suite")


class IntroductionState(models.TextChoices):
    WAITING = "waiting", _("en attente de réponse")
    LATER = "later", _("remise à plus tard")
    MET = "met", _("en contact")
    REFUSED = "refused", _("refusée")
    UNANSWERED = "unanswered", _("restée sans réponse")
    CANCELLED = "cancelled", _("annulée")


class SideRole(models.TextChoices):
    ASKER = "asker", _("demande")
    FOUND = "found", _("est proposé")


class SideAnswer(models.TextChoices):
    YES = "yes", _("oui")
    LATER = "later", _("pas maintenant")
    NO = "no", _("non")


class Outcome(models.TextChoices):
    """What became of an introduction, as its sides say it."""

    ONGOING = "ongoing", _("en cours")
    PROJECT = "project", _("un projet est né")
    NOTHING = "nothing", _("sans suite")


class Ending(models.TextChoices):
    """What an introduction came to."""

    ONGOING = "ongoing", _("en cours")
    PROJECT = "project", _("un projet est né")
    NOTHING = "nothing", _("sans suite")
    SILENT = "silent", _("sans nouvelles")


class PartnershipState(models.TextChoices):
    DECLARED = "declared", _("déclaré, à confirmer")
    CONFIRMED = "confirmed", _("confirmé")
    REFUSED = "refused", _("refusé")
