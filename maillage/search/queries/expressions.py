"""A question in the terms of the index, and how each database is asked it.

A question is a choice of ways, each way a set of conditions that all hold, each condition a set of stems of which one is
enough. Stems and scopes are made of a-z and 0-9 (`engine.analyser`), so nothing of what a visitor types is an operator.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import connection

Condition = frozenset[str]


@dataclass(frozen=True)
class Question:
    """`scopes`: the sets searched, one of which is enough (see `scope_of`)."""

    scopes: tuple[str, ...]
    ways: tuple[tuple[Condition, ...], ...]
    in_title: bool = False

    @classmethod
    def all_of(cls, scopes: Sequence[str], conditions: Sequence[Condition]) -> "Question":
        return cls(tuple(scopes), (tuple(conditions),))

    @classmethod
    def all_but(cls, scopes: Sequence[str], conditions: Sequence[Condition], missing: int) -> "Question":
        """Every condition but `missing` of them, whichever."""
        return cls(tuple(scopes), tuple(combinations(conditions, max(1, len(conditions) - missing))))

    def titles_only(self) -> "Question":
        return Question(self.scopes, self.ways, in_title=True)

    def within(self, scopes: Sequence[str]) -> "Question":
        return Question(tuple(scopes), self.ways, self.in_title)


def scope_of(network_id: int, *, public: bool, kind: str = "") -> str:
    """The name of a set of documents: of a network, public or all, of one kind or all. Begins with a digit, as no stem."""
    return f"{network_id}{'p' if public else 'a'}{kind}"


def scopes_of(network_id: int, kind: str, *, is_public: bool) -> str:
    """Every set that a document belongs to."""
    kinds = ("", kind)
    audiences = (False, True) if is_public else (False,)
    return " ".join(scope_of(network_id, public=public, kind=each) for public in audiences for each in kinds)


def _joined(parts: Iterable[str], operator: str) -> str:
    return "(" + operator.join(parts) + ")"


def _fts5(question: Question) -> str:
    ways = _joined(
        (
            _joined((_joined((f'"{stem}"' for stem in sorted(either)), " OR ") for either in way), " AND ")
            for way in question.ways
        ),
        " OR ",
    )
    scopes = _joined((f'"{scope}"' for scope in question.scopes), " OR ")
    return f"{'title_stems : ' if question.in_title else ''}{ways} AND {scopes}"


def _tsquery(question: Question) -> str:
    mark = "0z" if question.in_title else ""  # See the first migration.
    ways = _joined(
        (
            _joined((_joined((f"'{mark}{stem}'" for stem in sorted(either)), "|") for either in way), "&")
            for way in question.ways
        ),
        "|",
    )
    scopes = _joined((f"'{scope}'" for scope in question.scopes), "|")
    return f"{ways} & {scopes}"


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def count(question: Question) -> int:
    if connection.vendor == "sqlite":
        return int(_rows("SELECT count(*) FROM search_match WHERE search_match MATCH %s", [_fts5(question)])[0][0])
    return int(_rows("SELECT count(*) FROM search_document WHERE vector @@ %s::tsquery", [_tsquery(question)])[0][0])


def ids(question: Question, limit: int | None = None) -> list[int]:
    """Document ids in no order that means anything, at most `limit`. They come in one value: many rows cost more."""
    if connection.vendor == "sqlite":
        sql = """
            SELECT group_concat(rowid) FROM (SELECT rowid FROM search_match WHERE search_match MATCH %s LIMIT %s)
        """
        ((written,),) = _rows(sql, [_fts5(question), -1 if limit is None else limit])
        return [int(each) for each in written.split(",")] if written else []
    sql = """
        SELECT array_agg(id) FROM (SELECT id FROM search_document WHERE vector @@ %s::tsquery LIMIT %s) AS found
    """
    ((gathered,),) = _rows(sql, [_tsquery(question), limit])
    return gathered or []


def titles(question: Question, limit: int) -> list[tuple[int, str, float]]:
    """(document id, folded title, boost) in no order that means anything, at most `limit`."""
    if connection.vendor == "sqlite":
        sql = """
            SELECT id, title_key, boost FROM search_match JOIN search_document ON id = search_match.rowid
            WHERE search_match MATCH %s LIMIT %s
        """
        return _rows(sql, [_fts5(question), limit])
    sql = "SELECT id, title_key, boost FROM search_document WHERE vector @@ %s::tsquery LIMIT %s"
    return _rows(sql, [_tsquery(question), limit])


def ranked(question: Question, limit: int) -> list[tuple[int, float]]:
    """(document id, score), best first: title weighs more than subtitle, subtitle more than text, scope nothing."""
    if connection.vendor == "sqlite":
        sql = """
            SELECT rowid, -bm25(search_match, 10.0, 4.0, 1.0, 0.0) AS score FROM search_match
            WHERE search_match MATCH %s ORDER BY score DESC, rowid LIMIT %s
        """
        return [(row[0], row[1]) for row in _rows(sql, [_fts5(question), limit])]
    sql = """
        SELECT id, ts_rank('{0, 0.1, 0.4, 1.0}', vector, %s::tsquery, 1) AS score FROM search_document
        WHERE vector @@ %s::tsquery ORDER BY score DESC, id LIMIT %s
    """
    # Ranked on the words alone, any of them: the product of weights of `&` would be nought with a scope.
    words = "|".join(f"'{stem}'" for stem in sorted({stem for way in question.ways for each in way for stem in each}))
    return [(row[0], row[1]) for row in _rows(sql, [words, _tsquery(question), limit])]


def titled(network_id: int, beginning: str, limit: int, *, public: bool) -> list[int]:
    """Ids of documents whose folded title begins with `beginning`, in the order of titles."""
    collation = "BINARY" if connection.vendor == "sqlite" else '"C"'
    shown = "AND is_public" if public else ""
    sql = f"""
        SELECT id FROM search_document
        WHERE network_id = %s AND title_key COLLATE {collation} >= %s AND title_key COLLATE {collation} < %s {shown}
        ORDER BY title_key COLLATE {collation}, id LIMIT %s
    """  # noqa: S608  (two constants)
    return [row[0] for row in _rows(sql, [network_id, beginning, beginning + "\x7f", limit])]
