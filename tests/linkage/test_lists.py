"""On museums whose truth is known, one half learnt from and the other judged; `run.py bench` gives all the figures."""

import pytest

from benchmarks import linkage, lists


@pytest.mark.shared_data
def test_two_hundred_reviews_of_other_museums_are_enough(shared_refs):
    known = lists.corrupted_museums(shared_refs.parent)
    learnt, judged = (linkage.Task(half) for half in lists.halves(known, 0))
    recall, each = judged.found()
    assert recall >= 0.99
    assert each <= 12
    model, reviewed = linkage.learn(learnt, linkage.NOTHING, 0)
    assert len(reviewed) <= 200
    assert judged.by_pair(judged.scores(model), 0.5)[2] >= 0.97


@pytest.mark.shared_data
def test_associations_known_by_name_alone_are_recognised(shared_data):
    task = linkage.Task(lists.associations(shared_data.parent))
    precision, recall, _f1 = task.by_group(task.scores(linkage.shipped()), 0.5)
    assert precision >= 0.95
    assert recall >= 0.9
