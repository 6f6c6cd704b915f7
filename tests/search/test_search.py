"""Finding, on whichever database runs the tests: the hits are the same on both."""

import pytest

from maillage.search import actions
from maillage.search.models import Document
from maillage.search.queries import matching_ids, search, suggest, weighing
from maillage.search.queries.expressions import Question, count, ids, ranked, scope_of
from maillage.search.registry import SearchDocument

# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["musée", "musees", "MUSÉE", "le musée", "histoire naturelle", "l'histoire", "naturelles musée", "toulouse"],
)
def test_a_document_is_found_by_any_form_of_its_words(make, titles, text):
    make("Musée d'histoire naturelle", subtitle="Toulouse")
    make("Planétarium", subtitle="Montpellier")
    assert titles(text) == ["Musée d'histoire naturelle"]


def test_every_word_is_needed(make, titles):
    make("Musée des sciences", subtitle="Albi")
    make("Musée des arts", subtitle="Rodez")
    assert titles("musée albi") == ["Musée des sciences"]


def test_when_no_document_has_every_word_most_words_will_do(make, network):
    make("Musée des sciences", subtitle="Albi")
    make("Observatoire", subtitle="Rodez")
    make("Musée d'astronomie", subtitle="Rodez")
    network.refresh_from_db()
    found = search(network, "musée astronomie albi")
    assert found.partial is True
    assert {hit.title for hit in found.hits} == {"Musée d'astronomie", "Musée des sciences"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bibliothécaire", "Bibliothèque de Foix"),
        ("médiateur", "Agnès, médiatrice"),
        ("médiation", "Agnès, médiatrice"),
        ("potières", "Atelier de poterie"),
    ],
)
def test_trades_and_places_find_each_other(make, titles, asked, found):
    make("Bibliothèque de Foix")
    make("Agnès, médiatrice")
    make("Atelier de poterie")
    assert titles(asked) == [found]


def test_the_word_itself_comes_before_those_of_its_family(make, titles):
    make("Lieu de médiation")
    make("Lieu du médiateur")
    assert titles("médiateur") == ["Lieu du médiateur", "Lieu de médiation"]


def test_a_question_is_answered_by_what_comes_nearest(make, network):
    make("Club d'astronomie de Foix", text="Des séances pour observer le ciel avec un télescope.")
    make("Astronomie à Rodez", text="Conférences.")
    make("Musée de Foix")
    make("Piscine")
    network.refresh_from_db()
    found = search(network, "où observer le ciel et apprendre l'astronomie près de Foix ?")
    assert [hit.title for hit in found.hits] == ["Club d'astronomie de Foix"]
    assert found.partial is True


def test_a_question_finds_a_document_that_lacks_some_of_its_words(make, network):
    make("Planètes", text="Le télescope montre les anneaux de Saturne.")
    make("Rivière", text="La pêche ouvre en mars.")
    network.refresh_from_db()
    hits = search(network, "Avec quel instrument voit-on les anneaux de Saturne ?").hits
    assert [hit.title for hit in hits] == ["Planètes"]


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("mediatheqe", "médiathèque"),
        ("médiatèque", "médiathèque"),
        ("mediahteque", "médiathèque"),
        ("mediatheqe de lunel", "médiathèque de lunel"),
        ("astronmie", "astronomie"),
    ],
)
def test_typing_errors_are_corrected_and_said(make, network, typed, corrected):
    make("Médiathèque de Lunel", text="Clubs d'astronomie pour enfants")
    network.refresh_from_db()
    found = search(network, typed)
    assert (found.corrected, [hit.title for hit in found.hits]) == (corrected, ["Médiathèque de Lunel"])


def test_a_word_in_use_is_never_corrected(make, network):
    make("Musée")
    make("Musée des muses")
    network.refresh_from_db()
    assert search(network, "muses").corrected == ""


def test_the_beginning_of_a_word_finds_it(make, titles):
    make("Animations scientifiques")
    assert titles("animatio") == ["Animations scientifiques"]


def test_title_weighs_more_than_subtitle_and_subtitle_more_than_text(make, titles):
    make("Alpha", text="Une journée sur les robots, avec des élèves et des enseignants du lycée.")
    make("Bêta", subtitle="robots")
    make("Les robots")
    assert titles("robots") == ["Les robots", "Bêta", "Alpha"]


def test_the_exact_title_comes_first(make, titles):
    make("Observatoire de Nîmes et son observatoire")
    make("Observatoire")
    assert titles("observatoire") == ["Observatoire", "Observatoire de Nîmes et son observatoire"]


def test_a_boosted_document_comes_first(make, titles):
    make("Club Copernic")
    make("Club Galilée", boost=3.0)
    assert titles("club") == ["Club Galilée", "Club Copernic"]


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_another_network_is_never_shown(make, network, other_network):
    make("Musée de Lille", network_id=other_network.pk)
    mine = make("Musée de Sète")
    network.refresh_from_db()
    other_network.refresh_from_db()
    assert [hit.object_id for hit in search(network, "musée").hits] == [mine]
    assert matching_ids(network, "actor", "musée").ids == [mine]
    assert search(network, "lille").total == 0
    assert suggest(network, "lil").hits == suggest(network, "musée de lille").hits == []
    assert [hit.title for hit in search(other_network, "musée").hits] == ["Musée de Lille"]


def test_networks_whose_numbers_begin_alike_do_not_mix(make):
    assert scope_of(1, public=True) != scope_of(11, public=True)
    make("Musée")
    question = Question.all_of([scope_of(10**6, public=True)], [frozenset({"mus"})])
    assert (count(question), ids(question), ranked(question, 5)) == (0, [], [])


def test_what_is_not_public_is_for_those_who_run_the_network(make, network):
    draft = make("Observatoire secret", is_public=False)
    network.refresh_from_db()
    assert search(network, "observatoire").total == 0
    assert suggest(network, "obs").hits == []
    assert [hit.object_id for hit in search(network, "observatoire", public=False).hits] == [draft]
    assert matching_ids(network, "actor", "observatoire", public=True).ids == []
    assert matching_ids(network, "actor", "observatoire").ids == [draft]


def test_a_correction_does_not_tell_a_word_of_a_hidden_document(make, network):
    make("Cryptozoologie", is_public=False)
    network.refresh_from_db()
    assert search(network, "criptozoologie").corrected == ""
    assert search(network, "criptozoologie", public=False).corrected == "cryptozoologie"


@pytest.mark.django_db(transaction=True)  # Inside a transaction, what the process keeps would be read again each time.
@pytest.mark.parametrize("becomes", ["hidden", "removed"])
def test_a_correction_does_not_tell_a_word_of_what_was_just_withdrawn(make, network, becomes):
    shown = make("Cryptozoologie")
    make("Musée Fenaille")
    network.refresh_from_db()
    assert search(network, "criptozoologie").corrected == "cryptozoologie"
    if becomes == "hidden":
        make("Cryptozoologie", object_id=shown, is_public=False)
    else:
        actions.remove("actor", shown)
    network.refresh_from_db()
    assert search(network, "criptozoologie").corrected == ""
    assert search(network, "criptozoologie fenaille").corrected == ""
    assert matching_ids(network, "actor", "criptozoologie", public=True).corrected == ""


@pytest.mark.django_db(transaction=True)
def test_what_appears_with_an_earlier_number_is_found(make, network):
    """Two networks write at once: the document numbered first may be committed last."""
    first = make("Cryptozoologie")
    late = Document.objects.get(object_id=first)
    Document.objects.filter(pk=late.pk).delete()
    second = make("Musée Fenaille")
    network.refresh_from_db()
    assert matching_ids(network, "actor", "fenaille").ids == [second]
    late.save(force_insert=True)
    assert matching_ids(network, "actor", "cryptozoologie").ids == [first]


def test_kinds_narrow_and_are_counted(make, network):
    make("Fête de la science", kind="event", object_id=1)
    make("Maison de la science", object_id=1)
    make("Science en fête", object_id=2)
    network.refresh_from_db()
    assert {hit.kind for hit in search(network, "science").hits} == {"actor", "event"}
    assert [hit.title for hit in search(network, "science", kinds=["event"]).hits] == ["Fête de la science"]
    assert search(network, "science", kinds=["event"], counts=True).counts.kinds == {"actor": 2, "event": 1}
    assert matching_ids(network, "event", "science").ids == [1]
    assert search(network, "science", kinds=['actor" OR "x']).total == 0


# --- as one types -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["m", "mu", "musee", "Musée F", "fena", "rodez fen", "musée fenail", "fenaile"])
def test_suggestions_come_as_one_types(make, network, typed):
    make("Musée Fenaille", subtitle="Rodez")
    make("Planétarium", subtitle="Montpellier")
    network.refresh_from_db()
    assert suggest(network, typed).hits[0].title == "Musée Fenaille"


@pytest.mark.parametrize("typed", ["", " ", "''", "zzzz", "\x00"])
def test_nothing_is_suggested_for_nothing(make, network, typed):
    make("Musée Fenaille")
    network.refresh_from_db()
    assert suggest(network, typed).hits == []


# --- pages ------------------------------------------------------------------------------------------------------------


def test_pages_follow_each_other_without_gap_or_repeat(network):
    actions.index(
        SearchDocument("actor", number, network.pk, f"Club numéro {number}", f"/{number}/") for number in range(1, 58)
    )
    network.refresh_from_db()
    seen = [hit.object_id for offset in range(0, 60, 20) for hit in search(network, "club", offset=offset).hits]
    assert sorted(seen) == list(range(1, 58))
    assert search(network, "club").total == 57


def test_a_question_wider_than_what_is_ranked_still_finds_everything(network, monkeypatch):
    monkeypatch.setattr(weighing, "WIDE", 10)
    monkeypatch.setattr(weighing, "RANKED", 20)
    actions.index(
        SearchDocument("actor", number, network.pk, "Bibliothèque" + " municipale" * (number % 3), f"/{number}/")
        for number in range(1, 51)
    )
    actions.index([SearchDocument("actor", 99, network.pk, "École", "/99/", text="près de la bibliothèque")])
    network.refresh_from_db()
    found = search(network, "bibliothèque", limit=50)
    assert (found.total, found.reachable, len(found.hits)) == (51, 20, 20)
    assert found.hits[0].title == "Bibliothèque"
    every = matching_ids(network, "actor", "bibliothèque")
    assert (len(every.ids), every.ids[0]) == (20, found.hits[0].object_id)
    assert sorted([*every.ids, *every.others]) == [*range(1, 51), 99]
