"""Resolving the communes of files."""

import csv

import pytest

from maillage.territories.queries import CommuneResolver


@pytest.fixture(scope="module")
def resolver(france, django_db_blocker):
    with django_db_blocker.unblock():
        return CommuneResolver()


@pytest.mark.parametrize(
    ("columns", "code", "how"),
    [
        ({"insee": "31555"}, "31555", "insee"),
        ({"insee": "1004.0"}, "01004", "insee"),
        ({"insee": "01018"}, "01033", "former_code"),
        ({"insee": "75112"}, "75056", "former_code"),
        ({"postal_code": "1340", "city": "MONTREVEL EN BRESSE"}, "01266", "postal_name"),
        ({"postal_code": "75012", "city": "PARIS 12"}, "75056", "postal_name"),
        ({"postal_code": "20000", "city": "AJACCIO"}, "2A004", "postal_name"),
        ({"city": "34322 MONTPELLIER CEDEX 5"}, "34172", "cedex"),
        ({"postal_code": "31059", "city": "Toulouse cedex 9"}, "31555", "cedex"),
        ({"postal_code": "31059"}, "31555", "cedex"),
        ({"postal_code": "76186", "city": "ROUEN CEDEX1"}, "76540", "cedex"),
        ({"postal_code": "01200", "city": "Arlod"}, "01033", "former_name"),
        ({"postal_code": "31000", "city": "TOULOUSE MIRAIL"}, "31555", "begun_name"),
        ({"city": "Castres", "department": "Tarn"}, "81065", "department_name"),
        ({"city": "Castres", "department": "81"}, "81065", "department_name"),
        ({"city": "Toulouse"}, "31555", "name_only"),
    ],
)
def test_the_columns_of_a_file_lead_to_a_commune(resolver, columns, code, how):
    found = resolver.resolve(**columns)
    assert (found.commune.code, found.how) == (code, how)


def test_homonyms_are_never_guessed(resolver):
    found = resolver.resolve(city="Saint-Denis")
    assert found.commune is None
    assert found.how == "ambiguous"
    assert len(found.candidates) > 1


def test_what_is_not_in_france_is_nothing(resolver):
    assert resolver.resolve(city="Irvine").commune is None


def test_a_surer_way_scores_higher(resolver):
    exact = resolver.resolve(postal_code="34000", city="Montpellier")
    cedex = resolver.resolve(postal_code="34322", city="Montpellier cedex 5")
    alone = resolver.resolve(postal_code="34322")
    assert exact.score > cedex.score > alone.score


@pytest.mark.shared_data
def test_real_files_resolve_to_the_communes_they_say(resolver, shared_data):
    """Places whose file gives both the INSEE code and the postal address."""
    path = shared_data / "actors" / "basilic_lieux_culturels.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    said = [resolver.resolve(insee=row["Code Insee commune"]).commune for row in rows]
    read = [resolver.resolve(postal_code=row["Code Postal"], city=row["Nom commune principale"]) for row in rows]
    pairs = [(commune, found) for commune, found in zip(said, read, strict=True) if commune and found.commune]
    assert len(pairs) > 0.995 * len(rows)
    wrong = [found for commune, found in pairs if commune.code != found.commune.code]
    assert len(wrong) < 0.001 * len(rows)


@pytest.mark.shared_data
def test_nearly_every_library_finds_its_commune(resolver, shared_data):
    path = shared_data / "actors" / "bibliotheques_france_2025.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        found = [resolver.resolve(postal_code=row["CP"], city=row["Ville"]) for row in csv.DictReader(stream)]
    assert sum(each.commune is None for each in found) <= 2
