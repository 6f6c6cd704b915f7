"""The running order of an episode: how long each item lasts, when it begins, and the whole against the length of the programme."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from maillage.core.mail import address_in
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.radio.engine.reading import clock, reading_seconds
from maillage.radio.models import Episode, Item


@dataclass(frozen=True)
class Line:
    """`begins` and `ends` are seconds from the beginning of the programme; `reading` is what its words alone take."""

    item: Item
    seconds: int
    reading: int
    begins: int
    ends: int
    url: str = ""
    about: str = ""

    @property
    def runs_over(self) -> bool:
        return self.item.planned is not None and self.reading > self.item.planned

    @property
    def clock(self) -> str:
        return clock(self.seconds)

    @property
    def begins_clock(self) -> str:
        return clock(self.begins)

    @property
    def ends_clock(self) -> str:
        return clock(self.ends)

    @property
    def reading_clock(self) -> str:
        return clock(self.reading)


@dataclass(frozen=True)
class Order:
    """`usual`: seconds of the programme; `over` is what exceeds it, negative when there is time left."""

    lines: list[Line]
    usual: int

    @property
    def total(self) -> int:
        return self.lines[-1].ends if self.lines else 0

    @property
    def over(self) -> int:
        return self.total - self.usual

    @property
    def total_clock(self) -> str:
        return clock(self.total)

    @property
    def usual_clock(self) -> str:
        return clock(self.usual)

    @property
    def left_clock(self) -> str:
        return clock(abs(self.over))

    @property
    def words(self) -> int:
        return sum(line.item.word_count for line in self.lines)


def order_of(episode: Episode, items: Iterable[Item] | None = None) -> Order:
    """In two queries at most, whatever the number of items."""
    rate, at, lines = episode.show.rate, 0, []
    found = (
        items if items is not None else episode.items.select_related("event__network", "actor", "publication__network")
    )
    for item in found:
        seconds = item.seconds(rate)
        reading = reading_seconds(item.words, rate)
        shared: Any = item.event or item.publication
        held: Any = shared or item.actor
        url = address_in(episode.network, shared) if shared else held.get_absolute_url() if held else ""
        lines.append(Line(item, seconds, reading, at, at + seconds, url, str(held or "")))
        at += seconds
    return Order(lines, episode.show.seconds)


@dataclass(frozen=True)
class Contact:
    """Who to call for an item, from the sheets of the actors heard: for the team alone."""

    item: Item
    sheets: list[Actor]

    @property
    def is_empty(self) -> bool:
        return not (self.sheets or self.item.contact)


def contacts_of(episode: Episode, viewer: Viewer) -> list[Contact]:
    """Those of each item, in order; three queries whatever their number."""
    items = list(episode.items.prefetch_related("heard"))
    keys = {heard.actor_id for item in items for heard in item.heard.all()}
    seen = {actor.pk: actor for actor in Actor.objects.visible_to(viewer).filter(pk__in=keys)}
    return [
        Contact(item, [seen[heard.actor_id] for heard in item.heard.all() if heard.actor_id in seen]) for item in items
    ]


def plain_text(order: Order, episode: Episode) -> str:
    """The script as text, to be carried anywhere."""
    lines = [episode.show.name, episode.title, f"{order.total_clock} / {order.usual_clock}", ""]
    for rank, line in enumerate(order.lines, 1):
        item = line.item
        lines += [
            f"{rank}. {item.title} ({item.get_kind_display()})  [{line.begins_clock} – {line.ends_clock}, {line.clock}]",
            "",
        ]
        if item.words:
            lines += [item.words.strip(), ""]
        if item.question_list:
            lines += [*(f"– {question}" for question in item.question_list), ""]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
