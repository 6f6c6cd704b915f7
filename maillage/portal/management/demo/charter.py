"""The charter of the demonstration: two texts, several dozen signatures over two years, a new signature under way."""

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.directory.actions import charter as actions
from maillage.directory.actions.charter import Signer
from maillage.directory.models import Actor, CharterVersion, Signature, SigningLink
from maillage.directory.models.charter import print_of
from maillage.portal.management.demo.words import FIRST_NAMES, LAST_NAMES
from maillage.portal.management.demo.world import World

_FIRST, _CORRECTED, _SECOND = 760, 520, 38  # Days ago.
# Family of the demonstration → how many of its actors signed; those known for longest first.
_SIGNED = {
    "association": 12, "centre": 4, "museum": 9, "library": 8, "lab": 7, "environment": 7, "fablab": 5, "park": 3,
    "heritage": 3, "campus": 2, "festival": 2,
}  # fmt: skip
_CAPACITIES = (
    "responsable de la structure", "membre du bureau", "responsable de la médiation", "secrétaire", "gestionnaire",
)  # fmt: skip
_ADDED = (
    "<h2>Ce que les machines écrivent</h2><p>Quand un texte, une image ou un son a été fait avec une intelligence "
    "artificielle, nous le disons, et une personne en répond.</p>"
)


def tell_charter(world: World) -> None:
    """A draft published, corrected, then changed: half of those who signed have signed again."""
    add, ago = world.chronicle.add, world.chronicle.ago
    add(ago(_FIRST, 11), partial(_publish, world.viewer("admin")))
    add(
        ago(_CORRECTED, 15),
        partial(_publish, world.viewer("admin"), is_major=False, change=("toutes et tous", "tous et toutes")),
    )
    add(ago(_SECOND, 10), partial(_publish, world.viewer("admin"), is_major=True, added=_ADDED))
    rank = 0
    for key, count in _SIGNED.items():
        for place in range(count):
            first = _FIRST - 12 - (rank * 37) % 640
            add(ago(first, 9 + rank % 9, rank * 7 % 60), partial(_sign, world, key, place, rank))
            if rank % 2 == 0:
                add(
                    ago(_SECOND - 3 - rank % 32, 10 + rank % 7, rank * 11 % 60), partial(_sign, world, key, place, rank)
                )
            elif rank % 3 == 0:
                add(ago(_SECOND - 6, 14, rank), partial(_ask, world, key, place))
            rank += 1
    add(ago(190, 16), partial(_withdraw, world, "environment", 1))
    add(ago(25, 9), partial(_ask, world, "library", 12))


def _publish(
    by: Viewer, at: datetime, *, is_major: bool = True, change: tuple[str, str] = ("", ""), added: str = ""
) -> None:
    last = CharterVersion.objects.filter(network=by.network).published().first()
    body = last.body if last else actions.default_text()
    values = {"title": "Charte du réseau", "is_major": is_major, "body": body.replace(*change) + added}
    draft = actions.save_draft(by=by, values=values)
    published = actions.publish(by=by, draft=draft, effective_on=timezone.localdate(), read=print_of(draft.body))
    CharterVersion.objects.filter(pk=published.pk).update(effective_on=at.date(), published_at=at, created_at=at)


def _actor(world: World, key: str, place: int) -> Actor | None:
    return next(iter(world.actors(key, place + 1)[place:]), None)


def _sign(world: World, key: str, place: int, rank: int, at: datetime) -> None:
    """By a link where there is an address, else on paper; one in three wants their name on the list."""
    actor, noe = _actor(world, key, place), world.viewer("animation")
    version = CharterVersion.objects.filter(network=world.south).published().first()
    if actor is None or version is None:
        return
    signer = Signer(
        f"{FIRST_NAMES[rank * 5 % len(FIRST_NAMES)]} {LAST_NAMES[rank * 7 % len(LAST_NAMES)]}",
        _CAPACITIES[rank % len(_CAPACITIES)],
        actor.email,
        name_is_public=rank % 3 != 0,
    )
    try:
        if key == "association" and place < 2:
            fanny = world.viewer("acteur")
            own = Signer("Fanny Castaing", "présidente", fanny.user.email, name_is_public=True)
            signed = actions.sign_as_member(by=fanny, actor=actor, read=version.sha256, signer=own)
        elif actor.email and rank % 5:
            link = _sent(world, actor, at - timedelta(days=2))
            signed = actions.sign_with_link(
                by=Viewer(network=world.south), link=link, read=version.sha256, signer=signer
            )
            SigningLink.objects.filter(pk=link.pk).update(used_at=at)
        else:
            signed = actions.record_paper(by=noe, actor=actor, version=version, signer=signer, on=at.date())
    except Refused:  # A smaller demonstration has fewer actors: the same one comes twice, or is not looked after yet.
        return
    Signature.objects.filter(pk=signed.pk).update(signed_on=at.date(), created_at=at)


def _sent(world: World, actor: Actor, at: datetime) -> SigningLink:
    link = actions.send_link(by=world.viewer("animation"), actor=actor)
    until = at + timedelta(days=60)
    SigningLink.objects.filter(pk=link.pk).update(sent_at=at, created_at=at, expires_at=max(until, link.expires_at))
    link.refresh_from_db()
    return link


def _ask(world: World, key: str, place: int, at: datetime) -> None:
    """A link that waits."""
    actor = _actor(world, key, place)
    if actor is not None and actor.email:
        try:
            link = _sent(world, actor, at)
        except Refused:
            return
        SigningLink.objects.filter(pk=link.pk).update(expires_at=at + timedelta(days=60))


def _withdraw(world: World, key: str, place: int, at: datetime) -> None:
    actor = _actor(world, key, place)
    held = Signature.objects.in_force().filter(actor=actor, network=world.south).select_related("actor", "version")
    for signature in held[:1]:
        reason = "Courrier de la présidente : l'association ne mène plus d'action scientifique."
        withdrawn = actions.withdraw(by=world.viewer("animation"), signature=signature, reason=reason)
        Signature.objects.filter(pk=withdrawn.pk).update(withdrawn_on=at.date())
