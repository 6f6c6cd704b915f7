"""Erasures remembered outside the database, so that putting an older archive back brings nobody back.

`VAR/tombstones.jsonl` only grows: a line is `{"person": hash, "at"}`, `{"address": hash, "reason", "at"}` or
`{"readmitted": hash, "at"}`. Hashes are keyed and say nothing to who reads the file. A person is known by the id and the
date of the account, since an instance that was put back gives the same ids to other people.
"""

import contextlib
import json
import os
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from maillage.accounts.models import Suppression, User

Stone = dict[str, str]


def file() -> Path:
    return Path(settings.VAR) / "tombstones.jsonl"


def hash_of(user: User, key: str | bytes | None = None) -> str:
    facts = f"{user.pk}:{user.joined_at.astimezone(UTC).isoformat()}"
    return salted_hmac("maillage.tombstone", facts, secret=key, algorithm="sha256").hexdigest()


def of_person(user: User) -> Stone:
    return {"person": hash_of(user), "at": (user.erased_at or timezone.now()).isoformat()}


def of_address(suppression: Suppression) -> Stone:
    return {"address": suppression.email_hash, "reason": suppression.reason, "at": suppression.at.isoformat()}


def of_return(email_hash: str) -> Stone:
    return {"readmitted": email_hash, "at": timezone.now().isoformat()}


def raise_on_commit(*stones: Stone) -> None:
    """Write them once the transaction is sure. A full disk does not undo an erasure: `complete` writes them later."""
    transaction.on_commit(lambda: _write(stones), robust=True)


def _write(stones: Iterable[Stone]) -> None:
    """Added at the end by one write, which other processes cannot cut. Each begins a new line, in case a crash cut the
    one before."""
    lines = "".join("\n" + json.dumps(stone) for stone in stones)
    if not lines:
        return
    handle = os.open(file(), os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    try:
        os.write(handle, lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def stones() -> list[Stone]:
    """Every line that can be read: one cut by a crash is passed over."""
    found: list[Stone] = []
    for line in file().read_text().splitlines() if file().exists() else []:
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return found


def of_addresses(known: Iterable[Stone]) -> dict[str, Stone]:
    """By address, its last line: the one that says whether it is suppressed."""
    return {stone.get("address") or stone["readmitted"]: stone for stone in known if "person" not in stone}


def complete() -> None:
    """Write the tombstones that the database knows and the file lacks."""
    known = stones()
    people = {stone.get("person") for stone in known}
    suppressed = {email_hash for email_hash, stone in of_addresses(known).items() if "address" in stone}
    # An account that became one with another was not erased: what an older archive gives back to it is to stay.
    lost = User.objects.exclude(erased_at=None).exclude(merged_into__isnull=False, merged_into__erased_at=None)
    erased = [of_person(user) for user in lost.order_by("pk")]
    kept = [line for line in Suppression.objects.order_by("pk") if line.email_hash not in suppressed]
    _write([*(stone for stone in erased if stone["person"] not in people), *map(of_address, kept)])
