"""The first matcher: sure where an identifier says so, careful where only words agree."""

import csv
from collections import defaultdict

import pytest

from maillage.core.text import folded
from maillage.directory.queries.lookalikes import Candidate, Matcher, domain_of, lookalikes
from tests.factories.directory import make_actor, make_commune, make_network


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.musee.fr/visite?x=1", "musee.fr"),
        ("musee.fr", "musee.fr"),
        ("contact@musee.fr", "musee.fr"),
        ("quelquun@gmail.com", ""),
        ("https://fr-fr.facebook.com/musee", ""),
        ("http://[mauvais", ""),
        ("", ""),
    ],
)
def test_a_shared_provider_is_no_sign_of_sameness(text, domain):
    assert domain_of(text) == domain


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


@pytest.mark.django_db
def test_candidates_show_before_saving_and_not_from_another_network():
    network, other = make_network(), make_network("Réseau du Nord")
    commune = make_commune()
    mine = make_actor(network, "Les Petits Débrouillards", commune=commune, website="https://lespetitsdeb.org")
    make_actor(other, "Les Petits Débrouillards", commune=commune)
    matches = lookalikes({"name": "Association petits debrouillards", "commune": commune}, network)
    assert [match.ref for match in matches] == [mine.pk]
    assert lookalikes({"name": "", "website": "http://www.lespetitsdeb.org/"}, network) == []
    assert lookalikes({"name": "Les Petits Débrouillards", "commune": commune}, network, exclude=mine.pk) == []


@pytest.mark.shared_data
def test_on_the_french_reference_nothing_sound_is_lost(shared_refs):
    """Corrupted museum names with their truth: precision and recall of the first matcher, on pairs."""
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
            domains=frozenset(filter(None, [domain_of(row["url"])])),
        )
        for row in rows
    ]
    matcher = Matcher(candidates)
    pairs = {tuple(sorted((one.ref, match.ref))) for one in candidates for match in matcher.find(one)}
    groups = defaultdict(list)
    for ref, name in entity.items():
        groups[name].append(ref)
    truth = {tuple(sorted((a, b))) for refs in groups.values() for a in refs for b in refs if a < b}
    assert len(pairs & truth) / len(pairs) >= 0.97
    assert len(pairs & truth) / len(truth) >= 0.75
