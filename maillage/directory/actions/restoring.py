"""Undoing what an import or a bulk change did to actors: what was touched since stays, and is told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.queries import suppressed_among
from maillage.activity.actions import record
from maillage.activity.models import Entry
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.listing import set_state, unarchive
from maillage.directory.actions.marking import bury, hold, mark_changed
from maillage.directory.actions.sheets import OWN, PLACED, instant, snapshot
from maillage.directory.actions.withdrawing import CONTACT
from maillage.directory.actions.writing import MANY, PLAIN, RELATED
from maillage.directory.enums import ListingState, Nature
from maillage.directory.models import (
    Actor,
    ActorInvitation,
    ActorMember,
    Claim,
    FormerSlug,
    Identifier,
    Listing,
    Merge,
    Note,
    Qualification,
    Signature,
    Suggestion,
    Tombstone,
)
from maillage.directory.models.completeness import completeness
from maillage.directory.queries.documents import KIND
from maillage.directory.queries.freshness import FORBIDDEN_CONTACT
from maillage.exchange.registry import Recorded
from maillage.networks.models import Network
from maillage.search.actions import remove
from maillage.topics.models import Term

Kept = dict[str, str]


class Restorer:
    """Puts back the changes of one chunk, in the caller's transaction."""

    def __init__(self, *, by: Viewer, network: Network, changes: Sequence[Recorded]) -> None:
        self.by, self.network, self.changes = by, network, changes
        ids = {change.object_id for change in changes}
        hold(ids, by=by, going=True)
        actors = Actor.objects.filter(pk__in=ids).select_related("commune__department")
        self.actors = {actor.pk: actor for actor in actors}
        self.many: dict[str, dict[int, list[int]]] = {name: self._many(name, ids) for name in MANY}
        self.vocabularies = dict(Term.objects.values_list("pk", "vocabulary"))
        self.listings = {
            listing.actor_id: listing for listing in Listing.objects.filter(network=network, actor__in=ids)
        }
        elsewhere = Listing.objects.filter(actor__in=ids).exclude(network=network)
        self.elsewhere = self._ids(elsewhere)
        self.followed: set[int] = set()
        for model in (ActorMember, ActorInvitation, Claim, Note, Signature, Suggestion):
            self.followed |= self._ids(model._default_manager.filter(actor__in=ids))
        self.merged = set(Merge.objects.filter(kept__in=ids).values_list("kept", flat=True))
        self.identifiers: dict[int, dict[str, str]] = defaultdict(dict)
        for identifier in Identifier.objects.filter(actor__in=ids):
            self.identifiers[identifier.actor_id][identifier.scheme] = identifier.value
        given = Qualification.objects.filter(network=network, actor__in=ids, nature=Nature.ASSESSED)
        self.circles = {each.actor_id: each for each in given.in_force()}
        self.requalified = self._ids(given.exclude(until=None))
        self.forbidden = suppressed_among([str(change.before.get("email") or "") for change in changes])
        self.now = timezone.now()

    @staticmethod
    def _many(name: str, ids: set[int]) -> dict[int, list[int]]:
        through = getattr(Actor, name).through.objects.filter(actor__in=ids)
        held: dict[int, list[int]] = defaultdict(list)
        other = {"terms": "term_id", "zone": "territory_id"}[name]
        for actor_id, pk in through.order_by(other).values_list("actor_id", other):
            held[actor_id].append(pk)
        return held

    @staticmethod
    def _ids(rows: QuerySet[Any]) -> set[int]:
        return set(rows.values_list("actor_id", flat=True))

    def run(self) -> dict[int, Kept]:
        kept = {change.pk: reasons for change in self.changes if (reasons := self._barred(change))}
        left = [change for change in self.changes if change.pk not in kept]
        created = [change for change in left if change.created]
        removed = []
        for change in created:
            reasons = self._touched(change)
            if reasons:
                kept[change.pk] = reasons
            elif change.object_id in self.actors:
                removed.append(change.object_id)
        rewritten: list[int] = []
        relisted: list[int] = []
        for change in left:
            if not change.created:
                kept[change.pk] = self._put_back(change, rewritten, relisted)
        elsewhere = Listing.objects.filter(actor__in=rewritten).exclude(network=self.network)
        elsewhere.update(changed_since_cleared=True)
        mark_changed(rewritten)
        mark_changed(relisted, only_in=self.network.pk)
        self._remove(removed)
        return {pk: reasons for pk, reasons in kept.items() if reasons}

    def _barred(self, change: Recorded) -> Kept:
        """Whoever undoes may not reach all that was done: their role has narrowed since."""
        actor = self.actors.get(change.object_id)
        if actor is None or rules.in_reach(self.by, actor):
            return {}
        return {"": _("elle est dans un département que vous n'animez pas")}

    # --- records that the import created ------------------------------------------------------------------------------

    def _touched(self, change: Recorded) -> Kept:
        """Why a created record is not removed: someone changed it, follows it, or shows it elsewhere."""
        actor = self.actors.get(change.object_id)
        if actor is None:
            return {}
        if actor.pk in self.followed:
            return {
                "": _("des personnes suivent cette fiche, la demandent, y ont laissé un mot ou ont signé la charte")
            }
        if actor.pk in self.merged:
            return {"": _("une autre fiche a été fusionnée avec elle")}
        if actor.pk in self.elsewhere:
            return {"": _("un autre réseau présente cette fiche")}
        now = {**snapshot(actor), "state": self._state(actor.pk)}
        now |= {name: self.many[name][actor.pk] for name in MANY if self.many[name][actor.pk]}
        if self.identifiers[actor.pk]:
            now["identifiers"] = self.identifiers[actor.pk]
        if actor.pk in self.circles:
            now["circle"] = self.circles[actor.pk].circle
        differing = {name for name in now.keys() | change.after.keys() if now.get(name) != change.after.get(name)}
        if actor.pk in self.requalified:
            differing.add("circle")
        if actor.archived_at is not None:
            differing.add("archived")
        if actor.confirmed_at is not None and actor.confirmed_at > actor.created_at:
            differing.add("confirmed_at")
        return {name: _("modifié depuis") for name in sorted(differing)}

    def _state(self, actor_id: int) -> str | None:
        listing = self.listings.get(actor_id)
        return str(listing.state) if listing is not None else None

    def _remove(self, ids: list[int]) -> None:
        if not ids:
            return
        shown = [pk for pk in ids if self._state(pk) == ListingState.PUBLISHED]
        revision = self.network.touch()
        Tombstone.objects.bulk_create(
            [
                Tombstone(network=self.network, actor_id=pk, slug=self.actors[pk].slug, revision=revision, at=self.now)
                for pk in shown
            ],
            update_conflicts=True,
            unique_fields=["network", "actor_id"],
            update_fields=["slug", "revision", "at"],
        )
        content_type = ContentType.objects.get_for_model(Actor)
        Entry.objects.bulk_create(
            [
                Entry(
                    network=self.network,
                    user=self.by.user,
                    system=self.by.system,
                    verb="actor.uncreate",
                    content_type=content_type,
                    object_id=pk,
                    label=self.actors[pk].name[:200],
                )
                for pk in ids
            ]
        )
        Actor.objects.filter(pk__in=ids).delete()
        remove(KIND, ids)

    # --- records that it changed --------------------------------------------------------------------------------------

    def _put_back(self, change: Recorded, rewritten: list[int], relisted: list[int]) -> Kept:
        actor = self.actors.get(change.object_id)
        if actor is None:
            return {"": _("la fiche n'existe plus")}
        now = self._now(actor, change)
        kept = {name: _("modifié depuis") for name, value in now.items() if value != change.after[name]}
        kept |= self._forbidden(change)
        back = now.keys() - kept.keys()
        columns = sorted(back & (PLAIN | RELATED | set(PLACED)))
        for name in columns:
            setattr(actor, f"{name}_id" if name in RELATED else name, change.before.get(name))
        if "confirmed_at" in back:
            columns.append("confirmed_at")
            before = change.before.get("confirmed_at")
            actor.confirmed_at = datetime.fromisoformat(before) if before else None
        for name in back & MANY:
            self.many[name][actor.pk] = sorted(change.before.get(name) or ())
            getattr(actor, name).set(self.many[name][actor.pk])
        for name in [*columns, *(back & MANY)]:
            self._provenance(actor, name, change)
        if "slug" in change.after and "name" in back and actor.slug == change.after["slug"]:
            FormerSlug.objects.filter(slug=change.before["slug"], actor=actor).delete()
            actor.slug = change.before["slug"]
        if columns or back & MANY:
            actor.name_key = folded(actor.name)[:200]
            actor.completeness = completeness(actor, {self.vocabularies[pk] for pk in self.many["terms"][actor.pk]})
            actor.save(update_fields=[*columns, "slug", "name_key", "completeness", "provenance", "updated_at"])
            changes = {
                name: [change.after[name], change.before.get(name)] for name in sorted({*columns, *(back & MANY)})
            }
            record("actor.undo", by=self.by, subject=actor, changes=changes)
        for scheme, value in (change.after.get("identifiers") or {}).items():
            Identifier.objects.filter(actor=actor, scheme=scheme, value=value).delete()
        if "circle" in back:
            self._put_back_circle(actor, change)
        if "archived" in back:
            unarchive(by=self.by, actor=actor)
        if "state" in back:
            self._put_back_state(actor, change.before.get("state"))
        (rewritten if back - OWN else relisted).append(actor.pk)
        return kept

    def _forbidden(self, change: Recorded) -> Kept:
        """Whoever objected since is not brought back."""
        if change.before.get("email") not in self.forbidden:
            return {}
        given = {*CONTACT} & change.after.keys()
        return {name: str(FORBIDDEN_CONTACT) for name in sorted(given) if change.before.get(name)}

    def _now(self, actor: Actor, change: Recorded) -> dict[str, Any]:
        """What the actor holds of what the batch changed, as it was recorded."""
        held: dict[str, Any] = {}
        for name in change.after:
            if name in MANY:
                held[name] = self.many[name][actor.pk]
            elif name in RELATED:
                held[name] = getattr(actor, f"{name}_id")
            elif name in PLAIN or name in PLACED:
                held[name] = getattr(actor, name)
        if held.get("image"):
            held["image"] = held["image"].name
        others = {
            "confirmed_at": instant(actor.confirmed_at),
            "circle": self.circles[actor.pk].circle if actor.pk in self.circles else None,
            "state": self._state(actor.pk),
            "archived": actor.archived_at is not None,
        }
        return held | {name: value for name, value in others.items() if name in change.after}

    @staticmethod
    def _provenance(actor: Actor, name: str, change: Recorded) -> None:
        """What the actor had written itself is protected from imports again."""
        was = (change.before.get("provenance") or {}).get(name)
        if was is None:
            actor.provenance.pop(name, None)
        else:
            actor.provenance[name] = was

    def _put_back_circle(self, actor: Actor, change: Recorded) -> None:
        """As if the batch had not been: its qualification is removed and the former one runs on, with its reason and date."""
        rules.may_qualify(self.by, actor).require()
        given, before = self.circles.get(actor.pk), change.before.get("qualification")
        closed_on = given.since if given is not None else None
        if given is not None:
            given.delete()
        if before is not None:
            former = Qualification.objects.filter(
                network=self.network,
                actor=actor,
                nature=Nature.ASSESSED,
                circle=before["circle"],
                since=before["since"],
            ).exclude(until=None)
            former = former.filter(until=closed_on) if closed_on else former.filter(until__lte=timezone.localdate())
            if not former.update(until=None):
                Qualification.objects.create(network=self.network, actor=actor, nature=Nature.ASSESSED, **before)
        changes = {"circle": [change.after["circle"], before["circle"] if before else None]}
        details = {"reason": _("annulation d'une modification en masse"), "nature": str(Nature.ASSESSED)}
        record("actor.qualify", by=self.by, subject=actor, changes=changes, details=details)

    def _put_back_state(self, actor: Actor, before: str | None) -> None:
        if before is None:
            listing = self.listings[actor.pk]
            if listing.state == ListingState.PUBLISHED:
                bury(self.network, actor.pk, actor.slug)
            listing.delete()
            remove(KIND, actor.pk, self.network)
        else:
            set_state(by=self.by, actor=actor, state=before)


def qualification_kept(held: Qualification | None) -> Mapping[str, Any] | None:
    """A circle as a change keeps it, for `Restorer` to give it back."""
    if held is None:
        return None
    return {
        "circle": held.circle,
        "reason": held.reason,
        "source": held.source,
        "since": held.since.isoformat(),
        "author_id": held.author_id,
        "author_label": held.author_label,
    }
