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


class Civility(models.TextChoices):
    """How a letter addresses someone; nobody has to have one."""

    MADAME = "mme", _("Madame")
    MONSIEUR = "m", _("Monsieur")


class Function(models.TextChoices):
    """What an elected official is elected to."""

    MAYOR = "maire", _("maire")
    DEPUTY_MAYOR = "adjoint", _("adjoint ou adjointe au maire")
    MUNICIPAL = "municipal", _("conseiller ou conseillère municipale")
    DEPARTMENTAL = "departemental", _("conseiller ou conseillère départementale")
    REGIONAL = "regional", _("conseiller ou conseillère régionale")
    EPCI_HEAD = "epci", _("président ou présidente d'intercommunalité")
    NATIONAL = "depute", _("député ou députée")
    SENATOR = "senateur", _("sénateur ou sénatrice")
    OTHER = "autre", _("autre mandat")


class Promiser(models.TextChoices):
    """Who promised."""

    OFFICIAL = "official", _("l'élu ou l'élue")
    US = "us", _("nous")


class PromiseState(models.TextChoices):
    """What became of a promise."""

    WAITING = "waiting", _("en attente")
    KEPT = "kept", _("tenue")
    BROKEN = "broken", _("non tenue")
