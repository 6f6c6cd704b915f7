"""Messages from visitors, passed on to the actor without showing more of it than its sheet does."""

from django.db import transaction
from django.utils.translation import gettext as _

from maillage.accounts.queries import is_suppressed
from maillage.activity.actions import record
from maillage.core.errors import Refused
from maillage.core.mail import absolute_url, send
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor


def relay_message(*, by: Viewer, actor: Actor, name: str, email: str, message: str) -> None:
    """Send a visitor's message to the actor, or to the network's team when it gave no address or its reader objected.

    The visitor learns neither which; answers go straight to the visitor. The journal keeps that it happened, not what
    was said nor by whom.
    """
    to = "" if actor.archived_at or is_suppressed(actor.email) else actor.email
    to = to or by.network.contact_email
    if not to:
        raise Refused(_("Cet acteur ne peut pas recevoir de message pour l'instant."), status=409)
    with transaction.atomic():
        send(
            "directory/mail/contact.html",
            to=to,
            reply_to=email,
            network=by.network,
            context={
                "actor": actor,
                "direct": to == actor.email,
                "shown": actor.shows_contact,
                "name": name,
                "email": email,
                "message": message,
                "actor_url": absolute_url(by.network, actor.get_absolute_url()),
            },
        )
        record("actor.contact", by=Viewer(network=by.network), subject=actor, touch=False)
