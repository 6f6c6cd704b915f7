"""The text of a publication as it is read: media where the text refers to them, notes at its foot.

An author writes « [média 2] » alone in a paragraph, and « [note : Source, page 12.] » anywhere: conventions of plain text, which
any editor writes and no sanitiser has to let through. What is made of them is made after sanitising, from known templates.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from maillage.core.richtext import as_text, sanitised
from maillage.publications.engine.players import player_of
from maillage.publications.enums import MediaKind

_PLACE = re.compile(r"<p>\s*\[\s*m[ée]dia\s+(\d{1,2})\s*\]\s*</p>", re.IGNORECASE)
# Written so that no text makes them slow: a run of spaces is tried once.
_NOTE = re.compile(r"(?<!\s)\s*\[\s*note(?:\s|&nbsp;)*:([^\[\]<>]{1,600})\]", re.IGNORECASE)
_TAG = re.compile(r"(<[^<>]*>)")
_BARE = re.compile(r"\[\s*m[ée]dia\s+\d{1,2}\s*\]", re.IGNORECASE)
WORDS_A_MINUTE = 220  # Silent reading of French prose by adults, Brysbaert 2019: 238 words of English, less in French.


@dataclass(frozen=True)
class Reading:
    """`body` ready for a page; `notes` in their order; `rest` the media that the text does not place, shown at its end; `origins`
    those of the players that the page may open."""

    body: SafeString
    notes: list[SafeString] = field(default_factory=list)
    rest: list[dict[str, Any]] = field(default_factory=list)
    minutes: int = 1
    origins: list[str] = field(default_factory=list)


def told_media(media: Sequence[dict[str, Any]], peertube: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Each with its rank, and for what is elsewhere the name of the site it is on; with `peertube`, its player if it has one."""
    return [
        {
            **each,
            "rank": rank,
            "site": urlsplit(each["url"]).hostname or "",
            "player": None if peertube is None else player_of(each["url"], peertube),
        }
        if each["kind"] != MediaKind.IMAGE
        else {**each, "rank": rank}
        for rank, each in enumerate(media, 1)
    ]


def reading_of(
    body: str, media: Sequence[dict[str, Any]], *, trusted: bool = False, peertube: Collection[str] | None = None
) -> Reading:
    """A stored text and its media, as a page shows them. Sounds and videos elsewhere are links, unless the page says which PeerTube
    sites it may frame: it then has the script and the content policy that players need."""
    known = {each["rank"]: each for each in told_media(media, peertube)}
    placed: set[int] = set()
    notes: list[SafeString] = []

    def place(found: re.Match[str]) -> str:
        each = known.get(int(found[1]))
        if each is None or each["rank"] in placed:
            return ""
        placed.add(each["rank"])
        return render_to_string("publications/_media.html", {"media": each})

    def note(found: re.Match[str]) -> str:
        notes.append(mark_safe(found[1].replace("&nbsp;", " ").strip()))
        return format_html('<sup><a href="#note-{0}" id="appel-{0}">{0}</a></sup>', len(notes))

    # Marks are read between tags alone: taken out of an attribute, one would join what stood on both sides of it.
    pieces = _TAG.split(_PLACE.sub(place, sanitised(body, trusted=trusted)))
    text = "".join(each if rank % 2 else _BARE.sub("", _NOTE.sub(note, each)) for rank, each in enumerate(pieces))
    words = len(as_text(body).split())
    return Reading(
        mark_safe(text),
        notes,
        [each for rank, each in known.items() if rank not in placed],
        max(1, round(words / WORDS_A_MINUTE)),
        sorted({each["player"].origin for each in known.values() if each.get("player")}),
    )


def plain_text(body: str) -> str:
    """For feeds, descriptions and data: without the marks of media, notes between brackets."""
    return _BARE.sub("", _NOTE.sub(lambda found: f" ({found[1].strip()})", as_text(body))).strip()
