"""What the team and a representative of the demonstration wrote on sheets: renamings, branches, notes, changes to many."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from maillage.core.viewer import Viewer
from maillage.directory import actions
from maillage.directory.actions import Stamp
from maillage.directory.actions.bulk_edit import BulkChange, start_bulk
from maillage.directory.enums import ListingState, MemberRole, Origin
from maillage.directory.models import (
    Actor,
    ActorMember,
    DistinctPair,
    Identifier,
    Listing,
    Note,
    Qualification,
    Reminder,
)
from maillage.exchange import actions as exchange
from maillage.exchange.models import Batch
from maillage.portal.management.demo.world import World
from maillage.topics.models import Term


def tell_representative(world: World) -> None:
    """Fanny looks after two associations and an atelier of the import: what she writes is hers, imports leave it."""
    fanny, add, ago = world.viewer("acteur"), world.chronicle.add, world.chronicle.ago

    def given(at: datetime) -> None:
        for actor in world.actors("association", 2):
            held = ActorMember.objects.create(actor=actor, user=fanny.user, role=MemberRole.ADMIN)
            ActorMember.objects.filter(pk=held.pk).update(created_at=at)

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
        "<h3>Venir à plusieurs</h3><p>Une classe, un centre de loisirs, une fête de village : écrivez-nous un mois avant.</p>"
    )
    add(ago(61, 19), partial(writes, rank=1, description=description))
    add(ago(12, 12), partial(writes, rank=0, email="bonjour@petits-curieux.example"))
    add(
        ago(12, 13),
        lambda at: [actions.confirm(by=fanny, actor=actor, at=at) for actor in world.actors("association", 2)],
    )


def tell_team(world: World) -> None:
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


def tell_notes(world: World) -> None:
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
            body="Prêts à accueillir l'étape de mars du Propulseur : électricité sur la place.",
        ),
    )
    add(
        ago(5, 9),
        partial(
            note,
            by=solene,
            key="library",
            body="Cherche une intervenante en astronomie pour le 12 ; pensé au club voisin.",
        ),
    )
    add(
        ago(3, 18),
        partial(
            note, by=solene, key="association", body="A changé de présidence : refaire la fiche ensemble en janvier."
        ),
    )


def _in_gard(actor: Actor) -> bool:
    return bool(actor.commune and actor.commune.department and actor.commune.department.code == "30")


def tell_reminders(world: World) -> None:
    """Old sheets that were asked about: some answered, some silent twice, one whose address is refused, one that wants no more."""
    add, ago = world.chronicle.add, world.chronicle.ago

    def ask(at: datetime, key: str, count: int, answer: str = "", **ends: bool) -> None:
        for actor in [actor for actor in world.actors(key, 40) if actor.email and actor.is_stale][:count]:
            Reminder.objects.create(
                network=world.south,
                actor=actor,
                email=actor.email,
                sent_at=at,
                expires_at=at + timedelta(days=90),
                answer=answer,
                answered_at=at + timedelta(days=2) if answer else None,
                failed_at=at if ends.get("failed") else None,
                stopped_at=at + timedelta(days=1) if ends.get("stopped") else None,
            )

    for days in (75, 40):
        add(ago(days, 3), partial(ask, key="heritage", count=4))
        add(ago(days - 1, 3), partial(ask, key="library", count=6))
    add(ago(20, 3), partial(ask, key="museum", count=5))
    add(ago(19, 3), partial(ask, key="company", count=1, failed=True))
    add(ago(18, 3), partial(ask, key="school", count=1, stopped=True))
    add(ago(17, 3), partial(ask, key="leisure", count=2, answer="fresh"))


def tell_bulk_changes(world: World) -> None:
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
