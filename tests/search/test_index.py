"""Keeping the index true, on whichever database runs the tests."""

import pytest
from django.core.management.color import no_style
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.networks.models import Network
from maillage.search import actions
from maillage.search.actions import rebuild
from maillage.search.models import Document
from maillage.search.queries import matching_ids, search, suggest
from maillage.search.queries.expressions import Question, count, ids, scope_of
from maillage.search.registry import SearchDocument, SearchSource, register
from maillage.search.registry import _sources as known_sources


def test_indexing_again_replaces(make, titles, network):
    number = make("Musée ancien")
    pk = Document.objects.get(object_id=number).pk
    make("Planétarium neuf", object_id=number)
    assert titles("ancien") == titles("musée") == []
    assert titles("planétarium") == ["Planétarium neuf"]
    assert Document.objects.get(object_id=number).pk == pk


def test_the_same_object_twice_in_a_batch_keeps_the_last(network, titles):
    actions.index([SearchDocument("actor", 1, network.pk, title, "/1/") for title in ("Alpha", "Bêta")])
    assert (titles("alpha"), titles("beta")) == ([], ["Bêta"])


def test_becoming_private_hides(make, titles):
    number = make("Musée")
    make("Musée", object_id=number, is_public=False)
    assert titles("musée") == []


def test_what_is_removed_is_never_found(make, titles, network, other_network):
    number = make("Musée")
    make("Musée", object_id=number, network_id=other_network.pk)
    assert actions.remove("actor", number, network) == 1
    assert titles("musée") == []
    other_network.refresh_from_db()
    assert search(other_network, "musée").total == 1
    assert actions.remove("actor", [number]) == 1
    assert search(other_network, "musée").total == 0


def test_a_network_that_goes_takes_its_documents_away(make, other_network):
    make("Musée de Lille", network_id=other_network.pk)
    scope, stems = scope_of(other_network.pk, public=True), frozenset({"muse"})
    assert count(Question.all_of([scope], [stems])) == 1
    Network.objects.filter(pk=other_network.pk).delete()
    assert count(Question.all_of([scope], [stems])) == 0


def test_what_is_undone_is_not_found(make, titles):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make("Musée fantôme")
        raise ZeroDivisionError
    assert titles("fantôme") == []


def test_indexing_outdates_the_pages_of_the_network(make, network):
    before = network.content_version
    make("Musée")
    network.refresh_from_db()
    assert network.content_version > before


@pytest.fixture
def source(network):
    documents = [SearchDocument("essai", number, network.pk, f"Objet {number}", f"/{number}/") for number in range(3)]
    yield documents, register(SearchSource("essai", "Essais", lambda: list(documents)))
    del known_sources["essai"]


def test_rebuilding_reads_the_sources_and_drops_what_they_no_longer_give(source, titles, make):
    documents, _ = source
    other = make("Objet d'une autre nature")
    assert actions.rebuild(["essai"]) == {"essai": 3}
    del documents[0]
    assert actions.rebuild(["essai"]) == {"essai": 2}
    assert sorted(titles("objet", kinds=["essai"])) == ["Objet 1", "Objet 2"]
    assert Document.objects.filter(kind="actor", object_id=other).exists()


def test_a_kind_is_lower_case_letters():
    with pytest.raises(ValueError, match="lower-case"):
        register(SearchSource("deux mots", "x", list))


# --- the hostile and the unlucky --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '"', "'", "musée OR", "AND AND", "NOT musée", "musée*", "title_stems:musée", "^musée", "(", "NEAR(a b)", "a:*",
        "musée & !x | y", "\\", "%", "_", "\x00musée\x00", "'); DROP TABLE search_document; --", "musée\u2028", "😀",
        "é" * 100_000, "mot " * 25_000, "{" * 1000, "1e5 0x1f 3.14 -2", "3p", "Ελλάδα", "العربية", "ǅ ﬁ ²",
    ],
)  # fmt: skip
def test_no_text_is_an_operator_or_an_error(make, network, text):
    make("Musée Fenaille", subtitle="Rodez")
    network.refresh_from_db()
    search(network, text)
    suggest(network, text)
    matching_ids(network, "actor", text)
    assert Document.objects.count() == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(min_size=1, max_size=80), text=st.text(max_size=200))
def test_what_is_indexed_is_found_by_its_own_words_until_removed(network, title, text):
    from maillage.search.engine.analyser import spelled
    from maillage.search.engine.words import STOP_WORDS

    actions.index([SearchDocument("actor", 7, network.pk, title, "/7/", text=text)])
    network.refresh_from_db()
    words = [written for written, folded in spelled(f"{title} {text}"[:250]) if folded not in STOP_WORDS]
    for word in words[:4]:
        assert [hit.object_id for hit in search(network, word).hits] == [7], word
    actions.remove("actor", 7)
    network.refresh_from_db()
    for word in words[:4]:
        assert search(network, word).hits == []


def test_the_index_of_the_database_is_used_though_every_document_answers(make, network):
    """A table that is read whole would answer the same, slowly; PostgreSQL would rather do so, of words that very many hold."""
    make("Musée")
    asked = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert ids(Question.all_of([scope_of(network.pk, public=True)], [frozenset(["muse"])]))
    ((sql, params),) = asked
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            assert "VIRTUAL TABLE INDEX" in str(cursor.fetchall())
        else:
            cursor.execute(sql.replace("; SELECT", "; EXPLAIN SELECT", 1), params)
            cursor.nextset()
            assert "search_match_vector" in str(cursor.fetchall())
            cursor.execute("SHOW enable_seqscan")
            assert cursor.fetchall() == [("on",)]


def test_what_a_table_was_emptied_of_is_found_no_more(make, network):
    make("Musée")
    asked = Question.all_of([scope_of(network.pk, public=True)], [frozenset(["muse"])])
    assert count(asked) == 1
    connection.check_constraints()  # PostgreSQL empties no table of which a constraint is still to be checked.
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), ["search_document"]):
            cursor.execute(statement)
    assert count(asked) == 0


def test_a_kind_that_is_none_any_more_leaves_with_a_rebuild(network):
    Document.objects.create(
        kind="formerly", object_id=1, network=network, title="Ancien", url="/ancien/", is_public=True, scope="formerly"
    )
    rebuild()
    assert not Document.objects.filter(kind="formerly").exists()
