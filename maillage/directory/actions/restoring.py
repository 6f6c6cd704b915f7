"""Undoing what an import did to actors: what was touched since stays, and is told."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.models import Entry
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.directory.actions.bulk import PLACED, snapshot
from maillage.directory.actions.marking import mark_changed
from maillage.directory.actions.writing import PLAIN, RELATED
from maillage.directory.enums import ListingState, Nature
from maillage.directory.models import (
    Actor,
    ActorMember,
    FormerSlug,
    Identifier,
    Listing,
    Note,
    Qualification,
    Tombstone,
)
from maillage.directory.models.completeness import completeness
from maillage.exchange.registry import Recorded
from maillage.networks.models import Network

Kept = dict[str, str]


class Restorer:
    """Puts back the changes of one chunk, in the caller's transaction."""

    def __init__(self, *, by: Viewer, network: Network, changes: Sequence[Recorded]) -> None:
        self.by, self.network, self.changes = by, network, changes
        ids = {change.object_id for change in changes}
        self.actors = {actor.pk: actor for actor in Actor.objects.filter(pk__in=ids).select_related("commune")}
        self.terms: dict[int, dict[int, str]] = defaultdict(dict)
        rows = Actor.terms.through.objects.filter(actor__in=ids).values_list("actor_id", "term_id", "term__vocabulary")
        for actor_id, term_id, vocabulary in rows:
            self.terms[actor_id][term_id] = vocabulary
        self.zones: dict[int, list[int]] = defaultdict(list)
        zones = Actor.zone.through.objects.filter(actor__in=ids).order_by("territory_id")
        for actor_id, territory_id in zones.values_list("actor_id", "territory_id"):
            self.zones[actor_id].append(territory_id)
        self.listings = {
            listing.actor_id: listing for listing in Listing.objects.filter(network=network, actor__in=ids)
        }
        elsewhere = Listing.objects.filter(actor__in=ids).exclude(network=network)
        self.elsewhere = self._ids(elsewhere)
        self.followed = self._ids(ActorMember.objects.filter(actor__in=ids)) | self._ids(
            Note.objects.filter(actor__in=ids)
        )
        self.identifiers: dict[int, dict[str, str]] = defaultdict(dict)
        for identifier in Identifier.objects.filter(actor__in=ids):
            self.identifiers[identifier.actor_id][identifier.scheme] = identifier.value
        given = Qualification.objects.filter(network=network, actor__in=ids, nature=Nature.ASSESSED)
        self.circles = {each.actor_id: each for each in given.in_force()}
        self.requalified = self._ids(given.exclude(until=None))
        self.now = timezone.now()

    @staticmethod
    def _ids(rows: QuerySet[Any]) -> set[int]:
        return set(rows.values_list("actor_id", flat=True))

    def run(self) -> dict[int, Kept]:
        kept: dict[int, Kept] = {}
        created = [change for change in self.changes if change.created]
        removed = []
        for change in created:
            reasons = self._touched(change)
            if reasons:
                kept[change.pk] = reasons
            elif change.object_id in self.actors:
                removed.append(change.object_id)
        changed: list[Any] = []
        for change in self.changes:
            if not change.created:
                kept[change.pk] = self._put_back(change, changed)
        mark_changed(changed)
        self._remove(removed)
        return {pk: reasons for pk, reasons in kept.items() if reasons}

    # --- records that the import created ------------------------------------------------------------------------------

    def _touched(self, change: Recorded) -> Kept:
        """Why a created record is not removed: someone changed it, follows it, or shows it elsewhere."""
        actor = self.actors.get(change.object_id)
        if actor is None:
            return {}
        if actor.pk in self.followed:
            return {"": _("des personnes suivent cette fiche ou y ont laissé une note")}
        if actor.pk in self.elsewhere:
            return {"": _("un autre réseau présente cette fiche")}
        now = {**snapshot(actor), "state": self._state(actor.pk)}
        if self.terms[actor.pk]:
            now["terms"] = sorted(self.terms[actor.pk])
        if self.zones[actor.pk]:
            now["zone"] = self.zones[actor.pk]
        if self.identifiers[actor.pk]:
            now["identifiers"] = self.identifiers[actor.pk]
        if actor.pk in self.circles:
            now["circle"] = self.circles[actor.pk].circle
        differing = {name for name in now.keys() | change.after.keys() if now.get(name) != change.after.get(name)}
        if actor.pk in self.requalified:
            differing.add("circle")
        if actor.archived_at is not None:
            differing.add("archived")
        return {name: _("modifié depuis l'import") for name in sorted(differing)}

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

    # --- records that it changed --------------------------------------------------------------------------------------

    def _put_back(self, change: Recorded, changed: list[int]) -> Kept:
        actor = self.actors.get(change.object_id)
        if actor is None:
            return {"": _("la fiche n'existe plus")}
        kept: Kept = {}
        names = change.after.keys() & (PLAIN | RELATED | set(PLACED))
        restored = []
        for name in sorted(names):
            attribute = f"{name}_id" if name in RELATED else name
            value = getattr(actor, attribute)
            value = value.name if name == "image" and value else value
            if value != change.after[name]:
                kept[name] = _("modifié depuis l'import")
                continue
            setattr(actor, attribute, change.before.get(name))
            self._provenance(actor, name, change)
            restored.append(name)
        if "terms" in change.after:
            self._put_back_terms(actor, change, kept)
        if "zone" in change.after:
            self._put_back_zone(actor, change, kept)
        if "slug" in change.after and "name" in restored and actor.slug == change.after["slug"]:
            FormerSlug.objects.filter(slug=change.before["slug"], actor=actor).delete()
            actor.slug = change.before["slug"]
        actor.name_key = folded(actor.name)[:200]
        actor.completeness = completeness(actor, set(self.terms[actor.pk].values()))
        actor.save(update_fields=[*restored, "slug", "name_key", "completeness", "provenance", "updated_at"])
        self._put_back_others(actor, change, kept)
        changed.append(actor.pk)
        return kept

    @staticmethod
    def _provenance(actor: Actor, name: str, change: Recorded) -> None:
        was = (change.before.get("provenance") or {}).get(name)
        if was is None:
            actor.provenance.pop(name, None)
        else:
            actor.provenance[name] = was

    def _put_back_terms(self, actor: Actor, change: Recorded, kept: Kept) -> None:
        if sorted(self.terms[actor.pk]) != sorted(change.after["terms"]):
            kept["terms"] = _("modifié depuis l'import")
            return
        added = set(change.after["terms"]) - set(change.before.get("terms") or ())
        Actor.terms.through.objects.filter(actor=actor, term__in=added).delete()
        for pk in added:
            self.terms[actor.pk].pop(pk, None)
        self._provenance(actor, "terms", change)

    def _put_back_zone(self, actor: Actor, change: Recorded, kept: Kept) -> None:
        if self.zones[actor.pk] != sorted(change.after["zone"]):
            kept["zone"] = _("modifié depuis l'import")
            return
        actor.zone.set(change.before.get("zone") or ())
        self._provenance(actor, "zone", change)

    def _put_back_others(self, actor: Actor, change: Recorded, kept: Kept) -> None:
        for scheme, value in (change.after.get("identifiers") or {}).items():
            Identifier.objects.filter(actor=actor, scheme=scheme, value=value).delete()
        if "circle" in change.after:
            held = self.circles.get(actor.pk)
            if held is None or held.circle != change.after["circle"]:
                kept["circle"] = _("modifié depuis l'import")
            else:
                held.delete()
        if "state" in change.after:
            listing = self.listings.get(actor.pk)
            if listing is None or listing.state != change.after["state"]:
                kept["state"] = _("modifié depuis l'import")
            else:
                listing.delete()
