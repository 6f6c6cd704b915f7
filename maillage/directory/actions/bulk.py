"""Writing many records at once, under the rules of `writing.assign`: the way of imports.

A chunk costs a constant number of queries when it creates, one more for each record it changes. The caller holds the
transaction; everything is journalled, actor by actor, and the networks are told at the end of the chunk.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from maillage.activity.models import Entry
from maillage.core.text import folded, slugged
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.marking import hold, mark_changed
from maillage.directory.actions.sheets import PLACED, Done, Sheet, instant, snapshot
from maillage.directory.actions.writing import MANY, PLAIN, RELATED, RESERVED, Stamp, assign, compared
from maillage.directory.enums import ActorKind, ListingState, Nature, Origin, PositionQuality
from maillage.directory.models import Actor, DistinctPair, FormerSlug, Identifier, Listing, Qualification
from maillage.directory.models.completeness import completeness
from maillage.directory.queries.homes import withheld_from
from maillage.territories.models import Territory
from maillage.topics.models import Term

_ROUGH = {PositionQuality.COMMUNE, PositionQuality.ESTIMATED, PositionQuality.TO_PLACE}
_DERIVED = [
    "name_key",
    "slug",
    "latitude",
    "longitude",
    "position_quality",
    "position_score",
    "completeness",
    "provenance",
    "confirmed_at",
]
_POSITION = ("latitude", "longitude")
OVERWRITE = {"all", "own", "empty"}


@dataclass
class _Held:
    """What is known of the actors of a chunk, besides their own rows."""

    actors: dict[int, Actor]
    terms: dict[int, dict[int, str]]
    zone: dict[int, list[int]]
    identifiers: dict[int, dict[str, str]]
    listed: set[int]
    qualified: set[int]

    def alone(self, pk: int) -> "_Held":
        """What is held of one of them, to be changed without a trace."""
        actor = copy(self.actors[pk])
        actor.provenance = dict(actor.provenance)
        return _Held(
            {pk: actor},
            defaultdict(dict, {pk: dict(self.terms[pk])}),
            defaultdict(list, {pk: list(self.zone[pk])}),
            defaultdict(dict, {pk: dict(self.identifiers[pk])}),
            self.listed & {pk},
            self.qualified & {pk},
        )


class BulkWriter:
    """`overwrite`: "all" what the actor did not write itself, "own" what the same source wrote before, "empty" nothing.

    `same(field, held, given)` tells whether what is held would read as what is given: then it is no change.
    """

    def __init__(
        self,
        *,
        by: Viewer,
        stamp: Stamp,
        state: str = ListingState.DRAFT,
        overwrite: str = "all",
        same: Callable[[str, Any, Any], bool] = lambda field, held, given: False,
    ) -> None:
        rules.may_create(by).require()
        self.by, self.stamp = by, stamp
        self.state = ListingState(state)
        self.overwrite = overwrite if overwrite in OVERWRITE else "all"
        self.network = by.network
        self.same = same
        self._slugs: set[str] | None = None
        self._last: dict[str, int] = {}

    def reaches(self, actor: Actor) -> bool:
        """`rules.may_edit` for a team, without a query."""
        return actor.home_network_id == self.network.pk and bool(rules.in_reach(self.by, actor))

    # --- creating -----------------------------------------------------------------------------------------------------

    def create(self, sheets: Sequence[Sheet]) -> list[Done]:
        done = [self._new(sheet) for sheet in sheets]
        Actor.objects.bulk_create([each.actor for each in done])
        self._relate(done)
        self._list(done)
        self._identify(done)
        self._qualify(sheets, done)
        pairs = [
            DistinctPair(first_id=min(each.actor.pk, other), second_id=max(each.actor.pk, other), by=self.by.user)
            for sheet, each in zip(sheets, done, strict=True)
            for other in sheet.distinct_from
        ]
        DistinctPair.objects.bulk_create(pairs, ignore_conflicts=True)
        self._tell("actor.create", done)
        return done

    def _new(self, sheet: Sheet) -> Done:
        # A list brings sheets that nobody has confirmed, unless it says when it did.
        told = None if self.stamp.origin == Origin.IMPORT else self.stamp.at
        actor = Actor(home_network=self.network, confirmed_at=sheet.confirmed_at or told)
        values = dict(sheet.values)
        if sheet.parent_id is not None:
            values["parent"] = Actor(pk=sheet.parent_id)
        if "contact_is_public" not in values:
            # A list that names a person says nothing of their consent: someone has to make it public.
            organisation = values.get("kind", ActorKind.ORGANISATION) == ActorKind.ORGANISATION
            actor.contact_is_public = organisation and not values.get("contact_name")
        written = assign(actor, values, self.stamp, current={})
        actor.slug = self._free_slug(sheet.slug or actor.name)
        actor.name_key = folded(actor.name)[:200]
        actor.completeness = completeness(actor, {term.vocabulary for term in values.get("terms", ())})
        after = {**snapshot(actor), **written.many, "state": sheet.state or str(self.state)}
        if sheet.identifiers:
            after["identifiers"] = dict(sheet.identifiers)
        if sheet.circle is not None:
            after["circle"] = sheet.circle
        return Done(
            actor,
            created=True,
            changes={name: [None, value] for name, value in after.items()},
            many=written.many,
            identifiers=dict(sheet.identifiers),
            qualifies=sheet.circle is not None,
        )

    def _free_slug(self, name: str) -> str:
        """`writing.free_slugs` for thousands: every taken address is read once."""
        if self._slugs is None:
            self._slugs = set(Actor.objects.values_list("slug", flat=True))
            self._slugs.update(FormerSlug.objects.values_list("slug", flat=True), RESERVED)
        base = slug = slugged(name, 90)
        number = self._last.get(base, 1)
        while slug in self._slugs:
            number += 1
            slug = f"{base}-{number}"
        self._last[base] = number
        self._slugs.add(slug)
        return slug

    # --- changing -----------------------------------------------------------------------------------------------------

    def plan(self, sheets: Sequence[Sheet]) -> list[Done]:
        """What `update` would do, nothing being saved: six queries whatever their number."""
        held = self._held([sheet.actor_id for sheet in sheets if sheet.actor_id is not None])
        return [self._changed(sheet, held) for sheet in sheets]

    def compare(self, sheets: Sequence[Sheet]) -> list[Done]:
        """`plan` where several sheets may be about one actor; `changes` also tells what `kept` says would stay."""
        held = self._held([sheet.actor_id for sheet in sheets if sheet.actor_id is not None])
        done = [self._changed(sheet, held.alone(sheet.actor_id or 0)) for sheet in sheets]
        for sheet, each in zip(sheets, done, strict=True):
            for name in set(each.kept) - MANY - each.changes.keys() - withheld_from(self.by, each.actor):
                each.changes[name] = list(compared(each.actor, name, sheet.values[name], None))
        return done

    def update(self, sheets: Sequence[Sheet]) -> list[Done]:
        ids = [sheet.actor_id for sheet in sheets if sheet.actor_id is not None]
        hold(ids, by=self.by)
        held = self._held(ids)
        done = []
        for sheet in sheets:
            each = self._changed(sheet, held)
            if "name" in each.changes:
                self._rename(each)
            if each.changes.keys() & (PLAIN | RELATED | MANY | {"confirmed_at"}):
                each.actor.name_key = folded(each.actor.name)[:200]
                vocabularies = set(held.terms[each.actor.pk].values())
                each.actor.completeness = completeness(each.actor, vocabularies)
                each.actor.save(
                    update_fields=[*sorted(each.changes.keys() & (PLAIN | RELATED)), *_DERIVED, "updated_at"]
                )
            done.append(each)
        changed = [each for each in done if each.changes]
        self._relate(changed)
        self._identify(changed)
        self._list([each for each in changed if each.lists])
        self._qualify(sheets, done)
        rewritten = [each.actor.pk for each in changed if each.writes_record]
        others = Listing.objects.filter(actor__in=rewritten).exclude(network=self.network)
        others.update(changed_since_cleared=True)
        self._tell("actor.update", changed)
        return done

    def _rename(self, done: Done) -> None:
        FormerSlug.objects.get_or_create(slug=done.actor.slug, defaults={"actor": done.actor})
        done.changes["slug"] = [done.actor.slug, self._free_slug(done.actor.name)]
        done.actor.slug = done.changes["slug"][1]

    def _held(self, ids: Iterable[int]) -> _Held:
        ids = set(ids)
        actors = Actor.objects.filter(pk__in=ids).select_related("commune__department")
        held = _Held(
            {actor.pk: actor for actor in actors}, defaultdict(dict), defaultdict(list), defaultdict(dict), set(), set()
        )
        through = Actor.terms.through.objects.filter(actor__in=ids)
        for actor_id, term_id, vocabulary in through.values_list("actor_id", "term_id", "term__vocabulary"):
            held.terms[actor_id][term_id] = vocabulary
        for actor_id, territory_id in Actor.zone.through.objects.filter(actor__in=ids).values_list(
            "actor_id", "territory_id"
        ):
            held.zone[actor_id].append(territory_id)
        for identifier in Identifier.objects.filter(actor__in=ids):
            held.identifiers[identifier.actor_id][identifier.scheme] = identifier.value
        here = Listing.objects.filter(network=self.network, actor__in=ids)
        held.listed.update(here.values_list("actor_id", flat=True))
        given = Qualification.objects.filter(network=self.network, actor__in=ids, nature=Nature.ASSESSED).in_force()
        held.qualified.update(given.values_list("actor_id", flat=True))
        return held

    def _changed(self, sheet: Sheet, held: _Held) -> Done:
        actor = held.actors[sheet.actor_id or 0]
        done = Done(actor)
        mine = held.terms[actor.pk]
        if self.reaches(actor):
            values = self._allowed(actor, sheet.values, done)
            # Terms and territories are added: a source that knows fewer does not take away what others said.
            for name, model, there in (("terms", Term, mine.keys()), ("zone", Territory, held.zone[actor.pk])):
                if name in values:
                    new = {item.pk for item in values[name]}
                    values[name] = [*values[name], *(model(pk=pk) for pk in set(there) - new)]
            was, placed = dict(actor.provenance), [getattr(actor, name) for name in PLACED]
            current = {"terms": mine, "zone": held.zone[actor.pk]}
            written = assign(actor, values, self.stamp, current=current)
            done.changes, done.many = dict(written.changes), written.many
            if done.changes:
                for name, before in zip(PLACED, placed, strict=True):
                    if getattr(actor, name) != before:
                        done.changes.setdefault(name, [before, getattr(actor, name)])
            done.kept += written.kept
            done.provenance = {name: was.get(name) for name in written.changes}
            if sheet.confirmed_at is not None and self._confirms(actor, sheet.confirmed_at):
                done.changes["confirmed_at"] = [instant(actor.confirmed_at), instant(sheet.confirmed_at)]
                actor.confirmed_at = sheet.confirmed_at
            if "terms" in written.many:
                mine.update({term.pk: term.vocabulary for term in sheet.values["terms"]})
        else:
            done.kept = sorted(sheet.values)
        done.identifiers = {
            scheme: value for scheme, value in sheet.identifiers.items() if scheme not in held.identifiers[actor.pk]
        }
        if done.identifiers:
            done.changes["identifiers"] = [{}, dict(done.identifiers)]
            held.identifiers[actor.pk].update(done.identifiers)
        if actor.pk not in held.listed:
            done.lists = True
            held.listed.add(actor.pk)
            done.changes["state"] = [None, sheet.state or str(self.state)]
        if sheet.circle is not None and actor.pk not in held.qualified:
            done.qualifies = True
            held.qualified.add(actor.pk)
            done.changes["circle"] = [None, sheet.circle]
        return done

    def _allowed(self, actor: Actor, values: Mapping[str, Any], done: Done) -> dict[str, Any]:
        """The values that `overwrite` lets through; the source an actor came from stays."""
        kept: dict[str, Any] = {}
        for name, value in values.items():
            if name == "source" and actor.source:
                continue
            if name in PLAIN and self.same(name, getattr(actor, name), value):
                continue
            if self.overwrite == "all" or name in MANY or self._is_free(actor, name):
                kept[name] = value
            elif value not in (None, "", []) and getattr(actor, name) != value:
                done.kept.append(name)
        if len([name for name in _POSITION if name in kept]) == 1:
            kept = {name: value for name, value in kept.items() if name not in _POSITION}
        return kept

    def _is_free(self, actor: Actor, name: str) -> bool:
        if name in (*_POSITION, "position_quality"):
            if actor.latitude is None or "latitude" not in actor.provenance:
                return True
        elif getattr(actor, f"{name}_id" if name in RELATED else name) in (None, "", []):
            return True
        written = actor.provenance.get(name, {})
        mine = written.get("origin") == Origin.IMPORT and written.get("source", "") == self.stamp.source
        return self.overwrite == "own" and mine

    def _confirms(self, actor: Actor, at: datetime) -> bool:
        """A day later than the one known; an older file takes nothing back."""
        if actor.confirmed_at is None:
            return True
        return self.overwrite != "empty" and timezone.localdate(at) > timezone.localdate(actor.confirmed_at)

    # --- what goes with it --------------------------------------------------------------------------------------------

    def _relate(self, done: Sequence[Done]) -> None:
        for name in MANY:
            through = getattr(Actor, name).through
            key = "term_id" if name == "terms" else "territory_id"
            rows = [through(actor_id=each.actor.pk, **{key: pk}) for each in done for pk in each.many.get(name, ())]
            through.objects.bulk_create(rows, ignore_conflicts=True)

    def _list(self, done: Sequence[Done]) -> None:
        states = [(each.actor, ListingState(each.changes["state"][1])) for each in done]
        Listing.objects.bulk_create(
            [
                Listing(
                    network=self.network,
                    actor=actor,
                    state=state,
                    published_at=self.stamp.at if state == ListingState.PUBLISHED else None,
                )
                for actor, state in states
            ]
        )

    def _identify(self, done: Sequence[Done]) -> None:
        Identifier.objects.bulk_create(
            [
                Identifier(actor=each.actor, scheme=scheme[:40], value=value[:80])
                for each in done
                for scheme, value in each.identifiers.items()
            ]
        )

    def _qualify(self, sheets: Sequence[Sheet], done: Sequence[Done]) -> None:
        """A circle is proposed where none is in force; what the team decided stays."""
        today: date = timezone.localdate()
        Qualification.objects.bulk_create(
            [
                Qualification(
                    network=self.network,
                    actor=each.actor,
                    nature=Nature.ASSESSED,
                    circle=sheet.circle,
                    reason=sheet.circle_reason[:300],
                    source=self.stamp.source[:120],
                    since=sheet.circle_since or today,
                    author=self.by.user,
                    author_label=(self.by.system or str(self.by.user or ""))[:120],
                )
                for sheet, each in zip(sheets, done, strict=True)
                if each.qualifies and sheet.circle is not None
            ]
        )

    def _tell(self, verb: str, done: Sequence[Done]) -> None:
        if not done:
            return
        content_type = ContentType.objects.get_for_model(Actor)
        Entry.objects.bulk_create(
            [
                Entry(
                    network=self.network,
                    user=self.by.user,
                    system=self.by.system,
                    verb=verb,
                    content_type=content_type,
                    object_id=each.actor.pk,
                    label=each.actor.name[:200],
                    changes=each.changes,
                    details={"batch": self.stamp.batch, "source": self.stamp.source},
                )
                for each in done
            ]
        )
        mark_changed(each.actor.pk for each in done if each.writes_record)
        mark_changed((each.actor.pk for each in done if not each.writes_record), only_in=self.network.pk)
