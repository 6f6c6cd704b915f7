"""What a claim rests upon, and the claims of a person or of a sheet."""

from allauth.account.models import EmailAddress

from maillage.accounts.models import User
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, Claim, ClaimCode
from maillage.linkage.queries.wording import host


def proving_address(user: User, actor: Actor) -> str:
    """A proved address of the person in the very domain that the sheet publishes; "" when there is none, or when many
    unlike bodies share that domain (free mailboxes)."""
    hosts = {host(actor.website), host(actor.email)} - {""}
    if not hosts:
        return ""
    proved = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return next((email for email in proved.values_list("email", flat=True) if host(email) in hosts), "")


def proved_addresses(user: User) -> list[str]:
    """What those who decide know of the claimant."""
    proved = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return list(proved.values_list("email", flat=True)[:5])


def awaits_code(viewer: Viewer, actor: Actor) -> bool:
    """Whether a code that still opens the sheet was sent for the viewer."""
    code = ClaimCode.objects.filter(actor=actor, user=viewer.user_id).first()
    return code is not None and code.is_alive()


def claims_of(viewer: Viewer) -> list[Claim]:
    """One's own requests in the network, those that wait first: one query."""
    own = Claim.objects.visible_to(viewer).filter(user=viewer.user_id).select_related("actor", "network")
    return sorted(own.order_by("-created_at")[:100], key=lambda claim: not claim.is_open)


def claims_to_answer(viewer: Viewer, actors: list[Actor] | None = None) -> list[Claim]:
    """The requests that wait for the viewer as someone responsible for sheets, oldest first."""
    own = viewer.user.actor_memberships.filter(role="admin").values("actor") if viewer.is_authenticated else []
    waiting = Claim.objects.filter(network=viewer.network_id, state="waiting", actor__in=own)
    if actors is not None:
        waiting = waiting.filter(actor__in=actors)
    return list(waiting.exclude(user=viewer.user_id).select_related("actor", "user").order_by("created_at")[:50])
