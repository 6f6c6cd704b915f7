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


class Rhythm(models.TextChoices):
    """When a message of a kind leaves: by itself, or in a personal letter with the others."""

    NOW = "now", _("dès que possible")
    DAILY = "daily", _("dans une lettre chaque jour")
    WEEKLY = "weekly", _("dans une lettre chaque semaine")


class Weekday(models.IntegerChoices):
    MONDAY = 1, _("lundi")
    TUESDAY = 2, _("mardi")
    WEDNESDAY = 3, _("mercredi")
    THURSDAY = 4, _("jeudi")
    FRIDAY = 5, _("vendredi")
    SATURDAY = 6, _("samedi")
    SUNDAY = 7, _("dimanche")
