"""Small worlds for the tests of the catalogue, made by the real actions."""

import io
import zipfile
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from maillage.accounts.models import Role, User
from maillage.catalogue import actions
from maillage.catalogue.enums import FORM_OF, Form, Kind
from maillage.catalogue.models import Resource
from maillage.core.text import slugged
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.directory.models import Actor, ActorMember
from maillage.networks.models import Network
from tests.factories.directory import make_actor, make_commune, make_network

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def make_person(network: Network, name: str, *roles: str, actor: Actor | None = None, role: str = "admin") -> Viewer:
    """A person of the network with these roles (member when none is said), who looks after `actor`."""
    email = f"{slugged(name.split(maxsplit=1)[0])}@exemple.test"
    user, _made = User.objects.get_or_create(email=email, defaults={"name": name})
    held = roles or (RoleKind.MEMBER,)
    for kind in held:
        Role.objects.get_or_create(user=user, network=network, kind=kind)
    if actor is not None:
        ActorMember.objects.get_or_create(actor=actor, user=user, defaults={"role": role})
    return Viewer(network=network, user=user, roles=frozenset(RoleHeld(kind) for kind in held))


def make_resource(
    by: Viewer, actor: Actor, title: str = "Malle à eau", *, kind: str = Kind.KIT, state: str = "published", copies: int = 0,
    **fields: Any,
) -> Resource:  # fmt: skip
    """A published kit of `actor` unless told otherwise ("draft", "proposed")."""
    given = {"kind": kind, "title": title, "actor": actor, "summary": "Des expériences sur l'eau.", **fields}
    if FORM_OF[Kind(kind)] == Form.DOCUMENT:
        given = {"website": "https://exemple.test/doc", "licence": "cc-by", **given}
    team = Viewer.as_system(by.network, "tests")
    resource = actions.create_resource(by=by, fields=given)
    if state != "draft":
        resource = actions.submit_resource(by=by, resource=resource)
    if state == "published" and resource.state != "published":
        resource = actions.publish_resource(by=team, resource=resource)
    if copies:
        actions.add_copies(by=team, resource=resource, number=copies, label=title[:20])
    return resource


def upload(content: bytes = PDF, name: str = "guide.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def archive(**members: bytes) -> bytes:
    """A ZIP; `__` in a name stands for a dot."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "."), content)
    return held.getvalue()


def make_catalogue_world(host: str = "testserver") -> SimpleNamespace:
    """A network with a lender (Hélène is responsible for it, Igor edits), another actor, a member (Nadia), an animator (Camille)."""
    network = make_network(host=host)
    commune = make_commune()
    lender, other = make_actor(network, "Planétarium du Lez", commune=commune), make_actor(network, "Fablab des essais")
    return SimpleNamespace(
        network=network,
        commune=commune,
        lender=lender,
        other=other,
        helene=make_person(network, "Hélène Arnaud", actor=lender),
        igor=make_person(network, "Igor Ferreira", actor=lender, role="editor"),
        nadia=make_person(network, "Nadia Ferrand"),
        team=make_person(network, "Camille Rey", RoleKind.ANIMATOR),
        visitor=Viewer(network=network),
    )
