"""What the team, the representatives and the visitors of the demonstration did: every feature has been used once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files import File

from maillage.accounts.actions import accept_invitation, cancel_invitation, create_token, invite
from maillage.accounts.enums import TokenScope
from maillage.accounts.models import ApiToken, Invitation
from maillage.activity.models import Notice
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory import actions
from maillage.directory.actions import Stamp
from maillage.directory.actions.bulk_edit import BulkChange, start_bulk
from maillage.directory.actions.contact import relay_message, report_error
from maillage.directory.enums import ListingState, MemberRole, Origin
from maillage.directory.models import (
    Actor,
    ActorMember,
    DistinctPair,
    Identifier,
    Listing,
    Note,
    Qualification,
    SavedView,
)
from maillage.exchange import actions as exchange
from maillage.exchange.models import Batch, Change, Recipe
from maillage.networks.actions import add_term, save_settings, set_term
from maillage.portal.management.demo.chronicle import Chronicle
from maillage.portal.management.demo.world import World
from maillage.territories.models import Territory
from maillage.topics.models import Term

DATA = Path(__file__).parent / "data"
BY_HAND = [  # Typed in one by one, before a list names them too: name, commune, family.
    ("La Fabrique du vent", "11262", "association-de-culture-scientifique"),
    ("Pieds dans la Garonne", "31395", "association-de-culture-scientifique"),
    ("Bois debout", "65286", "education-a-l-environnement"),
]
MADE = 16 + len(BY_HAND)  # Actors that come with this life: those of the finished import, and these.
SOURCE = "Fédération des ateliers de sciences"
_SPEC = {
    "source": SOURCE,
    "fields": {
        "identifier": {"columns": ["Numéro"]},
        "name": {"columns": ["Nom"]},
        "summary": {"columns": ["Activité"]},
        "themes": {"columns": ["Thématiques"]},
        "family": {"constant": "association-de-culture-scientifique"},
        "address": {"columns": ["Adresse"]},
        "postal_code": {"columns": ["CP"]},
        "commune": {"columns": ["Ville"]},
        "phone": {"columns": ["Téléphone"]},
        "email": {"columns": ["Courriel"]},
        "website": {"columns": ["Site"]},
        "circle": {"columns": ["Cercle"]},
    },
    "options": {"state": "published", "perimeter": "only", "overwrite": "own", "scheme": "ateliers"},
}


def tell(world: World) -> None:
    """Add it all to the chronicle of the world."""
    for part in (_settings, _invitations, _imports, _representative, _team, _notes, _bulk_changes, _views, _visitors):
        part(world)


# --- the network ------------------------------------------------------------------------------------------------------


def _settings(world: World) -> None:
    """Words of its own, and a setting that differs from the default."""
    admin, network = world.viewer("admin"), world.south
    add, ago = world.chronicle.add, world.chronicle.ago

    def own_words(at: datetime) -> None:
        add_term(by=admin, network=network, vocabulary="theme", label="Sciences en occitan", hue=5, shape="hexagon")
        add_term(by=admin, network=network, vocabulary="action_kind", label="Escale du Propulseur", hue=2)

    def other_words(at: datetime) -> None:
        terms = Term.objects.filter(vocabulary="action_kind", is_shared=True)
        set_term(by=admin, network=network, term=terms.get(slug="cafe-des-sciences"), label="Café ou bar des sciences")
        set_term(by=admin, network=network, term=terms.get(slug="publication-et-media"), hidden=True)

    add(ago(410, 14), own_words)
    add(ago(409, 9), other_words)
    add(ago(300, 16), lambda at: save_settings(by=admin, network=network, values={"lookalike_metres": 150}))
    add(ago(120, 11), partial(_token, admin))


def _token(by: Viewer, at: datetime) -> None:
    token, _secret = create_token(by=by, name="Agenda du site de la Région", scopes=[TokenScope.READ], days=365)
    ApiToken.objects.filter(pk=token.pk).update(created_at=at, last_used_at=at + timedelta(days=100))


def _invitations(world: World) -> None:
    """Accepted, cancelled, too old, and three that wait; the administrator was told of the first ones."""
    admin = world.viewer("admin")
    add, ago = world.chronicle.add, world.chronicle.ago

    def dated(at: datetime, sent: Invitation, **dates: datetime) -> None:
        then = {"sent_at": at, "created_at": at, "expires_at": at + timedelta(days=14), **dates}
        Invitation.objects.filter(pk=sent.pk).update(**then)

    def send(at: datetime, address: str, kind: str, department: str = "", message: str = "") -> None:
        dated(at, invite(by=admin, emails=[address], kind=kind, department=department, message=message)[0])

    def accepted(at: datetime, who: str, kind: str, department: str, read: bool) -> None:
        guest = world.viewer(who)
        sent = invite(by=admin, emails=[guest.user.email], kind=kind, department=department)[0]
        accept_invitation(by=guest, invitation=sent)
        dated(at, sent, accepted_at=at)
        if read:
            Notice.objects.filter(user=admin.user, kind="invitation_accepted").update(read_at=at + timedelta(hours=3))

    def cancelled(at: datetime) -> None:
        sent = invite(by=admin, emails=["depart@ateliers.example"], kind=RoleKind.ANIMATOR, department="48")[0]
        cancel_invitation(by=admin, invitation=sent)
        dated(at, sent, revoked_at=at)

    add(ago(30, 15), partial(accepted, who="animation-gard", kind=RoleKind.ANIMATOR, department="30", read=True))
    add(ago(19, 17), partial(accepted, who="pole", kind=RoleKind.POLE_MEMBER, department="", read=False))
    add(ago(64, 10), cancelled)
    add(ago(45, 10), partial(send, address="bureau@sciences-audoises.example", kind=RoleKind.ANIMATOR, department="11"))
    welcome = "Bienvenue dans l'équipe : l'annuaire de l'Hérault vous attend."
    waiting = partial(send, address="lea.cabanel@meridienne.example", kind=RoleKind.ANIMATOR, department="34")
    add(ago(6, 9), partial(waiting, message=welcome))
    add(ago(4, 14), partial(send, address="culture@region-demonstration.example", kind=RoleKind.REGION_OFFICER))
    add(ago(1, 11), partial(send, address="direction@musee-des-sels.example", kind=RoleKind.POLE_MEMBER))


# --- imports ----------------------------------------------------------------------------------------------------------


def _imports(world: World) -> None:
    """A list imported this autumn, with its recipe; its next edition, whose preview waits for decisions.

    No earlier: after three months the program forgets the lines of an import, and read notices.
    """
    by = world.viewer("animation")
    world.chronicle.add(world.chronicle.ago(320, 17, 5), partial(_by_hand, by))
    world.chronicle.add(world.chronicle.ago(75, 14, 20), partial(_first_import, by, world.chronicle))
    world.chronicle.add(world.chronicle.ago(2, 16, 40), partial(_second_import, by))


def _by_hand(by: Viewer, at: datetime) -> None:
    for name, code, family in BY_HAND:
        commune = Territory.objects.communes().get(code=code)
        values = {"name": name, "commune": commune, "family": Term.objects.get(vocabulary="family", slug=family)}
        stamp = Stamp(Origin.ANIMATOR, "Forum régional 2025", by.user_id, at=at)
        actor = actions.create_actor(by=by, values=values, state=ListingState.PUBLISHED, stamp=stamp)
        Actor.objects.filter(pk=actor.pk).update(created_at=at)
        Listing.objects.filter(actor=actor).update(created_at=at)


def _received(by: Viewer, name: str, at: datetime, spec: Mapping[str, Any]) -> Batch:
    with (DATA / name).open("rb") as stream:
        batch = exchange.receive_file(by=by, file=File(stream, name=name), target="actors")
    batch = exchange.use_recipe(by=by, batch=batch, key=batch.recipe_key, spec=spec)
    batch = exchange.preview(batch)
    Batch.objects.filter(pk=batch.pk).update(created_at=at)
    return batch


def _first_import(by: Viewer, chronicle: Chronicle, at: datetime) -> None:
    batch = _received(by, "ateliers-2025.csv", at, _SPEC)
    recipe = exchange.save_recipe(by=by, batch=batch, name=SOURCE)
    Recipe.objects.filter(pk=recipe.pk).update(created_at=at)
    exchange.decide(by=by, batch=batch, decision="different")
    exchange.apply(batch)
    Batch.objects.filter(pk=batch.pk).update(applied_at=at)
    made = list(Change.objects.filter(batch=batch, created=True).values_list("object_id", flat=True))
    chronicle.date_fields(made, at)
    Actor.objects.filter(pk__in=made).update(created_at=at)
    Listing.objects.filter(actor__in=made).update(created_at=at, published_at=at)
    Qualification.objects.filter(actor__in=made).update(created_at=at, since=at.date())


def _second_import(by: Viewer, at: datetime) -> None:
    spec = Recipe.objects.get(network=by.network, name=SOURCE).spec
    _received(by, "ateliers-2026.csv", at, spec)


# --- sheets -----------------------------------------------------------------------------------------------------------


def _representative(world: World) -> None:
    """Fanny looks after two associations and an atelier of the import: what she writes is hers, imports leave it."""
    fanny, add, ago = world.viewer("acteur"), world.chronicle.add, world.chronicle.ago

    def given(at: datetime) -> None:
        for actor in world.actors("association", 2):
            ActorMember.objects.create(actor=actor, user=fanny.user, role=MemberRole.ADMIN)

    def writes(at: datetime, rank: int, **values: Any) -> None:
        for actor in world.actors("association", 2)[rank : rank + 1]:
            actions.update_actor(
                by=fanny, actor=actor, values=values, stamp=Stamp(Origin.ACTOR, "", fanny.user_id, at=at)
            )

    def takes_over(at: datetime) -> None:
        for known in Identifier.objects.filter(scheme="ateliers", value="A01").select_related("actor"):
            ActorMember.objects.create(actor=known.actor, user=fanny.user, role=MemberRole.EDITOR)
            stamp = Stamp(Origin.ACTOR, "", fanny.user_id, at=at)
            values = {
                "website": "https://ateliers-galilee.example",
                "summary": "On démonte tout, on remonte presque tout.",
            }
            actions.update_actor(by=fanny, actor=known.actor, values=values, stamp=stamp)

    add(ago(200, 9), given)
    add(ago(198, 20), partial(writes, rank=0, summary="Des sciences à portée de main, du marché au préau."))
    add(
        ago(150, 21),
        partial(writes, rank=0, phone="05 36 49 20 26", place_access=["mi", "hi"], access_notes="Rampe côté cour."),
    )
    add(ago(40, 18), takes_over)
    description = (
        "<p>Nous fabriquons nos expériences avec ce qui traîne dans un tiroir, et nous les prêtons.</p>"
        "<h3>Venir à plusieurs</h3><p>Une classe, un centre de loisirs, une fête de village : écrivez-nous un mois avant.</p>"
    )
    add(ago(61, 19), partial(writes, rank=1, description=description))
    add(ago(12, 12), partial(writes, rank=0, email="bonjour@petits-curieux.example"))
    add(
        ago(12, 13),
        lambda at: [actions.confirm(by=fanny, actor=actor, at=at) for actor in world.actors("association", 2)],
    )


def _team(world: World) -> None:
    """Day by day: a renaming, branches, homonyms told apart, publications, checks."""
    noe, add, ago = world.viewer("animation"), world.chronicle.add, world.chronicle.ago

    def change(at: datetime, key: str, **values: Any) -> None:
        for actor in world.actors(key, 1):
            stamp = Stamp(Origin.ANIMATOR, "Appel téléphonique", noe.user_id, at=at)
            actions.update_actor(by=noe, actor=actor, values=values, stamp=stamp)

    def branches(at: datetime) -> None:
        head, *others = world.actors("campus", 4) or [None]
        for actor in others:
            stamp = Stamp(Origin.ANIMATOR, "Site de l'université", noe.user_id, at=at)
            actions.update_actor(by=noe, actor=actor, values={"parent": head}, stamp=stamp)

    def told_apart(at: datetime) -> None:
        actor, *others = world.actors("amateur", 3) or [None]
        if actor and others:
            actions.remember_distinct(by=noe, actor=actor, others=others)
            DistinctPair.objects.filter(by=noe.user).update(created_at=at)

    def publish(at: datetime) -> None:
        waiting = [one for one in world.planned if one.state == ListingState.PENDING][:4]
        for one in waiting:
            actions.set_state(by=noe, actor=one.actor, state=ListingState.PUBLISHED)
            Listing.objects.filter(actor=one.actor).update(published_at=at)

    def check(at: datetime, key: str, count: int) -> None:
        for actor in world.actors(key, count):
            actions.confirm(by=noe, actor=actor, at=at)

    add(ago(260, 11), partial(change, key="festival", name="Les Rencontres du curieux", acronym="RDC"))
    add(ago(175, 10), branches)
    add(ago(131, 16), told_apart)
    add(ago(88, 9), partial(check, key="museum", count=6))
    add(ago(52, 15), partial(check, key="library", count=8))
    add(ago(33, 10), publish)
    add(
        ago(27, 14),
        partial(change, key="fablab", phone="05 36 49 30 30", summary="Machines partagées, ouvertes le samedi."),
    )
    add(ago(1, 15), partial(change, key="centre", contact_name="Ondine Malaterre"))


def _notes(world: World) -> None:
    """What the team wrote down these last weeks."""
    noe, solene = world.viewer("animation"), world.viewer("animation-gard")
    add, ago = world.chronicle.add, world.chronicle.ago

    def note(at: datetime, by: Viewer, key: str, body: str) -> None:
        for actor in [actor for actor in world.actors(key, 400) if by is noe or _in_gard(actor)][:1]:
            written = actions.add_note(by=by, actor=actor, body=body)
            Note.objects.filter(pk=written.pk).update(created_at=at)

    add(
        ago(9, 17),
        partial(
            note,
            by=noe,
            key="museum",
            body="Prêts à accueillir l'étape de mars du Propulseur : électricité sur la place.",
        ),
    )
    add(
        ago(5, 9),
        partial(
            note,
            by=solene,
            key="library",
            body="Cherche une intervenante en astronomie pour le 12 ; pensé au club voisin.",
        ),
    )
    add(
        ago(3, 18),
        partial(
            note, by=solene, key="association", body="A changé de présidence : refaire la fiche ensemble en janvier."
        ),
    )


def _in_gard(actor: Actor) -> bool:
    return bool(actor.commune and actor.commune.department and actor.commune.department.code == "30")


def _bulk_changes(world: World) -> None:
    """One by the administrator, one with a word of the network, one taken back an hour later."""
    admin, noe = world.viewer("admin"), world.viewer("animation")
    add, ago = world.chronicle.add, world.chronicle.ago

    def change(at: datetime, by: Viewer, key: str, count: int, undone: bool = False, **values: Any) -> None:
        ids = [actor.pk for actor in world.actors(key, count)]
        if "add_term" in values:
            term = Term.objects.get(vocabulary="theme", label=values.pop("add_term"), is_shared=False)
            values["add_terms"] = (term.pk,)
        if not ids:
            return
        batch = start_bulk(by=by, ids=ids, change=BulkChange(**values))
        if undone:
            batch = exchange.undo_batch(by=by, batch=batch)
        Batch.objects.filter(pk=batch.pk).update(created_at=at, applied_at=at, undone_at=at if undone else None)
        Qualification.objects.filter(actor__in=ids, created_at__gt=world.chronicle.now).update(
            created_at=at, since=at.date()
        )
        world.chronicle.date_fields(ids, at)

    add(ago(405, 10), partial(change, by=noe, key="environment", count=12, add_term="Sciences en occitan"))
    add(ago(160, 17), partial(change, by=admin, key="centre", count=10, update_rhythm=6))
    add(ago(47, 11), partial(change, by=noe, key="school", count=7, undone=True, source="Annuaire des lycées"))
    reason = "Actions régulières vues au forum"
    add(
        ago(20, 16),
        partial(
            change, by=admin, key="fablab", count=9, circle=2, circle_reason=reason, circle_source="Forum régional"
        ),
    )


def _views(world: World) -> None:
    """The tables that each comes back to."""
    kept = [
        ("animation", "Cercle 3 à relancer", "cercle=3&fraicheur=perimee&tri=maj", True),
        (
            "animation",
            "Fiches maigres des bibliothèques",
            "famille=bibliotheque-et-mediatheque&completude=faible",
            False,
        ),
        (
            "animation",
            "Déclaré et évalué",
            "declare=1&declare=2&colonnes=cercle&colonnes=declare&colonnes=famille",
            True,
        ),
        ("animation-gard", "Mon département, à valider", "departement=30&etat=pending", False),
        ("admin", "Sans cercle", "cercle=0&tri=departement", True),
    ]
    for rank, (who, name, query, shared) in enumerate(kept):
        user = world.viewer(who).user
        view = SavedView.objects.create(network=world.south, owner=user, name=name, query=query, is_shared=shared)
        SavedView.objects.filter(pk=view.pk).update(created_at=world.chronicle.ago(200 - 30 * rank))


# --- visitors ---------------------------------------------------------------------------------------------------------


def _visitors(world: World) -> None:
    """Messages passed on, whose words nobody keeps, and errors reported, whose words the team reads."""
    anyone, add, ago = Viewer(network=world.south), world.chronicle.add, world.chronicle.ago

    def write(at: datetime, key: str, name: str) -> None:
        for actor in world.actors(key, 1):
            relay_message(
                by=anyone,
                actor=actor,
                name=name,
                email="visite@maillage.example",
                message="Bonjour, êtes-vous libres en mars ?",
            )

    def report(at: datetime, key: str, topics: list[str], message: str) -> None:
        for actor in world.actors(key, 1):
            report_error(by=anyone, actor=actor, topics=topics, message=message)

    for days, key, name in (
        (170, "lab", "Perrine Astruc"),
        (96, "association", "Tarik Bousquet"),
        (41, "independent", "Mireille Ormières"),
        (15, "museum", "Octave Galtier"),
        (4, "fablab", "Nadia Vidalenc"),
    ):
        add(ago(days, 20, 12), partial(write, key=key, name=name))
    add(
        ago(73, 8),
        partial(
            report, key="heritage", topics=["address"], message="L'entrée se fait désormais par la rue de derrière."
        ),
    )
    add(
        ago(11, 21),
        partial(report, key="library", topics=["phone"], message="Le numéro sonne dans le vide depuis l'été."),
    )
