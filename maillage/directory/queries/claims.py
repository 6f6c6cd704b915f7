"""What a claim rests upon, and the claims of a person or of a sheet."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from maillage.accounts.models import User
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, Claim, ClaimCode
from maillage.directory.queries.domains import domain_of_mailbox, domain_of_site

REST_DAYS = 14


def proving_address(user: User, actor: Actor) -> str:
    """A proved address of the person in the very domain of the site that the sheet publishes; "" when there is none.

    A contact mailbox alone does not make its domain the actor's: the code sent to it proves better. Nor does a domain that
    a sheet of another name publishes too.
    """
    domain = domain_of_site(actor.website)
    if not domain or rests_until(actor, "website"):
        return ""
    proved = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    found = (email for email in proved.values_list("email", flat=True) if domain_of_mailbox(email) == domain)
    email = next(found, "")
    return email if email and not _is_published_by_others(domain, actor) else ""


def _is_published_by_others(domain: str, actor: Actor) -> bool:
    """Wherever the sheets are: a network may know what another does not. Two sheets of one name are one actor's."""
    near = Actor.objects.filter(Q(website__icontains=domain) | Q(email__iendswith=domain)).exclude(pk=actor.pk)
    others = near.exclude(name_key=actor.name_key).values_list("website", "email")
    return any(domain in (domain_of_site(site), domain_of_mailbox(email)) for site, email in others.iterator())


def rests_until(actor: Actor, field: str) -> datetime | None:
    """Until when an address that came by a personal link proves nothing, None when it does: a forwarded link would give the
    sheet. The former address and the team are told meanwhile."""
    entry = actor.provenance.get(field) or {}
    at = parse_datetime(entry.get("at", "")) if entry.get("link") else None
    until = at + timedelta(days=REST_DAYS) if at is not None else None
    return until if until is not None and until > timezone.now() else None


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
