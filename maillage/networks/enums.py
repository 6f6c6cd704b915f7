"""Closed lists of the networks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalKind(models.TextChoices):
    NOTICE = "notice", _("Mentions légales")
    PRIVACY = "privacy", _("Confidentialité")
    ACCESSIBILITY = "accessibility", _("Accessibilité")

    @property
    def path(self) -> str:
        """Its public page, as the foot of every page names it."""
        return {"notice": "/mentions-legales/", "privacy": "/confidentialite/", "accessibility": "/accessibilite/"}[
            self
        ]
