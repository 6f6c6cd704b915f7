"""Small worlds for the tests of the publications, made by the real actions."""

from types import SimpleNamespace
from typing import Any

from maillage.accounts.models import Role, User
from maillage.core.text import slugged
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.networks.models import Network
from maillage.publications.actions import create_publication, publish_publication, submit_publication
from maillage.publications.enums import Kind
from maillage.publications.models import Publication
from tests.factories.directory import make_network


def make_person(network: Network, name: str, *roles: str) -> Viewer:
    """A person of the network with these roles (member when none is said)."""
    email = f"{slugged(name.split(maxsplit=1)[0])}@exemple.test"
    user, _made = User.objects.get_or_create(email=email, defaults={"name": name})
    held = roles or (RoleKind.MEMBER,)
    for kind in held:
        Role.objects.get_or_create(user=user, network=network, kind=kind)
    return Viewer(network=network, user=user, roles=frozenset(RoleHeld(kind) for kind in held))


def make_publication(
    by: Viewer,
    title: str = "Ce que disent les lucioles",
    *,
    kind: str = Kind.ARTICLE,
    state: str = "published",
    **fields: Any,
) -> Publication:
    """A published article of `by` unless told otherwise ("draft", "proposed")."""
    fields = {"title": title, "summary": "Elles s'éteignent, et voici pourquoi.", "body": "<p>Du texte.</p>", **fields}
    if kind == Kind.ANNOUNCEMENT:
        fields.setdefault("announcement", "emploi")
    publication = create_publication(by=by, kind=kind, fields=fields)
    if state != "draft":
        publication = submit_publication(by=by, publication=publication)
    if state == "published" and publication.state != "published":
        publication = publish_publication(by=Viewer.as_system(by.network, "tests"), publication=publication)
    return publication


def make_publication_world() -> SimpleNamespace:
    """A network with a member (Nadia), another (Omar), an animator (Camille)."""
    network = make_network(host="testserver")
    return SimpleNamespace(
        network=network,
        nadia=make_person(network, "Nadia Ferrand"),
        omar=make_person(network, "Omar Saidi"),
        team=make_person(network, "Camille Rey", RoleKind.ANIMATOR),
        visitor=Viewer(network=network),
    )
