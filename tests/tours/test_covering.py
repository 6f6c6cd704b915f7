"""Communes to canvass: the known optima of maximal covering, and a choice no worse than any other."""

import csv
import json
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.tours.engine.covering import cover, within
from maillage.tours.engine.season import DETOUR, crow_km

pytestmark = pytest.mark.once


@pytest.mark.shared_data
def test_the_optima_of_san_francisco_are_found(shared_refs):
    folder = shared_refs / "location"
    known = json.loads((folder / "sf_reference.json").read_text())
    with (folder / "sf_cost_matrix.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    stores = known["facility_order"]
    for case in known["mclp"]:
        reached_by = [[k for k, store in enumerate(stores) if float(row[store]) <= case["radius"]] for row in rows]
        found = cover(reached_by, [float(row["demand"]) for row in rows], case["p"])
        assert (found.covered, found.total) == (case["covered"], case["total"])
        assert found.gap < 1e-6


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.lists(st.integers(0, 5), max_size=4), st.integers(0, 50)), max_size=8), st.integers(0, 3))
def test_no_other_choice_covers_more(demands, halts):
    reached_by, weights = [list(one) for one, _ in demands], [weight for _, weight in demands]
    found = cover(reached_by, weights, halts)
    best = max(
        sum(weight for reach, weight in zip(reached_by, weights, strict=True) if set(reach) & set(chosen))
        for chosen in combinations(range(6), halts)
    )
    assert found.covered == best
    assert len(found.halts) <= halts


@given(
    st.lists(st.tuples(st.floats(42, 45), st.floats(-1, 5)), max_size=6),
    st.lists(st.tuples(st.floats(42, 45), st.floats(-1, 5)), max_size=6),
)
def test_within_is_the_road_as_it_is_guessed(demands, candidates):
    found = within(demands, candidates, 100)
    for demand, reach in zip(demands, found, strict=True):
        near = [k for k, one in enumerate(candidates) if DETOUR * crow_km(demand, one) <= 100]
        assert reach == near
