"""Acts that meet: each in a thread, or a process, and on a connection of its own."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Model

from maillage.core.errors import Refused

_WAITING = """
SELECT count(DISTINCT waiting.pid) FROM pg_locks AS waiting JOIN pg_locks AS there USING (pid)
WHERE NOT waiting.granted AND there.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def queued(row: Model, *acts: Callable[[], Any]) -> list[Any]:
    """What each act gave, or how it was refused. All are let go together, once each waits.

    On PostgreSQL they wait for `row` or for one another, in the order given: two that would wait for each other for ever
    fail here. On SQLite whoever writes waits for whoever writes, and any of them may come first.
    """

    def play(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    playing: list[Future[Any]] = []
    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic():
            type(row)._base_manager.select_for_update().get(pk=row.pk)
            for act in acts:
                playing.append(pool.submit(play, act))
                _await_queue(playing)
        return [each.result(30) for each in playing]


def _await_queue(playing: list[Future[Any]]) -> None:
    """SQLite does not tell who waits: a moment is given."""
    if connection.vendor == "sqlite":
        time.sleep(0.1)
    else:
        until = time.monotonic() + 20
        with connection.cursor() as cursor:
            while cursor.execute(_WAITING).fetchone()[0] < len(playing):
                assert time.monotonic() < until, "an act does not wait for the row"
                time.sleep(0.02)
    assert not any(each.done() for each in playing), "an act did not wait"


def in_a_process() -> None:
    """To be called first by a process made by a fork: what it holds of its parent's connection would answer to both. Closing it in
    the parent is not enough: after a browser test of the same run, the parent's own is another than the one inherited."""
    connections[DEFAULT_DB_ALIAS] = connection.copy()
