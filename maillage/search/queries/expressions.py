"""A question in the terms of the index, and how each database is asked it.

A question is a choice of ways, each way a set of conditions that all hold, each condition a set of stems of which one is
enough. Stems and scopes are made of a-z and 0-9 (`engine.analyser`), so nothing of what a visitor types is an operator.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any

from django.db import connection

Condition = frozenset[str]


@dataclass(frozen=True)
class Question:
    """`scopes`: the sets searched, one of which is enough (see `scope_of`); `narrowed`: other sets, one of each wanted;
    `days`: stretches of time, first and last day, one of which is enough."""

    scopes: tuple[str, ...]
    ways: tuple[tuple[Condition, ...], ...]
    in_title: bool = False
    narrowed: tuple[Condition, ...] = ()
    days: tuple[tuple[date, date], ...] = ()

    @classmethod
    def all_of(cls, scopes: Sequence[str], conditions: Sequence[Condition]) -> "Question":
        return cls(tuple(scopes), (tuple(conditions),))

    @classmethod
    def all_but(cls, scopes: Sequence[str], conditions: Sequence[Condition], missing: int) -> "Question":
        """Every condition but `missing` of them, whichever."""
        return cls(tuple(scopes), tuple(combinations(conditions, max(1, len(conditions) - missing))))

    def titles_only(self) -> "Question":
        return replace(self, in_title=True)

    def within(self, scopes: Sequence[str]) -> "Question":
        return replace(self, scopes=tuple(scopes))

    def narrow(self, narrowed: Sequence[Condition], days: Sequence[tuple[date, date]]) -> "Question":
        return replace(self, narrowed=tuple(narrowed), days=tuple(days))


def scope_of(network_id: int, *, public: bool, kind: str = "") -> str:
    """The name of a set of documents: of a network, public or all, of one kind or all. Begins with a digit, as no stem."""
    return f"{network_id}{'p' if public else 'a'}{kind}"


def scopes_of(network_id: int, kind: str, *, is_public: bool, others: Iterable[str] = ()) -> str:
    """Every set that a document belongs to; `others`: those of its themes and places (`narrowing`)."""
    kinds = ("", kind)
    audiences = (False, True) if is_public else (False,)
    own = (scope_of(network_id, public=public, kind=each) for public in audiences for each in kinds)
    return " ".join([*own, *others])


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
    sets = [_joined((f'"{each}"' for each in either), " OR ") for either in _sets(question)]
    return f"{'title_stems : ' if question.in_title else ''}{' AND '.join([ways, *sets])}"


def _sets(question: Question) -> list[list[str]]:
    return [list(question.scopes), *(sorted(either) for either in question.narrowed)]


def _tsquery(question: Question) -> str:
    mark = "0z" if question.in_title else ""  # See the first migration.
    ways = _joined(
        (
            _joined((_joined((f"'{mark}{stem}'" for stem in sorted(either)), "|") for either in way), "&")
            for way in question.ways
        ),
        "|",
    )
    sets = [_joined((f"'{each}'" for each in either), "|") for either in _sets(question)]
    return "&".join([ways, *sets])


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _rows_by_index(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """PostgreSQL does not count that a `tsvector` is taken apart to be looked into: once a fifth of the documents answer, it
    would rather read them all, which costs ten times the index. One statement of three, a single journey."""
    if connection.vendor == "sqlite":
        return _rows(sql, params)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan = off; {sql}; SET LOCAL enable_seqscan TO DEFAULT", params)
        cursor.nextset()
        return cursor.fetchall()


def _key() -> str:
    """The column of `search_match` that is the document's id."""
    return "rowid" if connection.vendor == "sqlite" else "id"


def _matching(question: Question) -> tuple[str, list[Any]]:
    """The condition of a row of `search_match` whose document answers."""
    days = [day for stretch in question.days for day in stretch]
    told = _joined(['("on" >= %s AND "on" <= %s)'] * len(question.days), " OR ") if days else ""
    rows = f" AND {_key()} IN (SELECT id FROM search_document WHERE {told})" if told else ""  # noqa: S608
    if connection.vendor == "sqlite":
        return f"search_match MATCH %s{rows}", [_fts5(question), *(day.isoformat() for day in days)]
    return f"vector @@ %s::tsquery{rows}", [_tsquery(question), *days]


def any_answers(question: Question) -> bool:
    """Whether a document answers; the database looks as it likes: of what very many hold, the first is met at once."""
    where, params = _matching(question)
    return bool(_rows(f"SELECT 1 FROM search_match WHERE {where} LIMIT 1", params))  # noqa: S608


def count(question: Question) -> int:
    where, params = _matching(question)
    return int(_rows_by_index(f"SELECT count(*) FROM search_match WHERE {where}", params)[0][0])  # noqa: S608


def ids(question: Question, limit: int | None = None) -> list[int]:
    """Document ids in no order that means anything, at most `limit`. They come in one value: many rows cost more."""
    return ids_of_each([question], limit)[0]


def ids_of_each(questions: Sequence[Question], limit: int | None = None) -> list[list[int]]:
    """`ids` of several questions, asked at once."""
    sqlite = connection.vendor == "sqlite"
    asked, params = [], []
    for number, question in enumerate(questions):
        where, values = _matching(question)
        found = f"SELECT {_key()} AS id FROM search_match WHERE {where} LIMIT %s"  # noqa: S608
        gathered = "group_concat(id)" if sqlite else "array_agg(id)"
        asked.append(f"SELECT {number} AS number, {gathered} AS ids FROM ({found}) AS found")  # noqa: S608
        params += [*values, -1 if sqlite and limit is None else limit]
    answers = dict(_rows_by_index(" UNION ALL ".join(asked), params)) if asked else {}
    if sqlite:
        answers = {number: map(int, written.split(",")) for number, written in answers.items() if written}
    return [list(answers.get(number) or ()) for number in range(len(questions))]


def titles(
    question: Question, limit: int, today: date
) -> list[tuple[int, str, float, bool, float | None, float | None]]:
    """(document id, folded title, boost, whether it is over, latitude, longitude) in no order that means anything, at most
    `limit`."""
    where, params = _matching(question)
    found = f"SELECT {_key()} FROM search_match WHERE {where} LIMIT %s"  # noqa: S608
    over = "coalesce(ends_on < %s, false)"
    sql = f"SELECT id, title_key, boost, {over}, latitude, longitude FROM search_document WHERE id IN ({found})"  # noqa: S608
    day = today.isoformat() if connection.vendor == "sqlite" else today
    return _rows_by_index(sql, [day, *params, limit])


def ranked(question: Question, limit: int) -> list[tuple[int, float]]:
    """(document id, score), best first: title weighs more than subtitle, subtitle more than text, scope nothing."""
    where, params = _matching(question)
    if connection.vendor == "sqlite":
        sql = f"""
            SELECT rowid, -bm25(search_match, 10.0, 4.0, 1.0, 0.0) AS score FROM search_match
            WHERE {where} ORDER BY score DESC, rowid LIMIT %s
        """  # noqa: S608
        return [(row[0], row[1]) for row in _rows(sql, [*params, limit])]
    sql = f"""
        SELECT id, ts_rank('{{0, 0.1, 0.4, 1.0}}', vector, %s::tsquery, 1) AS score FROM search_match
        WHERE {where} ORDER BY score DESC, id LIMIT %s
    """  # noqa: S608
    # Ranked on the words alone, any of them: the product of weights of `&` would be nought with a scope.
    words = "|".join(f"'{stem}'" for stem in sorted({stem for way in question.ways for each in way for stem in each}))
    return [(row[0], row[1]) for row in _rows_by_index(sql, [words, *params, limit])]


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
