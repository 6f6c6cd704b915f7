"""The tables that tests run on are those that an instance has, whose migrations made them one after the other."""

import sqlite3
from typing import Any

import pytest
from django.db import connection

from tests.ops.conftest import Instance
from tests.support.tables import described_postgresql, described_sqlite


def _of_tests(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_the_tables_of_tests_are_those_that_migrations_make(_template: Instance):
    if connection.vendor == "sqlite":
        migrated = sqlite3.connect(_template.var / "maillage.sqlite3")
        made = described_sqlite(lambda statement: migrated.execute(statement).fetchall())
        told = described_sqlite(_of_tests)
    else:
        import psycopg

        with psycopg.connect(_template.database_url) as server:
            made = described_postgresql(lambda statement: server.execute(statement).fetchall())
        told = described_postgresql(_of_tests)
    assert len(made) > 1000
    assert sorted(map(repr, made - told)) == sorted(map(repr, told - made)) == []
