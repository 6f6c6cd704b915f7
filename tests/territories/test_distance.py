"""Distances in SQL: those of the formula, on both databases, poles and antimeridian included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.geo import distance_km
from maillage.territories.models import Territory
from maillage.territories.queries import nearest, within

POINTS = [
    (43.6043, 1.4437), (43.6109, 3.8761), (48.8534, 2.3488), (-21.1, 55.5), (0.0, 0.0), (89.9, 10.0), (89.9, -170.0),
    (-90.0, 0.0), (10.0, 179.95), (10.0, -179.95), (-16.5, -151.7), (60.0, -180.0), (60.0, 180.0),
]  # fmt: skip
latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


@pytest.fixture
def places(db):
    Territory.objects.bulk_create(
        Territory(kind="commune", code=f"{rank:05}", name=f"P{rank}", name_key=f"p{rank}", slug=f"p{rank}", latitude=lat, longitude=lon)
        for rank, (lat, lon) in enumerate(POINTS)
    )  # fmt: skip
    Territory.objects.create(kind="commune", code="99999", name="Ailleurs", name_key="ailleurs", slug="ailleurs")
    return Territory.objects.communes()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("km", [0.0, 5, 30, 700, 9000, 20_100])
def test_within_keeps_exactly_the_places_of_the_circle(places, point, km):
    expected = {rank for rank, other in enumerate(POINTS) if distance_km(*point, *other) <= km}
    assert {int(place.code) for place in within(places, *point, km)} == expected


@pytest.mark.parametrize("point", POINTS)
def test_the_distance_is_that_of_the_formula(places, point):
    for place in within(places, *point, 30_000):
        assert place.distance == pytest.approx(distance_km(*point, place.latitude, place.longitude), abs=1e-3)


@pytest.mark.parametrize("point", POINTS)
def test_nearest_gives_the_nearest_first(places, point):
    expected = sorted(distance_km(*point, *other) for other in POINTS)[:4]
    assert [place.distance for place in nearest(places, *point, 4)] == pytest.approx(expected, abs=1e-3)


def test_nearest_gives_all_when_there_are_fewer(places):
    assert len(nearest(places, 43.6, 1.44, 50)) == len(POINTS)


def test_the_columns_may_be_those_of_a_related_row(places):
    first = places.get(code="00000")
    Territory.objects.create(kind="commune", code="88888", name="Fille", name_key="fille", slug="fille", epci=first)
    found = nearest(Territory.objects.filter(code="88888"), 43.6043, 1.4437, 1, prefix="epci__")
    assert found[0].distance == pytest.approx(0, abs=1e-3)


@given(latitudes, longitudes, latitudes, longitudes)
def test_a_distance_is_symmetrical_and_at_most_half_the_earth(lat, lon, other_lat, other_lon):
    there = distance_km(lat, lon, other_lat, other_lon)
    assert there == pytest.approx(distance_km(other_lat, other_lon, lat, lon), abs=1e-6)
    assert 0 <= there <= 20_016


@given(latitudes, longitudes)
def test_a_point_is_at_no_distance_of_itself(lat, lon):
    assert distance_km(lat, lon, lat, lon) == 0
