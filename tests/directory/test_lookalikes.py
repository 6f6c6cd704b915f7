"""The first matcher: sure where an identifier says so, careful where only words agree."""

import csv
from collections import defaultdict

import pytest

from maillage.core.text import folded
from maillage.directory.queries.lookalikes import Candidate, Matcher, lookalikes, page_of
from maillage.linkage.queries import wording
from tests.factories.directory import make_actor, make_commune, make_network


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("https://www.Musee.fr/", "musee.fr"),
        ("musee.fr/visite/#haut", "musee.fr/visite"),
        ("https://www.facebook.com/astroclub", "facebook.com/astroclub"),
        ("https://www.facebook.com/", ""),
        ("http://[mauvais", ""),
        ("", ""),
    ],
)
def test_a_page_is_the_same_however_its_address_is_written(text, page):
    assert page_of(text) == page


def found(one, *others):
    return [(match.ref, match.certain, match.branch) for match in Matcher(others).find(one)]


def test_the_same_siret_is_the_same_actor_whatever_the_name():
    other = Candidate("b", "Autre nom", siret="18008901303720")
    assert found(Candidate("a", "Nom", siret="18008901303720"), other) == [("b", True, False)]


def test_the_same_siren_with_another_siret_is_a_branch():
    other = Candidate("b", "Muséum", siren="180089013", siret="18008901303720")
    assert found(Candidate("a", "Muséum", siren="180089013", siret="18008901300013"), other) == [("b", False, True)]


def test_two_lines_of_one_source_with_two_keys_are_two_actors():
    one = Candidate("a", "Bibliothèque", commune_id=1, keys=frozenset({("bib", "1")}))
    assert found(one, Candidate("b", "Bibliothèque", commune_id=1, keys=frozenset({("bib", "2")}))) == []


def test_the_same_name_elsewhere_is_another_actor():
    one = Candidate("a", "Médiathèque municipale", commune_id=1, latitude=43.6, longitude=3.8)
    assert found(one, Candidate("b", "Médiathèque municipale", commune_id=2, latitude=44.6, longitude=1.8)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Association Les Petits Débrouillards", "LES PETITS DEBROUILLARDS"),
        ("Muséum d'histoire naturelle", "Museum histoire naturelle"),
        ("Planète Sciences Occitanie", "Planete science Occitanie"),
    ],
)
def test_a_name_written_otherwise_in_the_same_commune_is_a_lookalike(one, other):
    assert found(Candidate("a", one, commune_id=1), Candidate("b", other, commune_id=1)) == [("b", False, False)]


def reached(ref, name, **values):
    return Candidate.from_values({"name": name, **values}, ref=ref)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"email": "Astro.Auch@orange.fr"}, "même adresse e-mail"),
        ({"website": "https://www.facebook.com/astro-auch"}, "même adresse de site"),
        ({"website": "http://culture.auch.fr/"}, "même adresse de site"),
    ],
)
def test_the_very_same_address_under_another_name_is_asked_about_and_never_decided(values, reason):
    one, other = reached("a", "Astroclub", **values), reached("b", "Les amis du ciel gersois", **values)
    (match,) = Matcher([other]).find(one)
    assert (match.ref, match.certain, match.branch, match.reasons) == ("b", False, False, (reason,))


def test_an_address_that_many_actors_share_tells_nothing_alone():
    """The town hall's, of which the museum, the library and the school are not one actor."""
    names = ["Musée des pierres", "Médiathèque Jean-Jaurès", "École de musique", "Service des sports", "Piscine"]
    held = [reached(name, name, website="https://www.auch.fr", email="mairie@auch.fr") for name in names]
    one = reached("a", "Atelier du fleuve", website="http://auch.fr", email="Mairie@auch.fr")
    assert len(Matcher(held[:3]).find(one)) == 3
    assert Matcher(held).find(one) == []
    assert [match.ref for match in Matcher(held).find(reached("a", "Musée des Pierres", website="auch.fr"))] == [
        names[0]
    ]


@pytest.mark.django_db
def test_candidates_show_before_saving_and_not_from_another_network():
    network, other = make_network(), make_network("Réseau du Nord")
    commune = make_commune()
    mine = make_actor(network, "Les Petits Débrouillards", commune=commune, website="https://lespetitsdeb.org")
    make_actor(other, "Les Petits Débrouillards", commune=commune)
    matches = lookalikes({"name": "Association petits debrouillards", "commune": commune}, network)
    assert [match.ref for match in matches] == [mine.pk]
    (match,) = lookalikes({"name": "Ateliers du jeudi", "website": "http://www.lespetitsdeb.org/"}, network)
    assert (match.ref, match.certain, match.reasons) == (mine.pk, False, ("même adresse de site",))
    assert lookalikes({"name": "Les Petits Débrouillards", "commune": commune}, network, exclude=mine.pk) == []


@pytest.mark.shared_data
@pytest.mark.parametrize(("pages", "precision", "recall"), [(False, 0.97, 0.8), (True, 0.96, 0.84)])
def test_on_the_french_reference_nothing_sound_is_lost(shared_refs, pages, precision, recall):
    """Corrupted museum names with their truth: precision and recall of the first matcher, on pairs.

    The page of a site finds those that no name tells; two museums of one town that share it are asked about too.
    """
    with (shared_refs / "linkage/fr_dev.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    with (shared_refs / "linkage/fr_dev_truth.csv").open() as stream:
        entity = {row["id"]: row["entity"] for row in csv.DictReader(stream)}
    communes: dict[str, int] = {}
    candidates = [
        Candidate(
            row["id"],
            row["name"],
            commune_id=communes.setdefault(folded(row["city"]).split(" cedex")[0], len(communes))
            if row["city"]
            else None,
            commune_name=row["city"],
            latitude=float(row["lat"]) if row["lat"] else None,
            longitude=float(row["lon"]) if row["lon"] else None,
            domains=frozenset(filter(None, [wording.host(row["url"])])),
            page=page_of(row["url"]) if pages else "",
        )
        for row in rows
    ]
    matcher = Matcher(candidates)
    pairs = {tuple(sorted((one.ref, match.ref))) for one in candidates for match in matcher.find(one)}
    groups = defaultdict(list)
    for ref, name in entity.items():
        groups[name].append(ref)
    truth = {tuple(sorted((a, b))) for refs in groups.values() for a in refs for b in refs if a < b}
    assert len(pairs & truth) / len(pairs) >= precision
    assert len(pairs & truth) / len(truth) >= recall
