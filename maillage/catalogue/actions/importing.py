"""Writing resources from a list of another site, and taking them back.

A field is written again only while it holds what the last import gave (`provenance`: field → mark of that value): what people
wrote since stays, and nothing is erased.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.activity.actions import record
from maillage.catalogue import rules
from maillage.catalogue.actions.marking import forget, hold, mark_changed
from maillage.catalogue.actions.writing import assign, free_slug, save
from maillage.catalogue.enums import State
from maillage.catalogue.models import Booking, LendingTerms, Resource, ResourceIdentifier
from maillage.catalogue.queries.fields import as_json, places_of, snapshot, terms_of
from maillage.core.permissions import Answer, Denied
from maillage.core.seen import mark
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.territories.models import Territory

RELATED = ("terms", "zone")
_PROMISED = {"actor", "kind"}  # Who lends what was booked, and what it is.
_HELD = gettext_lazy("des exemplaires, des documents, des usages ou ce que des personnes y ont ajouté y tiennent")
_BOOKED = gettext_lazy("Elle a été réservée : ni la structure qui la propose ni sa nature ne changent plus.")


@dataclass
class Line:
    """What a line says: values as JSON (`actor` and terms by key), its key in the source, the resource it is."""

    values: dict[str, Any]
    scheme: str
    key: str
    source: str = ""
    resource_id: int | None = None


@dataclass
class Done:
    """What writing a line does: fields as [before, after]; `refusal` why it may not."""

    resource: Resource | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    created: bool = False
    refusal: str = ""


def _booked(keys: Iterable[int]) -> set[int]:
    return set(Booking.objects.filter(resource__in=list(keys)).values_list("resource", flat=True))


def _may_rewrite(by: Viewer, resource: Resource) -> Answer:
    """Within one's reach, and not while people's reports of it wait for the team's answer: what comes back is what was read."""
    if resource.state == State.SUSPENDED:
        return Denied(_("Cette fiche est masquée le temps que l'équipe réponde aux signalements."))
    return rules.in_reach(by, resource)


class Writer:
    """`state` of those that are made."""

    def __init__(self, *, by: Viewer, state: State) -> None:
        self.by, self.state = by, state
        self.shown: set[int] = set()
        self.booked: set[int] = set()

    def plan(self, lines: Sequence[Line]) -> list[Done]:
        """What would change, without writing; as many queries whatever the number of lines."""
        known = self._known(lines)
        actors = self._actors(lines)
        return [self._planned(line, known.get(line.resource_id or 0), actors) for line in lines]

    def write(self, lines: Sequence[Line]) -> list[Done]:
        """In the caller's transaction."""
        hold(self.by.network, *(line.resource_id for line in lines if line.resource_id))
        done, touched = [], []
        known, actors = self._known(lines), self._actors(lines)
        for line in lines:
            each = self._planned(line, known.get(line.resource_id or 0), actors)
            if not each.refusal:
                self._written(line, each, actors)
                if each.resource is not None and (each.created or each.changes):
                    touched.append(each.resource.pk)
            done.append(each)
        mark_changed(*touched)
        return done

    def _known(self, lines: Sequence[Line]) -> dict[int, Resource]:
        keys = [line.resource_id for line in lines if line.resource_id]
        self.booked = _booked(keys)
        here = Resource.objects.filter(network=self.by.network_id, pk__in=keys)
        related = here.select_related("network", "actor__commune__department", "commune__department")
        return {each.pk: each for each in related.prefetch_related(*RELATED)}

    def _actors(self, lines: Sequence[Line]) -> dict[int, Actor]:
        keys = {line.values["actor"] for line in lines}
        found = Actor.objects.visible_to(self.by).filter(pk__in=keys).select_related("commune__department")
        self.shown = set(
            Actor.objects.visible_to(Viewer(network=self.by.network))
            .current()
            .filter(pk__in=keys)
            .values_list("pk", flat=True)
        )
        return {actor.pk: actor for actor in found.distinct()}

    def _planned(self, line: Line, resource: Resource | None, actors: Mapping[int, Actor]) -> Done:
        if line.resource_id is not None and resource is None:
            return Done(refusal=_("Cette ressource n'existe plus."))
        actor = actors.get(line.values["actor"])
        if actor is None:
            return Done(refusal=_("Cet acteur n'est plus dans l'annuaire."))
        answer = rules.may_offer(self.by, actor) if resource is None else _may_rewrite(self.by, resource)
        if isinstance(answer, Denied):
            return Done(refusal=answer.sentence)
        if resource is None:
            return Done(changes={name: [None, value] for name, value in line.values.items()}, created=True)
        now = snapshot(resource)
        changes = {
            name: [now[name], value]
            for name, value in line.values.items()
            if value not in ("", None, []) and now[name] != value and self._is_free(resource, name, now[name])
        }
        for low, high in (("age_min", "age_max"), ("group_min", "group_max")):
            ends = [changes[name][1] if name in changes else now[name] for name in (low, high)]
            if (
                None not in ends and ends[1] < ends[0]
            ):  # Of what people wrote since, the other bound does not go with it.
                changes.pop(low, None)
                changes.pop(high, None)
        if resource.pk in self.booked and changes.keys() & _PROMISED:
            return Done(refusal=str(_BOOKED))
        if "actor" in changes and isinstance(answer := rules.may_offer(self.by, actor), Denied):
            return Done(refusal=answer.sentence)
        return Done(resource, changes)

    @staticmethod
    def _is_free(resource: Resource, name: str, value: Any) -> bool:
        """Whether nobody wrote it since the last import."""
        return value in ("", None, []) or resource.provenance.get(name) == mark(value)

    def _written(self, line: Line, done: Done, actors: Mapping[int, Actor]) -> None:
        by = self.by
        resource = done.resource
        values = {name: pair[1] for name, pair in done.changes.items()}
        if "actor" in values:
            values["actor"] = actors[values["actor"]]
        if "commune" in values:
            values["commune"] = Territory.objects.get(pk=values["commune"])
        if resource is None:
            resource = done.resource = Resource(network=by.network, author=None, actor=actors[line.values["actor"]])
            resource.slug = free_slug(resource.network_id, values["title"])
            resource.source = line.source
            resource.state = self.state if resource.actor_id in self.shown else State.DRAFT
            if resource.state == State.PUBLISHED:
                resource.published_at = resource.decided_at = timezone.now()
        if values:
            assign(resource, values, trusted=False)
            resource.provenance |= {name: mark(as_json(value)) for name, value in values.items()}
            save(resource, values)
            told = snapshot(resource)
            resource.provenance |= {name: mark(told[name]) for name in values}
            resource.save(update_fields=["provenance", "updated_at"])
            verb = "resource.import" if done.created else "resource.update"
            record(verb, by=by, subject=resource, changes=done.changes, touch=False)
        ResourceIdentifier.objects.update_or_create(
            network=by.network, scheme=line.scheme, value=line.key,
            defaults={"resource": resource, "seen_at": timezone.now()},
        )  # fmt: skip


def take_back(*, by: Viewer, changes: Sequence[Any]) -> dict[int, dict[str, str]]:
    """In the caller's transaction: what the import made and nobody touched goes, what it changed and still holds its value is put
    back; why the rest stays, by change and field."""
    keys = [change.object_id for change in changes]
    hold(by.network, *keys)
    found = Resource.objects.filter(network=by.network_id, pk__in=keys).select_related(
        "network", "actor__commune__department"
    )
    known = {each.pk: each for each in found.prefetch_related(*RELATED)}
    booked = _booked(known)
    kept: dict[int, dict[str, str]] = {}
    touched = []
    for change in changes:
        resource = known.get(change.object_id)
        if resource is None:
            kept[change.pk] = {} if change.created else {"": _("la ressource n'existe plus")}
        elif isinstance(answer := _may_rewrite(by, resource), Denied):
            kept[change.pk] = {"": answer.sentence}
        elif change.created:
            kept[change.pk] = _removed(by, resource, change)
        else:
            kept[change.pk] = _put_back(by, resource, change, is_booked=resource.pk in booked)
            touched.append(resource.pk)
    mark_changed(*touched)
    return {pk: reasons for pk, reasons in kept.items() if reasons}


def _removed(by: Viewer, resource: Resource, change: Any) -> dict[str, str]:
    now = snapshot(resource)
    differing = [name for name, value in change.after.items() if now.get(name) != value]
    if differing:
        return dict.fromkeys(differing, _("modifié depuis"))
    used = (
        resource.copies, resource.files, resource.uses, resource.bookings, resource.photos, resource.links, resource.modules,
        resource.consumables, LendingTerms.objects.filter(resource=resource),
    )  # fmt: skip
    if any(each.exists() for each in used):
        return {"": str(_HELD)}
    try:
        with transaction.atomic():
            record("resource.unimport", by=by, subject=resource)
            forget(resource)
            resource.delete()
    except ProtectedError:  # What other parts of the program hold of it: a waiting list, a season of tours.
        return {"": str(_HELD)}
    return {}


def _put_back(by: Viewer, resource: Resource, change: Any, *, is_booked: bool) -> dict[str, str]:
    now, kept, back = snapshot(resource), {}, {}
    for name, value in change.after.items():
        if now.get(name) != value:
            kept[name] = _("modifié depuis")
        elif name in _PROMISED and is_booked:
            kept[name] = str(_BOOKED)
        else:
            back[name] = change.before.get(name)
    for name, value in back.items():
        if name == "terms":
            resource.terms.set(terms_of(value or []))
        elif name == "zone":
            resource.zone.set(places_of(value or []))
        elif name in ("actor", "commune"):
            setattr(resource, f"{name}_id", value)
        else:
            setattr(resource, name, value)
        if name == "website":
            resource.look_again()
        resource.provenance.pop(name, None)
    if back:
        resource.save()
        changes = {name: [change.after[name], value] for name, value in back.items()}
        record("resource.update", by=by, subject=resource, changes=changes, details={"undone": True})
    return kept
