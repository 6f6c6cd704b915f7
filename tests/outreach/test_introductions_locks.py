"""Introductions and merging at the same moment, on PostgreSQL: one after the other, never each waiting for the other."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind
from maillage.directory.actions import merging
from maillage.directory.actions.merging import merge
from maillage.outreach.actions import introductions as actions
from maillage.outreach.actions.introductions import Asking
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.factories.outreach import make_introduction

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]


def together(*calls):
    def run(call):
        try:
            call()
            return "done"
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        return [each.result(30) for each in [pool.submit(run, call) for call in calls]]


def test_two_who_ask_several_at_once_do_not_wait_for_each_other(monkeypatch):
    network = make_network()
    a, b, c = (make_actor(network, email=f"{n}@exemple.test", commune=make_commune()) for n in "abc")
    by = viewer(make_person(network, RoleKind.ANIMATOR), network)
    introduce_one = actions.introduce

    def slowly(**values):
        made = introduce_one(**values)
        time.sleep(0.5)
        return made

    monkeypatch.setattr(actions, "introduce", slowly)
    given = {"by": by, "what": "Un atelier", "why": "", "manner": "both"}
    done = together(
        lambda: actions.introduce_each(asking=Asking(b), found=[c, a], **given),
        lambda: actions.introduce_each(asking=Asking(a), found=[c, b], **given),
    )
    assert "done" in done
    assert set(done) <= {"done", "refused"}


@pytest.mark.parametrize("act", ["refuse", "stop", "answer"])
def test_an_answer_and_a_merging_come_one_after_the_other(monkeypatch, act):
    network = make_network()
    a, b, c = (make_actor(network, email=f"{n}@exemple.test", commune=make_commune()) for n in "abc")
    by = viewer(make_person(network, RoleKind.NETWORK_ADMIN), network)
    side = make_introduction(network, c, b).found
    ready, carry = Barrier(2, timeout=5), merging._carry

    def carry_slowly(*args):
        time.sleep(0.5)
        return carry(*args)

    monkeypatch.setattr(merging, "_carry", carry_slowly)

    def answer():
        ready.wait()
        time.sleep(0.2)
        if act == "refuse":
            actions.answer_by_link(side=side, answer="no", refuses="all")
        elif act == "stop":
            actions.stop_by_link(side=side)
        else:
            actions.answer_for_side(by=by, side=side, answer="later")

    def merge_both():
        ready.wait()
        merge(by=by, kept=a, gone=b, chosen={})

    assert together(answer, merge_both)[1] == "done"
