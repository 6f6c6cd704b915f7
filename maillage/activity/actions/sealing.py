"""The chain of the journal, and what is taken out of an entry at term (GDP-5).

An entry has *pieces* that may have to go: who did it, to which object, each change, each detail. The chain covers the
salted hash of a piece, not the piece. To take a piece out is to forget it and its salt and to keep the hash: the chain
still holds, and nobody finds the piece back by trying every value. Salts are made from one secret of the entry, drawn when
it is sealed, until something is taken out: then `proofs` holds, by piece, its salt or its hash. The label is left out of
the chain: an erasure takes names out of it at any time.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from maillage.accounts.models import User
from maillage.activity.models import Entry
from maillage.activity.registry import TERM, forgotten_keys, named_after_people
from maillage.core import jobs
from maillage.core.models import Job
from maillage.networks.models import Network

SEALED_AT_ONCE = 5_000
TOUCHED_AT_ONCE = 100
_SECRET = ""
_SALT, _HASH = "salt:", "hash:"


def _pieces(entry: Entry) -> dict[str, Any]:
    ends = {"user": entry.user_id, "object": entry.object_id}
    changes = {f"changes.{name}": value for name, value in entry.changes.items()}
    details = {f"details.{name}": value for name, value in entry.details.items()}
    return {**{name: pk for name, pk in ends.items() if pk is not None}, **changes, **details}


def _hash(*facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()


def _salts(entry: Entry, names: Iterable[str]) -> dict[str, str]:
    secret = entry.proofs[_SECRET]
    return {name: _SALT + _hash(secret, name) for name in names}


def _hashes(entry: Entry) -> dict[str, str]:
    """The hash of every piece, there or taken out; a piece put in afterwards, or put back, has none that holds."""
    pieces = _pieces(entry)
    proofs = _salts(entry, pieces) if _SECRET in entry.proofs else entry.proofs
    found = dict.fromkeys(pieces, "")
    for name, proof in proofs.items():
        if proof.startswith(_SALT):
            found[name] = _hash(proof, pieces.get(name))
        elif name not in pieces:
            found[name] = proof.removeprefix(_HASH)
    return found


def digest_of(entry: Entry, before: str) -> str:
    """The seal of an entry on top of the one before."""
    return _hash(
        before,
        entry.seal,
        entry.pk,
        entry.network_id,
        entry.system,
        entry.verb,
        entry.content_type_id,
        entry.at.isoformat(),
        _hashes(entry),
    )


@jobs.task(every=timedelta(minutes=10))
def seal_entries(job: Job) -> None:
    """Chain what was written since the last time. Done apart, and few at once, so that writers never wait for long."""
    for _round in range(SEALED_AT_ONCE // TOUCHED_AT_ONCE):
        if not _seal_some():
            return


def _seal_some() -> bool:
    with transaction.atomic():
        last = Entry.objects.select_for_update().exclude(seal=None).order_by("-seal").first()
        number, digest = (last.seal or 0, last.digest) if last is not None else (0, "")
        entries = list(Entry.objects.filter(seal=None).order_by("pk")[:TOUCHED_AT_ONCE])
        for seal, entry in enumerate(entries, start=number + 1):
            entry.seal = seal
            entry.proofs = {_SECRET: secrets.token_hex(16)}
            entry.digest = digest = digest_of(entry, digest)
        Entry.objects.bulk_update(entries, ["seal", "proofs", "digest"])
    return bool(entries)


def first_broken_seal() -> Entry | None:
    """The first sealed entry that was changed, or that follows one that was removed; None when the chain is whole."""
    digest = ""
    sealed = Entry.objects.exclude(seal=None).order_by("seal").iterator(chunk_size=2000)
    for number, entry in enumerate(sealed, start=1):
        if entry.seal != number or entry.digest != digest_of(entry, digest):
            return entry
        digest = entry.digest
    return None


# --- at term ----------------------------------------------------------------------------------------------------------
@jobs.task(every=timedelta(hours=24))
def forget_names(job: Job) -> None:
    """Take names and personal details out of the entries past the term of their network; acts and dates stay."""
    now = timezone.now()
    months: dict[int | None, int] = {None: int(TERM.default)}
    months.update({network.pk: int(network.setting(TERM.name)) for network in Network.objects.all()})
    for network_id, term in months.items():
        old = Entry.objects.filter(network=network_id, aged_at=None, at__lt=now - timedelta(days=term * 365 / 12))
        old = old.exclude(seal=None).select_related("content_type").order_by("pk")
        while batch := list(old[:TOUCHED_AT_ONCE]):
            _age(batch)


def _age(entries: list[Entry]) -> None:
    people = _about_people(entries)
    for entry in entries:
        model = entry.content_type.model_class() if entry.content_type else None
        gone = {"user", "object"} if model is User else {"user"}
        keys = forgotten_keys(model)
        for name in _pieces(entry):
            _column, dot, key = name.partition(".")
            if name in gone or (dot and (entry.pk in people or key in keys)):
                _forget(entry, name)
        if entry.pk in people:
            entry.label = ""
        entry.aged_at = timezone.now()
    Entry.objects.bulk_update(entries, ["user", "object_id", "label", "changes", "details", "proofs", "aged_at"])


def forget_about(subject: Model, only: Collection[str] = ()) -> None:
    """Take what was written of a person out of every entry about them: their own act, without waiting for the term.

    `only` names the pieces to take out ("changes.email", "details.gone"); the rest, and the name of the object, stay then.
    """
    entries = list(Entry.objects.select_for_update().about(subject).order_by("pk"))
    for entry in entries:
        for name in [name for name in _pieces(entry) if "." in name and (not only or name in only)]:
            _forget(entry, name)
        entry.label = entry.label if only else ""
    Entry.objects.bulk_update(entries, ["label", "changes", "details", "proofs"], batch_size=TOUCHED_AT_ONCE)


def _forget(entry: Entry, name: str) -> None:
    if entry.seal is not None:
        hashes = _hashes(entry)
        if _SECRET in entry.proofs:
            entry.proofs = _salts(entry, hashes)
        entry.proofs[name] = _HASH + hashes[name]
    column, _dot, key = name.partition(".")
    _take_out(entry, column, key)


def _take_out(entry: Entry, column: str, key: str) -> None:
    if column == "user":
        entry.user = None
    elif column == "object":
        entry.object_id = None
    else:
        getattr(entry, column).pop(key)


def _about_people(entries: list[Entry]) -> set[int]:
    """The ids of the entries whose object is a person; one that exists no more is taken for one where it may be."""
    found: set[int] = set()
    for label, is_person in named_after_people().items():
        model = apps.get_model(label)
        kind = ContentType.objects.get_for_model(model)
        about = {entry.pk: entry.object_id for entry in entries if entry.content_type_id == kind.pk}
        others: set[int] = set()
        if about and is_person is not None:
            rows = model._default_manager.filter(pk__in=about.values())
            others = set(rows.exclude(is_person).values_list("pk", flat=True))
        found.update(pk for pk, object_id in about.items() if object_id not in others)
    return found
