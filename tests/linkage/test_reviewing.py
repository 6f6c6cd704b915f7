"""What is reviewed, what a sample allows, and how groups are made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.linkage.enums import Verdict
from maillage.linkage.queries.groups import groups
from maillage.linkage.queries.reviewing import (
    ENOUGH,
    Thresholds,
    automation_allowed,
    bands,
    choose_thresholds,
    estimate,
    to_review,
    wilson,
)

_SCORES = [number / 1000 for number in range(1000)]


def test_wilson_gives_the_interval_of_the_books():
    # Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=1e-4)
    assert wilson(0, 0) == (0, 1)


def test_pairs_to_review_come_from_every_band_and_more_where_the_model_hesitates():
    chosen = to_review(_SCORES, 80)
    counts = [len(set(band) & set(chosen)) for band in bands(_SCORES)]
    assert len(chosen) == len(set(chosen)) == 80
    assert min(counts) >= 4
    assert counts[3] > counts[0]


def test_a_pair_already_reviewed_is_not_asked_again():
    done = dict.fromkeys(range(0, 1000, 2), True)
    assert not set(to_review(_SCORES, 100, done=done)) & set(done)
    assert to_review([0.5, 0.2], 10, done={0: True}) == [1]


@given(st.lists(st.floats(0, 1), max_size=60), st.integers(0, 80))
def test_as_many_are_chosen_as_asked_or_as_there_are(scores, count):
    assert len(set(to_review(scores, count))) == min(count, len(scores))


def test_a_band_weighs_by_its_pairs_and_not_by_its_reviews():
    scores = [0.95] * 90 + [0.99] * 10
    reviewed = dict.fromkeys(range(10), True) | {90: True, 91: False}
    found = estimate(scores, reviewed, 0.9)
    assert found.precision == pytest.approx(0.9 * 1 + 0.1 * 0.5)
    assert (found.pairs, found.reviewed, found.covered) == (100, 12, True)
    assert found.low < found.precision < found.high


@pytest.mark.parametrize(
    ("reviews", "wrong", "allowed"), [(ENOUGH, 0, True), (ENOUGH - 1, 0, False), (ENOUGH, 2, False)]
)
def test_automation_wants_enough_reviews_and_precision(reviews, wrong, allowed):
    reviewed = {position: position >= wrong for position in range(reviews)}
    assert automation_allowed([0.98] * 500, reviewed, 0.95).allowed is allowed


def test_automation_is_refused_where_nobody_looked():
    scores = [0.98] * 200 + [0.92] * 10
    reviewed = dict.fromkeys(range(ENOUGH), True)
    assert automation_allowed(scores, reviewed, 0.95).allowed
    assert not automation_allowed(scores, reviewed, 0.9).allowed
    assert not automation_allowed([0.1] * 500, reviewed, 0.95).allowed


def test_thresholds_follow_the_reviews():
    scores = [0.999] * 300 + [0.93] * 100 + [0.001] * 600
    good = {position: position < 400 for position in range(0, 1000, 5)}
    assert choose_thresholds(scores, good).certain <= 0.999
    bad = good | dict.fromkeys(range(0, 300, 10), False)
    assert choose_thresholds(scores, bad).certain > 1
    assert choose_thresholds([], {}) == Thresholds(1.01, 1.01)


def test_verdicts_go_by_thresholds():
    thresholds = Thresholds(certain=0.9, doubtful=0.2)
    assert [thresholds.verdict(score) for score in (0.95, 0.9, 0.5, 0.1)] == [
        *(Verdict.CERTAIN, Verdict.CERTAIN, Verdict.DOUBTFUL, Verdict.APART)
    ]


def test_a_chain_does_not_merge():
    assert groups({(0, 1): 0.95, (1, 2): 0.9}) == [[0, 1]]
    assert groups({(0, 1): 0.95, (1, 2): 0.9, (0, 2): 0.3}) == [[0, 1, 2]]
    assert groups({(0, 1): 0.95, (2, 3): 0.9, (1, 2): 0.8}) == [[0, 1], [2, 3]]
    assert groups({(0, 1): 0.4}) == []


def test_a_threshold_is_a_probability():
    with pytest.raises(ValueError, match="probability"):
        groups({}, 0)


_PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]), st.floats(0, 1)
)


@given(_PAIRS, st.floats(0.1, 1))
def test_the_records_of_a_group_agree_on_average(pairs, threshold):
    found = groups(pairs, threshold)
    members = [member for group in found for member in group]
    assert len(members) == len(set(members))
    for group in found:
        inside = [pairs.get((a, b), 0.0) for a in group for b in group if a < b]
        # Every join reached the threshold, hence their weighted average too.
        assert sum(inside) / len(inside) >= threshold - 1e-9
