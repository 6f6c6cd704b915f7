"""The measures of an order are those of trec_eval."""

import json

import pytest

from benchmarks.metrics import in_order, ndcg, recall, reciprocal_rank


@pytest.mark.shared_data
def test_the_measures_of_an_order_are_those_of_trec_eval(shared_refs):
    instances = json.loads((shared_refs / "ranking" / "ndcg_trec_eval.json").read_text())
    for each in instances:
        ranked = in_order({f"{number:03}": score for number, score in enumerate(each["scores"])})
        gains = {f"{number:03}": gain for number, gain in enumerate(each["rel"])}
        assert [
            ndcg(ranked, gains, 5),
            ndcg(ranked, gains, 10),
            recall(ranked, gains, 10),
            reciprocal_rank(ranked, gains),
        ] == (pytest.approx([each["ndcg_cut_5"], each["ndcg_cut_10"], each["recall_10"], each["recip_rank"]]))


def test_equal_scores_are_told_apart_by_descending_identifier():
    assert in_order({"a": 1.0, "c": 1.0, "b": 2.0}) == ["b", "c", "a"]
