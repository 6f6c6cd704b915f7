"""What a letter says: its parts in order, of which only what everyone may read at this moment, and the order of each reader."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maillage.agenda.enums import EventStatus
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.wording import place_of, timing_in_words
from maillage.core.mail import absolute_url, address_in
from maillage.core.richtext import shown
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.newsletters.enums import BlockKind
from maillage.newsletters.models import Block, Letter
from maillage.publications.enums import Kind
from maillage.publications.models import Publication

_INSIDE = re.compile(r'href="/(?!/)')


@dataclass(frozen=True)
class Item:
    """A content with its sentence, or a free text (`text`, safe HTML). `terms` and `departments` are what preferences look at."""

    block: int
    kind: str
    title: str = ""
    url: str = ""
    mention: str = ""
    when: str = ""
    sentence: str = ""
    text: str = ""
    terms: frozenset[int] = frozenset()
    departments: frozenset[str] = frozenset()

    @property
    def is_text(self) -> bool:
        return self.kind == BlockKind.TEXT

    @property
    def is_here(self) -> bool:
        """Its page is of this network: what another shared keeps its address there."""
        return self.url.startswith("/")


@dataclass(frozen=True)
class Part:
    title: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Content:
    """`left_out`: blocks whose content not everyone reads, with why."""

    parts: list[Part]
    left_out: list[tuple[Block, str]]

    @property
    def count(self) -> int:
        return sum(len(part.items) for part in self.parts)


def content_of(letter: Letter, *, leaving: bool = False) -> Content:
    """As everyone may read it at this moment, whoever asks. `leaving`: also without what is over, which nobody sends."""
    blocks = list(letter.blocks.all())
    reader = Viewer(network=letter.network)
    known = {
        BlockKind.PUBLICATION: _publications(blocks, reader, leaving),
        BlockKind.EVENT: _events(blocks, reader, leaving),
        BlockKind.ACTOR: _actors(blocks, reader),
    }
    parts, left_out = [Part("")], []
    for block in blocks:
        if block.kind == BlockKind.SECTION:
            parts.append(Part(block.title))
        elif block.kind == BlockKind.TEXT:
            text = with_addresses(letter, block.text)
            parts[-1].items.append(Item(block.pk, block.kind, title=block.title, text=text))
        else:
            found = known[BlockKind(block.kind)].get(getattr(block, f"{block.kind}_id"))
            if isinstance(found, Item):
                sentence = block.words or found.sentence
                parts[-1].items.append(replace(found, block=block.pk, sentence=sentence))
            else:
                left_out.append((block, found or _("n'est plus public")))
    return Content([part for part in parts if part.items], left_out)


def with_addresses(letter: Letter, text: str) -> SafeString:
    """A rich text whose links lead to the site from anywhere."""
    base = absolute_url(letter.network, "/")
    return SafeString(_INSIDE.sub(f'href="{base}', shown(text, trusted=True)))


def came_from(content: Any, reader: Viewer) -> str:
    """The name of the network that shared it, where it is not the reader's."""
    return "" if content.network_id == reader.network_id else str(content.network)


def _keys(blocks: Iterable[Block], name: str) -> list[int]:
    return [key for block in blocks if (key := getattr(block, f"{name}_id")) is not None]


def _publications(blocks: list[Block], reader: Viewer, leaving: bool) -> dict[int, Any]:
    if not (keys := _keys(blocks, "publication")):
        return {}
    found = Publication.objects.told_in(reader.network).filter(pk__in=keys).defer("body", "media", "sources")
    today = timezone.localdate()
    known: dict[int, Any] = {}
    for each in found.select_related("network").prefetch_related("terms", "places__department").order_by():
        if leaving and each.closes_on is not None and each.closes_on < today:
            known[each.pk] = _("est passée")
            continue
        of_kind = each.get_announcement_display() if each.kind == Kind.ANNOUNCEMENT else each.get_kind_display()
        places = list(each.places.all())
        where = ", ".join(place.name for place in places[:3])
        mention = " · ".join(filter(None, [of_kind.capitalize(), where, came_from(each, reader)]))
        codes = {place.department.code if place.department else place.code for place in places}
        known[each.pk] = Item(
            0, BlockKind.PUBLICATION, each.title, address_in(reader.network, each), mention, "", each.summary,
            terms=frozenset(term.pk for term in each.terms.all()), departments=frozenset(codes),
        )  # fmt: skip
    return known


def _events(blocks: list[Block], reader: Viewer, leaving: bool) -> dict[int, Any]:
    if not (keys := _keys(blocks, "event")):
        return {}
    dates = Timing.objects.order_by("starts_at", "pk")
    found = Event.objects.told_in(reader.network).filter(pk__in=keys)
    found = found.select_related("commune__department", "venue", "network").defer("description", "provenance")
    now = timezone.now()
    known: dict[int, Any] = {}
    for each in found.prefetch_related("terms", Prefetch("timings", dates, to_attr="told")).order_by():
        told = [timing for timing in each.told if not timing.is_cancelled]
        coming = [timing for timing in told if timing.ends_at > now]
        if leaving and (each.status == EventStatus.CANCELLED or (told and not coming)):
            known[each.pk] = _("est annulé") if each.status == EventStatus.CANCELLED else _("est passé")
            continue
        when = timing_in_words((coming or told)[0], each.tz) if told else ""
        if len(coming) > 1:
            when = _("%(when)s, et d'autres dates") % {"when": when}
        if each.status == EventStatus.CANCELLED:
            when = _("annulé")
        department = each.commune.department.code if each.commune and each.commune.department else ""
        mention = " · ".join(filter(None, [place_of(each), came_from(each, reader)]))
        known[each.pk] = Item(
            0, BlockKind.EVENT, each.title, address_in(reader.network, each), mention, when, each.summary,
            terms=frozenset(term.pk for term in each.terms.all()),
            departments=frozenset([department] if department else []),
        )  # fmt: skip
    return known


def _actors(blocks: list[Block], reader: Viewer) -> dict[int, Any]:
    if not (keys := _keys(blocks, "actor")):
        return {}
    found = Actor.objects.visible_to(reader).filter(pk__in=keys, archived_at=None)
    known = {}
    for each in found.select_related("family", "commune__department").prefetch_related("terms").order_by():
        department = each.commune.department.code if each.commune and each.commune.department else ""
        mention = " · ".join(
            filter(None, [each.family.label if each.family else "", each.commune.name if each.commune else ""])
        )
        known[each.pk] = Item(
            0, BlockKind.ACTOR, each.name, each.get_absolute_url(), mention, "", each.summary,
            terms=frozenset(term.pk for term in each.terms.all()),
            departments=frozenset([department] if department else []),
        )  # fmt: skip
    return known


# --- the order of a reader


def arranged(parts: Iterable[Part], themes: frozenset[int], departments: frozenset[str]) -> list[Part]:
    """Nothing is taken out: in each part, what answers both choices comes first, then what answers one, then the rest, each in the
    editor's order. A free text stays at its rank: what it introduces stays around it."""
    if not themes and not departments:
        return list(parts)
    return [Part(part.title, _first(part.items, themes, departments)) for part in parts]


def _first(items: list[Item], themes: frozenset[int], departments: frozenset[str]) -> list[Item]:
    def rank(item: Item) -> int:
        return -bool(themes & item.terms) - bool(departments & item.departments)

    found: list[Item] = []
    run: list[Item] = []
    for item in items:
        if item.is_text:
            found += [*sorted(run, key=rank), item]
            run = []
        else:
            run.append(item)
    return found + sorted(run, key=rank)


def message_of(letter: Letter, parts: list[Part]) -> dict[str, Any]:
    """What the template of the message and the page of the letter show."""
    return {
        "letter": letter,
        "parts": parts,
        "intro": with_addresses(letter, letter.intro),
        "closing": with_addresses(letter, letter.closing),
        "base": absolute_url(letter.network, "/").rstrip("/"),
        "online_url": absolute_url(letter.network, letter.get_absolute_url()),
    }
