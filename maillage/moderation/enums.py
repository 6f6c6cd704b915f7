"""Closed lists of what is reported."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportReason(models.TextChoices):
    """What somebody finds wrong in a content."""

    FALSE = "faux", _("faux, ou contraire à ce que l'on sait en science")
    HATEFUL = "haineux", _("haineux ou insultant")
    PERSONAL = "personnel", _("données personnelles publiées sans accord")
    ADVERTISING = "publicite", _("publicité ou message indésirable")
    RIGHTS = "droits", _("image ou texte utilisé sans en avoir les droits")
    DANGEROUS = "dangereux", _("dangereux")
    OTHER = "autre", _("autre chose")


class CaseState(models.TextChoices):
    """Where the reports of a content stand."""

    OPEN = "open", _("à lire")
    HIDDEN = "hidden", _("masqué en attendant")
    KEPT = "kept", _("gardé")
    REMOVED = "removed", _("retiré")
    APPEALED = "appealed", _("décision contestée")


OPEN_STATES = (CaseState.OPEN, CaseState.HIDDEN, CaseState.APPEALED)
