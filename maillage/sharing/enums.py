"""Closed lists of what is shared between networks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShareState(models.TextChoices):
    """Where the sharing of a content with another network stands."""

    PROPOSED = "proposed", _("proposé")
    ACCEPTED = "accepted", _("accueilli")
    REFUSED = "refused", _("refusé")
    WITHDRAWN = "withdrawn", _("repris")
    REMOVED = "removed", _("retiré")


STANDING = (ShareState.PROPOSED, ShareState.ACCEPTED)
