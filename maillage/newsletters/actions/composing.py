"""Writing a letter: its words, its blocks and their order. All of it while it is a draft."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.agenda.models import Event
from maillage.core.errors import Refused
from maillage.core.richtext import sanitised
from maillage.core.seen import Seen, require_unmoved
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.newsletters import rules
from maillage.newsletters.actions.marking import held
from maillage.newsletters.enums import BlockKind
from maillage.newsletters.models import Block, Letter
from maillage.newsletters.queries.blocks import held_words
from maillage.publications.models import Publication

FIELDS = ("subject", "intro", "closing")
MOST_BLOCKS = 80
# What those who write a letter may put in it: of their network, and what it took from others.
_CHOICES: dict[str, Callable[[Viewer], Any]] = {
    BlockKind.PUBLICATION: lambda by: Publication.objects.visible_to(by) | Publication.objects.told_in(by.network),
    BlockKind.EVENT: Event.objects.told_to,
    BlockKind.ACTOR: Actor.objects.visible_to,
}


def create_letter(*, by: Viewer, **values: Any) -> Letter:
    rules.may_work(by).require()
    with transaction.atomic():
        letter = Letter(network=by.network, author=by.user)
        _write(letter, values)
        record("letter.create", by=by, subject=letter, touch=False)
    return letter


def change_letter(*, by: Viewer, letter: Letter, values: Mapping[str, Any], seen: Seen | None = None) -> Letter:
    with transaction.atomic():
        letter = held(letter)
        rules.may_change(by, letter).require()
        require_unmoved({name: getattr(letter, name) for name in FIELDS}, values, seen)
        _write(letter, values)
        record("letter.update", by=by, subject=letter, touch=False)
    return letter


def _write(letter: Letter, values: Mapping[str, Any]) -> None:
    if unknown := values.keys() - set(FIELDS):
        raise TypeError(f"a letter has no {sorted(unknown)}")
    for name, value in values.items():
        setattr(letter, name, sanitised(value, trusted=True) if name in ("intro", "closing") else value)
    letter.full_clean(exclude=["slug"])
    letter.save()


def delete_letter(*, by: Viewer, letter: Letter) -> None:
    with transaction.atomic():
        letter = held(letter)
        rules.may_change(by, letter).require()
        record("letter.delete", by=by, subject=letter, touch=False)
        letter.delete()


def add_contents(*, by: Viewer, letter: Letter, chosen: Iterable[tuple[str, str, int]]) -> int:
    """`chosen`: (title of a section, kind, id). Each goes at the end of its section, which is made at the end of the letter where
    there is none. What is there already, or what the viewer may not see, is passed over; how many were added."""
    with transaction.atomic():
        letter = held(letter)
        rules.may_change(by, letter).require()
        blocks = list(letter.blocks.all())
        there = {(block.kind, getattr(block, f"{block.kind}_id", None)) for block in blocks}
        wanted = [each for each in dict.fromkeys(chosen) if each[1:] not in there]
        allowed = _visible(by, wanted)
        wanted = [each for each in wanted if each[1:] in allowed]
        _require_room(len(blocks) + len(wanted))
        for title, kind, key in wanted:
            at = _end_of_section(letter, blocks, title)
            blocks.insert(at, Block(letter=letter, kind=kind, **{f"{kind}_id": key}))
        _save(blocks)
        record("letter.compose", by=by, subject=letter, details={"added": len(wanted)}, touch=False)
    return len(wanted)


def _visible(by: Viewer, wanted: list[tuple[str, str, int]]) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for kind, choices in _CHOICES.items():
        keys = [key for _title, each, key in wanted if each == kind]
        seen = choices(by).filter(pk__in=keys).values_list("pk", flat=True)
        found |= {(str(kind), pk) for pk in seen}
    return found


def _require_room(count: int) -> None:
    if count > MOST_BLOCKS:
        raise Refused(
            _("Une lettre tient en %(most)d éléments : ôtez-en avant d'en ajouter.") % {"most": MOST_BLOCKS}, status=409
        )


def _end_of_section(letter: Letter, blocks: list[Block], title: str) -> int:
    heads = [rank for rank, block in enumerate(blocks) if block.kind == BlockKind.SECTION]
    for rank in heads:
        if blocks[rank].title == title:
            return next((other for other in heads if other > rank), len(blocks))
    blocks.append(Block(letter=letter, kind=BlockKind.SECTION, title=title))
    return len(blocks)


def _save(blocks: list[Block]) -> None:
    for position, block in enumerate(blocks, 1):
        if block.pk is None or block.position != position:
            block.position = position
            block.save()


def add_block(*, by: Viewer, letter: Letter, title: str = "", text: str = "", section: bool = False) -> Block:
    """A title of section, or a free text, at the end."""
    with transaction.atomic():
        letter = held(letter)
        rules.may_change(by, letter).require()
        blocks = list(letter.blocks.all())
        _require_room(len(blocks) + 1)
        kind = BlockKind.SECTION if section else BlockKind.TEXT
        block = Block(letter=letter, kind=kind, title=title, text=sanitised(text, trusted=True))
        block.full_clean()
        if section and any(each.kind == kind and each.title == title for each in blocks):
            raise Refused(_("Cette partie existe déjà dans la lettre."), status=409)
        _save([*blocks, block])
    return block


def change_words(
    *, by: Viewer, letter: Letter, values: Mapping[int, str], seen: Mapping[int, str] | None = None
) -> None:
    """The sentences, titles and texts of several blocks at once, by the id of each."""
    with transaction.atomic():
        letter = held(letter)
        rules.may_change(by, letter).require()
        blocks = {block.pk: block for block in letter.blocks.all()}
        known = {pk: text for pk, text in values.items() if pk in blocks}
        stored = {str(pk): text for pk, text in held_words(blocks.values()).items()}
        marks = None if seen is None else {str(pk): mark for pk, mark in seen.items()}
        require_unmoved(stored, {str(pk): text for pk, text in known.items()}, marks)
        for pk, text in known.items():
            _put_words(blocks[pk], text)


def _put_words(block: Block, text: str) -> None:
    if block.kind == BlockKind.TEXT:
        block.text = sanitised(text, trusted=True)
    elif block.kind == BlockKind.SECTION:
        if not text.strip():
            raise ValidationError({str(block.pk): _("Donnez un titre à cette partie, ou retirez-la.")})
        block.title = text.strip()
    else:
        block.words = " ".join(text.split())
    try:
        block.full_clean()
    except ValidationError as error:
        raise ValidationError({str(block.pk): error.messages}) from error
    block.save()


def move_block(*, by: Viewer, block: Block, up: bool) -> None:
    """One place, within the letter."""
    with transaction.atomic():
        letter = held(block.letter)
        rules.may_change(by, letter).require()
        blocks = list(letter.blocks.all())
        rank = next((rank for rank, each in enumerate(blocks) if each.pk == block.pk), None)
        if rank is None:
            raise Refused(_("Cet élément n'est plus dans la lettre."), status=409)
        other = rank - 1 if up else rank + 1
        if 0 <= other < len(blocks):
            blocks[rank], blocks[other] = blocks[other], blocks[rank]
            _save(blocks)


def remove_block(*, by: Viewer, block: Block) -> None:
    with transaction.atomic():
        letter = held(block.letter)
        rules.may_change(by, letter).require()
        Block.objects.filter(pk=block.pk, letter=letter).delete()
