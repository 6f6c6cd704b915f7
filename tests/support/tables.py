"""The tables that tests run on: made from the models in a second, where migrations one after the other take half a minute a process.

That they are those that the migrations make is itself a test (`tests/ops/test_schema.py`). What no model says is made by the
functions of the migrations that say it.
"""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

# What makes the index of the search, in order.
_BESIDE_THE_MODELS = [
    ("maillage.search.migrations.0001_initial", "make_index"),
    ("maillage.search.migrations.0003_narrow_match", "set_apart"),
]
Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    with django_db_blocker.unblock():
        if "search_match" in connection.introspection.table_names():  # Kept from the run before (`--reuse-db`).
            return
        with connection.schema_editor() as editor:
            for module, name in _BESIDE_THE_MODELS:
                getattr(import_module(module), name)(None, editor)
        # What the migrations would have made is there: `doctor` and `migrate` are told so.
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        known = MigrationLoader(None).disk_migrations
        recorder.migration_qs.bulk_create(recorder.Migration(app=app, name=name) for app, name in known)


# --- all that a database says of its tables, names of constraints and indexes left out

_ASIDE = {"django_migrations", "core_cache"}  # Of the tool, and of a cache that tests keep in memory.
_NAME = re.compile(r'^(CREATE (?:UNIQUE )?INDEX) "?\w+"? (?=ON)')


def described_sqlite(ask: Ask) -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    for kind, name, table, sql in ask("SELECT type, name, tbl_name, sql FROM sqlite_master"):
        if table in _ASIDE or table.startswith("sqlite_"):
            continue
        if kind == "table" and "USING fts5" not in sql:
            found |= {(table, *column[1:]) for column in ask(f'PRAGMA table_xinfo("{table}")')}
            found |= {(table, "references", *key[2:]) for key in ask(f'PRAGMA foreign_key_list("{table}")')}
            found |= {(table, "check", check) for check in _checks(sql)}
            for _rank, index, unique, origin, _partial in ask(f'PRAGMA index_list("{table}")'):
                if origin != "c":
                    columns = tuple(row[2] for row in ask(f'PRAGMA index_info("{index}")'))
                    found.add((table, "unique", unique, columns))
        elif sql:
            told = name if kind != "index" else ""
            found.add((table, kind, told, _NAME.sub(r"\1 ", " ".join(sql.split()))))
    return found


def _checks(sql: str) -> list[str]:
    """What is between the brackets of each CHECK."""
    found = []
    for match in re.finditer(r"\bCHECK \(", sql):
        depth, end = 1, match.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        found.append(sql[match.end() : end - 1])
    return found


# Django's own: its migrations make this key with the default width of the project, its model with that of its app.
_WIDTH_OF_DJANGO = ("auth_group_permissions", "id")
_POSTGRESQL = [
    """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity,
    collation_name FROM information_schema.columns WHERE table_schema = 'public'""",
    "SELECT tablename, 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT conrelid::regclass::text, 'constraint', pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace""",
    "SELECT tgrelid::regclass::text, 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT '', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang <> 13",
]


def described_postgresql(ask: Ask) -> set[tuple[Any, ...]]:
    rows = [row for statement in _POSTGRESQL for row in ask(statement)]
    return {
        tuple(_NAME.sub(r"\1 ", " ".join(cell.split())) if isinstance(cell, str) else cell for cell in row)
        for row in rows
        if row[0] not in _ASIDE and row[:2] != _WIDTH_OF_DJANGO
    }
