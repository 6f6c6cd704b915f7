"""How often one address is invited: whoever asked for nothing is not written to again and again."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.errors import Refused
from maillage.core.throttle import hit
from maillage.core.viewer import Viewer

_HOUR, _DAY = 3600, 86_400
A_DAY = 3


def require_pace(*, by: Viewer, sent: QuerySet[Any], email: str, by_person: int) -> None:
    """Just before a sending. `sent` are the invitations of the network to the same thing, one an hour for an address; for all
    things together, three a day. One person sends no more than `by_person` an hour, sendings repeated counted."""
    if by.system or by.network is None:
        return
    if sent.filter(email__iexact=email, sent_at__gt=timezone.now() - timedelta(seconds=_HOUR)).exists():
        raise Refused(
            _("%(email)s a déjà reçu cette invitation il y a moins d'une heure : laissez-lui le temps de la lire.")
            % {"email": email},
            status=429,
        )
    if hit("invitation.address", f"{by.network_id}:{email.lower()}", limit=A_DAY, seconds=_DAY):
        raise Refused(
            _("%(email)s a déjà reçu %(count)d invitations aujourd'hui : réessayez demain.")
            % {"email": email, "count": A_DAY},
            status=429,
        )
    if hit(
        f"invitation.{sent.model.__name__.lower()}", f"{by.network_id}:{by.user_id}", limit=by_person, seconds=_HOUR
    ):
        raise Refused(_("Trop d'invitations en une heure : réessayez plus tard."), status=429)
