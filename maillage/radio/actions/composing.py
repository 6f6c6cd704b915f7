"""Composing a running order: what it is made of, in order, and the words of each item."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.agenda.models import Event, Timing
from maillage.core.errors import Conflict, Refused
from maillage.core.seen import Seen, require_unmoved
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.models import Network
from maillage.publications.enums import CreditState
from maillage.publications.models import Publication
from maillage.radio import rules
from maillage.radio.actions.marking import held, mark_changed
from maillage.radio.enums import ItemKind
from maillage.radio.models import Episode, Heard, Item
from maillage.radio.queries.drafting import questions_of, words_of_actor, words_of_event, words_of_publication
from maillage.radio.queries.fields import ITEM, item_fields
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory

MOST = 80
INTERVIEW_SECONDS = 240


def add_items(
    *,
    by: Viewer,
    episode: Episode,
    events: Iterable[Event] = (),
    actors: Iterable[Actor] = (),
    publications: Iterable[Publication] = (),
    timings: Mapping[int, list[Timing]] | None = None,
) -> list[Item]:
    """One item for each, last in the order, with a first draft of its words; what is there already is left. `timings`: the dates
    of each event that are spoken of (all those to come when not said)."""
    with transaction.atomic():
        episode = held(by.network, episode)
        rules.may_compose(by, episode).require()
        there = list(episode.items.values_list("event", "actor", "publication"))
        inside: list[set[int]] = [{row[at] for row in there if row[at]} for at in range(3)]
        rows: list[tuple[Item, list[int], list[Territory]]] = []
        for event in events:
            if event.pk not in inside[0]:
                dates = timings[event.pk] if timings and event.pk in timings else list(event.timings.upcoming()[:10])
                rows.append(_about_event(event, dates, episode.network))
        rows += [_about_actor(actor) for actor in actors if actor.pk not in inside[1]]
        rows += [_about_publication(text) for text in publications if text.pk not in inside[2]]
        _require_room(len(there) + len(rows))
        for position, (item, heard, places) in enumerate(rows, len(there)):
            item.episode, item.position = episode, position
            _save(item)
            item.departments.set(places)
            Heard.objects.bulk_create(Heard(item=item, actor_id=pk) for pk in dict.fromkeys(heard))
        if rows:
            _tell(by, episode, {"added": ", ".join(item.title for item, _heard, _places in rows)[:500]})
    return [item for item, _heard, _places in rows]


def add_free_item(*, by: Viewer, episode: Episode, kind: str, title: str, planned: int | None = None) -> Item:
    """A chronicle, a jingle, a piece of music: about nothing of the site."""
    with transaction.atomic():
        episode = held(by.network, episode)
        rules.may_compose(by, episode).require()
        count = episode.items.count()
        _require_room(count + 1)
        item = Item(
            episode=episode, position=count, kind=ItemKind(kind), title=legible(title).strip(), planned=planned,
            questions=questions_of(kind),
        )  # fmt: skip
        _save(item)
        _tell(by, episode, {"added": item.title})
    return item


def edit_item(*, by: Viewer, item: Item, fields: Mapping[str, Any], seen: Seen | None) -> list[str]:
    """The names of the fields that changed; conflict when someone else changed one of them meanwhile. Words alone are read by the
    team: pages of the public are left as they are."""
    with transaction.atomic():
        episode = held(by.network, item.episode)
        rules.may_compose(by, episode).require()
        found = episode.items.filter(pk=item.pk).first()
        if found is None:
            raise Conflict(_("Cette séquence n'est plus dans le conducteur."))
        before = item_fields(found)
        require_unmoved(before, fields, seen)
        for name, given in fields.items():
            if name not in ITEM:
                raise KeyError(name)
            if name != "departments":
                setattr(found, name, legible(given) if isinstance(given, str) else given)
        _save(found)
        if "departments" in fields:
            found.departments.set(fields["departments"])
        after = item_fields(found)
        changed = [name for name in after if before[name] != after[name]]
        if changed:
            Episode.objects.filter(pk=episode.pk).update(updated_at=timezone.now())
        if {"title", "departments"} & set(changed):
            _tell(by, episode, {"changed": found.title})
        return changed


def move_item(*, by: Viewer, item: Item, up: bool) -> None:
    """One place up or down."""
    with transaction.atomic():
        episode = held(by.network, item.episode)
        rules.may_compose(by, episode).require()
        keys = list(episode.items.order_by("position", "pk").values_list("pk", flat=True))
        if item.pk not in keys:
            raise Conflict(_("Cette séquence n'est plus dans le conducteur."))
        at = keys.index(item.pk)
        other = at - 1 if up else at + 1
        if 0 <= other < len(keys):
            keys[at], keys[other] = keys[other], keys[at]
        _place(keys)
        if episode.is_shown:
            mark_changed(episode)


def remove_item(*, by: Viewer, item: Item) -> None:
    with transaction.atomic():
        episode = held(by.network, item.episode)
        rules.may_compose(by, episode).require()
        title = item.title
        episode.items.filter(pk=item.pk).delete()
        _place(list(episode.items.order_by("position", "pk").values_list("pk", flat=True)))
        _tell(by, episode, {"removed": title})


def add_heard(*, by: Viewer, item: Item, actor: Actor) -> None:
    """Someone else who is heard or spoken of; their département counts when the item was of none."""
    with transaction.atomic():
        episode = held(by.network, item.episode)
        rules.may_compose(by, episode).require()
        Heard.objects.get_or_create(item=item, actor=actor)
        if not item.departments.exists() and (place := _department(actor.commune)) is not None:
            item.departments.add(place)
        _tell(by, episode, {"heard": actor.name})


def remove_heard(*, by: Viewer, item: Item, actor: Actor) -> None:
    with transaction.atomic():
        episode = held(by.network, item.episode)
        rules.may_compose(by, episode).require()
        item.heard.filter(actor=actor).delete()
        _tell(by, episode, {"unheard": actor.name})


def _about_event(event: Event, dates: list[Timing], network: Network) -> tuple[Item, list[int], list[Territory]]:
    organisers = [
        each for each in event.organisers.select_related("actor__commune__department") if not each.withdrawn_at
    ]
    place = _department(event.commune)
    places = [place] if place is not None else _distinct(_department(each.actor.commune) for each in organisers)
    item = Item(kind=ItemKind.AGENDA, title=event.title, event=event, words=words_of_event(event, dates))
    heard = [each.actor_id for each in organisers]
    if event.network_id != network.pk:  # Of those who organise it elsewhere, the ones that everyone reads of here.
        known = set(Actor.objects.visible_to(Viewer(network=network)).filter(pk__in=heard).values_list("pk", flat=True))
        heard = [pk for pk in heard if pk in known]
    return item, heard, places


def _about_actor(actor: Actor) -> tuple[Item, list[int], list[Territory]]:
    item = Item(
        kind=ItemKind.INTERVIEW, title=actor.name[:140], actor=actor, words=words_of_actor(actor),
        questions=questions_of(ItemKind.INTERVIEW), planned=INTERVIEW_SECONDS,
    )  # fmt: skip
    return item, [actor.pk], _distinct([_department(actor.commune)])


def _about_publication(publication: Publication) -> tuple[Item, list[int], list[Territory]]:
    signed = publication.credits.filter(state=CreditState.ACCEPTED, actor__isnull=False)
    places = _distinct(_department(place) for place in publication.places.select_related("department"))
    item = Item(
        kind=ItemKind.CHRONICLE, title=publication.title, publication=publication, words=words_of_publication(publication)
    )  # fmt: skip
    return item, [pk for pk in signed.values_list("actor", flat=True) if pk], places


def _department(place: Territory | None) -> Territory | None:
    if place is None:
        return None
    return place if place.kind == TerritoryKind.DEPARTMENT else place.department


def _distinct(places: Iterable[Territory | None]) -> list[Territory]:
    return list({place.pk: place for place in places if place is not None}.values())


def _save(item: Item) -> None:
    item.full_clean(exclude=["episode"], validate_constraints=False)
    item.save()


def _require_room(count: int) -> None:
    if count > MOST:
        raise Refused(_("Quatre-vingts séquences au plus."), status=422)


def _place(keys: list[int]) -> None:
    for place, key in enumerate(keys):
        Item.objects.filter(pk=key).update(position=place)


def _tell(by: Viewer, episode: Episode, details: dict[str, str]) -> None:
    record("episode.items", by=by, subject=episode, details=details, touch=False)
    if episode.is_shown:
        mark_changed(episode)
    else:
        Episode.objects.filter(pk=episode.pk).update(updated_at=timezone.now())
