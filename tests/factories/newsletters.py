"""Small worlds for the tests of the letters, made by the real actions."""

from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.models import Network
from maillage.newsletters.actions import composing
from maillage.newsletters.actions.subscribing import activate, keep_proof
from maillage.newsletters.enums import ConsentAct, Origin
from maillage.newsletters.models import Letter, Subscription
from tests.factories.directory import make_network
from tests.factories.publications import make_person


def make_subscription(network: Network, email: str = "lise@exemple.test", **fields: Any) -> Subscription:
    """Confirmed, unless a state is said."""
    subscription = Subscription.objects.create(
        network=network, email=email, origin=Origin.SITE, text_version="2026-11", agreed_at=timezone.now(), **fields
    )
    if "state" not in fields:
        keep_proof(subscription, ConsentAct.ASKED)
        activate(subscription)
        keep_proof(subscription, ConsentAct.CONFIRMED)
    return subscription


def make_letter(by: Viewer, subject: str = "La lettre de novembre", *contents: Any, **fields: Any) -> Letter:
    """A draft with a word of the editor and these contents (publications, events, actors), in a section."""
    letter = composing.create_letter(by=by, subject=subject, intro="<p>Bonjour à toutes et à tous.</p>", **fields)
    chosen = [("À la une", each._meta.model_name, each.pk) for each in contents]
    if chosen:
        composing.add_contents(by=by, letter=letter, chosen=chosen)
    return letter


def make_letter_world(host: str = "testserver") -> SimpleNamespace:
    """A network with an animator (Camille), an administrator (Aline) and a member (Nadia)."""
    network = make_network(host=host)
    return SimpleNamespace(
        network=network,
        team=make_person(network, "Camille Rey", RoleKind.ANIMATOR),
        admin=make_person(network, "Aline Roche", RoleKind.NETWORK_ADMIN),
        nadia=make_person(network, "Nadia Ferrand"),
    )
