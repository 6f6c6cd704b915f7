"""Closed lists of the activity."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    MAIL = "mail", _("e-mail")
    SITE = "site", _("sur le site")


class NoticeStatus(models.TextChoices):
    PENDING = "pending", _("en attente")
    SENT = "sent", _("envoyé")
    READ = "read", _("lu")
    FAILED = "failed", _("en échec")
    CANCELLED = "cancelled", _("annulé")
