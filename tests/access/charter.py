"""The charter: its text and its signatories are everyone's; a link or a proof is who holds it; the rest is the team's."""

from tests.access.directory_work import DONE, TEAM, pk
from tests.access.table import LOGIN, line
from tests.factories.directory import make_actor, make_charter, make_signature


def prepare(world):
    """Signed for one actor of A, whose representative is known; a link waits for another."""
    from datetime import timedelta

    from django.utils import timezone

    from maillage.directory.models import ActorMember, CharterVersion, SigningLink

    network = world.network
    world.charter = make_charter(network)
    world.charter_draft = CharterVersion.objects.create(
        network=network, major=2, minor=0, title="Projet de charte", body="<p>Projet</p>"
    )
    world.signing = make_actor(network, "Club des essais signataire", "draft", email="club@exemple.test")
    ActorMember.objects.create(actor=world.signing, user=world.users["representative"])
    world.signature = make_signature(world.signing, world.charter)
    world.to_sign = make_actor(network, "Atelier des essais", "draft", email="atelier@exemple.test")
    ActorMember.objects.create(actor=world.to_sign, user=world.users["representative"])
    world.link = SigningLink.objects.create(
        network=network,
        actor=world.to_sign,
        email="atelier@exemple.test",
        expires_at=timezone.now() + timedelta(days=9),
    )


def link(world):
    return {"pk": world.link.pk, "token": world.link.token}


def proof(world):
    return {"pk": world.signature.pk, "token": world.signature.token}


def signing(world):
    return {"pk": world.signing.pk}


def to_sign(world):
    return {"pk": world.to_sign.pk}


def signature(world):
    return {"pk": world.signing.pk, "signature": world.signature.pk}


SIGNER = {
    "name": "Odile Marty", "capacity": "directrice", "email": "odile@exemple.test", "is_mandated": "on",
}  # fmt: skip


def signer(world):
    return {**SIGNER, "texte": world.charter.sha256}


ADMIN = {"network_admin": 302, "platform_admin": 302, "anonymous": LOGIN, "others": 403}

LINES = [
    line("directory:charter_show", everyone=200),
    line("directory:charter_version", args={"major": 1, "minor": 0}, everyone=200),
    line("directory:charter_version", args={"major": 2, "minor": 0}, everyone=404),
    line("directory:charter_wall", everyone=200),
    line("directory:charter_wall", query="famille=inconnue&departement=zz&page=999999", everyone=200),
    line("directory:charter_wall_export", everyone=200),
    line("directory:charter_sign", args=link, everyone=200),
    line("directory:charter_sign", args=link, method="post", data=signer, everyone=302),
    line("directory:charter_sign", args=lambda world: link(world) | {"token": "0" * 64}, everyone=404),
    line("directory:charter_stop", args=link, everyone=200),
    line("directory:charter_stop", args=link, method="post", everyone=200),
    line("directory:charter_proof", args=proof, everyone=200),
    line("directory:charter_proof", args=lambda world: proof(world) | {"token": "0" * 64}, everyone=404),
    line("directory:charter_name", args=proof, method="post", everyone=302),
    line("directory:charter_name", args=lambda world: proof(world) | {"token": "0" * 64}, method="post", everyone=404),
    line("directory:charter_proof_file", args=proof, everyone=200),
    line("directory:charter_proof_file", args=lambda world: proof(world) | {"token": "0" * 64}, everyone=404),
    line(
        "directory:charter_known_proof",
        args=lambda world: {"pk": world.signature.pk},
        representative=200,
        animator=200,
        network_admin=200,
        platform_admin=200,
        others=404,
    ),
    line("directory:charter_own", args=to_sign, representative=200, anonymous=LOGIN, others=404),
    line(
        "directory:charter_own",
        args=to_sign,
        method="post",
        data=signer,
        representative=302,
        anonymous=LOGIN,
        others=404,
    ),
    line("directory:charter_own", args=signing, representative=200, anonymous=LOGIN, others=404),
    line("directory:charter_work", **TEAM),
    line("directory:charter_draft", **TEAM),
    line("directory:charter_discard", method="post", **DONE),
    line("directory:charter_publish", **TEAM),
    line("directory:charter_publish", method="post", **(ADMIN | {"network_admin": 422, "platform_admin": 422})),
    line("directory:charter_actors", **TEAM),
    line("directory:charter_actors", query="etat=jamais&page=99", **TEAM),
    line("directory:charter_send", query="tous=1&etat=jamais", **TEAM),
    line("directory:charter_send", query="tous=1&etat=jamais", method="post", **DONE),
    line("directory:charter_actor", args=pk, **TEAM),
    line("directory:charter_link", args=to_sign, method="post", **DONE),
    line(
        "directory:charter_revoke",
        args=lambda world: {"pk": world.to_sign.pk, "link": world.link.pk},
        method="post",
        **DONE,
    ),
    line(
        "directory:charter_paper",
        args=to_sign,
        method="post",
        data=lambda world: {**SIGNER, "version": world.charter.pk, "on": "2026-01-05"},
        **DONE,
    ),
    line(
        "directory:charter_withdraw",
        args=signature,
        method="post",
        data={"reason": "dissoute", "on": ""},
        **(DONE | {"animator": 422, "network_admin": 422, "platform_admin": 422}),
    ),
    line("directory:charter_forget", args=signature, method="post", **DONE),
]
