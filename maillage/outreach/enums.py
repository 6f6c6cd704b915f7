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
