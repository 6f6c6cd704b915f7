"""Addresses of accounts that mail servers refuse (NTF-4): noted, told to their person on the site, tried again when they ask."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.accounts.queries import networks_of
from maillage.activity.actions.notices import notify
from maillage.activity.models import RefusedAddress
from maillage.core.viewer import Viewer


def note_refusal(*, address: str, detail: str) -> None:
    """The account whose messages go to `address`, if one does."""
    for user in User.objects.filter(email__iexact=address, erased_at=None):
        refused, new = RefusedAddress.objects.update_or_create(
            user=user, address=user.email, defaults={"detail": detail, "at": timezone.now()}
        )
        if new:
            for network in networks_of(user):
                notify(
                    "mail_refused",
                    event=f"{refused.pk}",
                    title=_("Vos messages ne vous parviennent plus : %(address)s les refuse") % {"address": user.email},
                    network=network,
                    to=user,
                    url=reverse("activity:preferences"),
                )


def try_again(*, by: Viewer) -> int:
    """The person says that their address receives: messages leave for it again."""
    return RefusedAddress.objects.filter(user=by.user_id).delete()[0] if by.is_authenticated else 0
