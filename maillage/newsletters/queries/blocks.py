"""The blocks of a letter as its page of composing shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from maillage.core.seen import mark
from maillage.newsletters.enums import BlockKind
from maillage.newsletters.models import Block, Letter
from maillage.newsletters.queries.reading import content_of


def held_words(blocks: Iterable[Block]) -> dict[int, str]:
    """What may be typed of each: a title, a text, the sentence of a content."""
    typed = {BlockKind.SECTION: "title", BlockKind.TEXT: "text"}
    return {block.pk: getattr(block, typed.get(BlockKind(block.kind), "words")) for block in blocks}


@dataclass(frozen=True)
class Line:
    """`item` is what a reader would see, None for a title of section or what is left out, with `why`."""

    block: Block
    words: str
    seen: str
    item: Any = None
    why: str = ""
    typed: str = ""
    error: str = ""


def lines_of(
    letter: Letter, typed: Mapping[int, str] | None = None, errors: Mapping[int | None, str] | None = None
) -> list[Line]:
    """`typed` and `errors`, by the id of a block: what a form sent back says."""
    blocks = list(letter.blocks.select_related("publication", "event", "actor"))
    content = content_of(letter, leaving=True)
    items = {item.block: item for part in content.parts for item in part.items}
    why = {block.pk: reason for block, reason in content.left_out}
    words = held_words(blocks)
    return [
        Line(block, words[block.pk], mark(words[block.pk]), items.get(block.pk), why.get(block.pk, ""),
             (typed or {}).get(block.pk, ""), (errors or {}).get(block.pk, ""))
        for block in blocks
    ]  # fmt: skip
