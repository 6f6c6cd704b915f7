"""Is this actor already there: sure where an identifier says so, a question where only words agree."""

import pytest
from django.utils import timezone

from maillage.core.viewer import Viewer
from maillage.directory import actions
from maillage.directory.actions.merging import merge
from maillage.directory.models import Lesson
from maillage.directory.queries import lookalikes as asked
from maillage.directory.queries.lookalikes import known_to, lookalikes, matches, model_of, record_of
from maillage.linkage.queries.comparing import NAMES
from maillage.linkage.queries.index import GrowingIndex
from maillage.linkage.queries.model import shipped
from maillage.linkage.queries.records import Record
from maillage.linkage.queries.reviewing import ENOUGH, OF_EACH
from tests.factories.directory import make_actor, make_commune, make_network


def record(key, name, city="", **given):
    identifiers = frozenset(
        (scheme, given.pop(scheme)) for scheme in ("siren", "siret", "rna", "bib") if scheme in given
    )
    return Record(key, name, city=city, identifiers=identifiers, **given)


def teach(network, values, *, same, count):
    """Lessons of pairs that no sheet has; their keys follow those that there are."""
    first = Lesson.objects.count()
    for number in range(first, first + count):
        Lesson.objects.create(network=network, first_id=number, second_id=1000, values=values, same=same)


def found(one, *others):
    return [(match.ref, match.certain, match.branch) for match in matches(GrowingIndex(others), one)]


def test_the_same_siret_is_the_same_actor_whatever_the_name():
    other = record("b", "Autre chose", siret="18008901303720")
    assert found(record("a", "Nom", siret="18008901303720"), other) == [("b", True, False)]


def test_the_same_siren_with_another_siret_is_a_branch():
    other = record("b", "Muséum", siren="180089013", siret="18008901303720")
    assert found(record("a", "Muséum", siren="180089013", siret="18008901300013"), other) == [("b", False, True)]


@pytest.mark.parametrize(("name", "expected"), [("Muséum", (True, False)), ("Jardin des plantes", (False, True))])
def test_the_same_siren_alone_is_the_same_actor_under_the_same_name_else_perhaps_its_branch(name, expected):
    assert found(record("a", name, siren="180089013"), record("b", "Muséum", siren="180089013")) == [("b", *expected)]


def test_two_lines_of_one_source_with_two_keys_are_two_actors():
    assert found(record("a", "Bibliothèque", "Auch", bib="1"), record("b", "Bibliothèque", "Auch", bib="2")) == []


def test_a_common_name_elsewhere_is_another_actor():
    towns = ["Albi", "Auch", "Cahors", "Castres", "Foix", "Lodève", "Lourdes", "Mende", "Millau", "Rodez", "Tarbes"]
    others = [record(town, "Médiathèque municipale", town) for town in towns]
    assert found(record("a", "Médiathèque municipale", "Toulouse"), *others) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Association Les Petits Débrouillards", "LES PETITS DEBROUILLARDS"),
        ("Muséum d'histoire naturelle", "Museum histoire naturelle"),
        ("Planète Sciences Occitanie", "Planete science Occitanie"),
    ],
)
def test_a_name_written_otherwise_in_the_same_commune_is_a_lookalike(one, other):
    assert found(record("a", one, "Auch"), record("b", other, "Auch")) == [("b", False, False)]


ADDRESSES = [
    ({"emails": ("Astro.Auch@orange.fr",)}, "même adresse e-mail"),
    ({"websites": ("https://www.facebook.com/astro-auch",)}, "même adresse de site"),
    ({"websites": ("http://culture.auch.fr/",)}, "même adresse de site"),
]


@pytest.mark.parametrize(("given", "reason"), ADDRESSES)
def test_the_very_same_address_under_another_name_is_asked_about_and_never_decided(given, reason):
    one, other = record("a", "Astroclub", **given), record("b", "Les amis du ciel gersois", **given)
    (match,) = matches(GrowingIndex([other]), one)
    assert (match.ref, match.certain, match.branch, match.reasons) == ("b", False, False, (reason,))


def test_the_home_of_a_host_that_many_share_is_no_address():
    given = {"websites": ("https://www.facebook.com/",)}
    assert found(record("a", "Astroclub", **given), record("b", "Les amis du ciel gersois", **given)) == []


@pytest.mark.parametrize(("held", "count"), [(3, 3), (4, 0)])
def test_an_address_that_many_have_tells_nothing_alone(held, count):
    names = ["Bibliothèque centrale", "Musée des Pierres", "École de musique", "Office du tourisme"]
    others = [record(name, name, emails=("mairie@auch.fr",)) for name in names[:held]]
    others += [record(number, f"Foyer rural du canton {number}", "Mende") for number in range(30)]
    assert len(found(record("a", "Club d'échecs", emails=("mairie@auch.fr",)), *others)) == count


def test_what_comes_changes_and_goes_is_found_as_it_is():
    index = GrowingIndex([record(number, f"Association du canton {number}", "Auch") for number in range(30)])
    wanted = record("?", "Observatoire des Baronnies", "Tarbes")
    index.put(record("new", "Observatoire des Baronnies", "Tarbes"))
    assert [match.ref for match in matches(index, wanted)] == ["new"]
    index.put(record("new", "Club d'échecs", "Foix"))
    assert matches(index, wanted) == []
    index.put(record(3, "Observatoire des Baronnies", "Tarbes"))
    assert [match.ref for match in matches(index, wanted)] == [3]
    for number in range(100, 250):  # Enough for the index to be made anew.
        index.put(record(number, f"Foyer rural numéro {number}", "Mende"))
    assert [match.ref for match in matches(index, wanted)] == [3]
    index.drop(3)
    assert matches(index, wanted) == []


@pytest.mark.django_db
def test_candidates_show_before_saving_and_not_from_another_network():
    network, other = make_network(), make_network("Réseau du Nord")
    commune = make_commune()
    mine = make_actor(network, "Les Petits Débrouillards", commune=commune, website="https://lespetitsdeb.org")
    make_actor(other, "Les Petits Débrouillards", commune=commune)
    assert [
        match.ref for match in lookalikes({"name": "Association petits debrouillards", "commune": commune}, network)
    ] == [mine.pk]
    (match,) = lookalikes({"name": "Ateliers du jeudi", "website": "http://www.lespetitsdeb.org/"}, network)
    assert (match.ref, match.certain, match.reasons) == (mine.pk, False, ("même adresse de site",))
    assert lookalikes({"name": "Les Petits Débrouillards", "commune": commune}, network, exclude=mine.pk) == []


@pytest.mark.django_db
def test_the_middle_of_a_commune_is_not_taken_for_the_place_of_an_actor():
    network, commune = make_network(), make_commune()
    make_actor(network, "Ludothèque", commune=commune)  # Placed at the middle of its commune.
    make_actor(network, "Cité de l'espace", commune=commune, latitude=43.62, longitude=3.88)
    placed = {each.name: each.position for each in known_to(network).records.values()}
    assert placed == {"Ludothèque": None, "Cité de l'espace": (43.62, 3.88)}


@pytest.mark.django_db
def test_what_people_judged_moves_the_weights_of_their_network_alone():
    network, other = make_network(), make_network()
    values = dict.fromkeys(NAMES, 0.0) | {"name_same": 1.0, "name_words": 1.0, "place_other": 1.0}
    teach(network, values, same=True, count=ENOUGH - OF_EACH)
    teach(network, {"name_apart": 1.0}, same=False, count=OF_EACH)
    assert model_of(network).log_odds(values) > shipped().log_odds(values) + 1
    assert model_of(other) == shipped()


@pytest.mark.django_db
@pytest.mark.parametrize(("same", "different"), [(0, 1), (1, 0), (0, ENOUGH), (ENOUGH, OF_EACH - 1), (35, 35)])
def test_too_few_verdicts_or_all_of_one_kind_leave_the_weights_as_they_are_shipped(same, different):
    network = make_network()
    values = {"name_same": 1.0, "name_words": 1.0, "place_same": 1.0}
    teach(network, values, same=True, count=same)
    teach(network, values, same=False, count=different)
    assert model_of(network) == shipped()


@pytest.mark.django_db(transaction=True)
def test_a_verdict_that_changes_is_learnt_though_no_sheet_moved():
    network = make_network()
    values = dict.fromkeys(NAMES, 0.0) | {"name_same": 1.0, "name_words": 1.0}
    teach(network, values, same=True, count=ENOUGH)
    teach(network, values, same=False, count=OF_EACH)
    before = known_to(network).index.model
    pair = {"network": network, "first_id": 0, "second_id": 1000}
    Lesson.objects.update_or_create(**pair, defaults={"same": False, "at": timezone.now()})
    assert known_to(network).index.model.log_odds(values) < before.log_odds(values)


@pytest.mark.django_db(transaction=True)
def test_the_list_kept_in_memory_follows_what_is_created_changed_merged_and_learnt():
    network, commune = make_network(), make_commune()
    by = Viewer.as_system(network, "essai")

    def names():
        network.refresh_from_db()
        return sorted(each.name for each in known_to(network).records.values())

    one = make_actor(network, "Astroclub", commune=commune)
    assert names() == ["Astroclub"]
    kept = asked._kept[network.pk].index
    two = make_actor(network, "Astro-club", commune=commune)
    actions.update_actor(by=by, actor=one, values={"name": "Astroclub du Gers"})
    assert names() == ["Astro-club", "Astroclub du Gers"]
    merge(by=by, kept=one, gone=two, chosen={"name": "kept"})
    assert names() == ["Astroclub du Gers"]
    teach(network, {"name_same": 1.0}, same=False, count=ENOUGH)
    teach(network, {"name_same": 1.0}, same=True, count=OF_EACH)
    names()
    assert kept is asked._kept[network.pk].index
    assert kept.index.model != shipped()


@pytest.mark.django_db
def test_a_record_says_what_the_form_says():
    commune = make_commune("32013", "Auch", (43.6465, 0.5867))
    told = record_of({"name": "Club", "commune": commune, "siret": "18008901303720", "phone": "", "rna": None}, ref=7)
    assert (told.key, told.city, told.department, told.phones) == (7, "Auch", "32", ())
    assert told.identifiers == frozenset({("siret", "18008901303720")})
