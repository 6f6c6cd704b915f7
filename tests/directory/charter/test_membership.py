"""Where an actor stands with the charter: computed from dates, in bounded queries, the same in Python and in the database."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from maillage.core.permissions import Allowed, Denied
from maillage.core.viewer import Viewer
from maillage.directory.actions import charter
from maillage.directory.enums import MembershipState as State
from maillage.directory.models import Actor, CharterVersion, Signature
from maillage.directory.models.charter import print_of
from maillage.directory.queries.charter import (
    adheres,
    calendar_of,
    counts_by_state,
    membership,
    memberships,
    with_state,
)
from maillage.directory.queries.filters import Filters, select
from tests.factories.directory import make_actor, make_charter, make_network, make_signature

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2024, 3, 1), date(2026, 3, 1)


@pytest.fixture
def network():
    return make_network(settings={"charter_grace_days": 30})


@pytest.fixture
def first(network):
    return make_charter(network, effective_on=FIRST)


def state(network, actor, on):
    return membership(network, actor, on=on).state


def test_nobody_is_a_member_before_signing(network, first):
    actor = make_actor(network)
    make_signature(actor, first, signed_on=FIRST + timedelta(days=10))
    assert state(network, actor, FIRST + timedelta(days=9)) == State.NEVER
    held = membership(network, actor, on=FIRST + timedelta(days=10))
    assert (held.state, held.since, held.until) == (State.SIGNED, FIRST + timedelta(days=10), None)


def test_a_minor_version_asks_nothing_of_those_who_signed(network, first):
    actor = make_actor(network)
    make_signature(actor, first, signed_on=FIRST)
    make_charter(network, "<p>Corrigée.</p>", minor=1, effective_on=SECOND)
    assert state(network, actor, SECOND + timedelta(days=400)) == State.SIGNED


def test_a_major_version_leaves_days_of_grace_then_signatures_lapse_without_anything_being_written(network, first):
    actor = make_actor(network)
    make_signature(actor, first, signed_on=FIRST)
    make_charter(network, "<p>Autre.</p>", major=2, effective_on=SECOND)
    rows = list(Signature.objects.values())
    days = {SECOND - timedelta(days=1): State.SIGNED, SECOND: State.TO_RESIGN}
    days |= {SECOND + timedelta(days=29): State.TO_RESIGN, SECOND + timedelta(days=30): State.LAPSED}
    assert {day: state(network, actor, day) for day in days} == days
    assert membership(network, actor, on=SECOND).until == SECOND + timedelta(days=30)
    assert list(Signature.objects.values()) == rows


def test_signing_again_in_time_makes_one_membership_since_the_first_day(network, first):
    actor = make_actor(network)
    make_signature(actor, first, signed_on=FIRST)
    second = make_charter(network, "<p>Autre.</p>", major=2, effective_on=SECOND)
    make_signature(actor, second, signed_on=SECOND + timedelta(days=12))
    held = membership(network, actor, on=SECOND + timedelta(days=300))
    assert (held.state, held.since, held.signature.version) == (State.SIGNED, FIRST, second)


def test_signing_again_too_late_begins_a_new_membership(network, first):
    actor = make_actor(network)
    make_signature(actor, first, signed_on=FIRST)
    second = make_charter(network, "<p>Autre.</p>", major=2, effective_on=SECOND)
    late = SECOND + timedelta(days=31)
    make_signature(actor, second, signed_on=late)
    assert membership(network, actor, on=late).since == late


def test_a_new_version_may_be_signed_before_it_takes_effect(network, first):
    actor = make_actor(network)
    second = make_charter(network, "<p>Autre.</p>", major=2, effective_on=SECOND)
    make_signature(actor, second, signed_on=SECOND - timedelta(days=20))
    assert state(network, actor, SECOND - timedelta(days=19)) == State.SIGNED
    assert state(network, actor, SECOND + timedelta(days=90)) == State.SIGNED


def test_a_withdrawal_ends_the_membership_on_its_day_and_the_past_stays_true(network, first):
    actor = make_actor(network)
    make_signature(actor, first, signed_on=FIRST, withdrawn_on=date(2025, 1, 10), withdrawal_reason="Dissoute")
    assert state(network, actor, date(2025, 1, 9)) == State.SIGNED
    assert state(network, actor, date(2025, 1, 10)) == State.WITHDRAWN
    make_signature(actor, first, signed_on=date(2025, 6, 1))
    assert membership(network, actor, on=date(2025, 6, 1)).since == date(2025, 6, 1)


def test_membership_is_a_rule_that_other_features_ask(network, first):
    member, other = make_actor(network, "Musée"), make_actor(network, "Club")
    make_signature(member, first)
    assert adheres(network, member) == Allowed()
    assert adheres(network, other) == Denied("Club n'a pas de signature de la charte en vigueur.")


def test_each_network_has_its_own_charter(network, first):
    actor, other = make_actor(network), make_network("Ailleurs")
    make_signature(actor, first)
    make_charter(other)
    assert membership(other, actor).state == State.NEVER


def test_one_signature_is_in_force_for_an_actor_and_a_major_version(network, first):
    actor = make_actor(network)
    make_signature(actor, first)
    again = make_charter(network, "<p>Corrigée.</p>", minor=1)
    for version in (first, again):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_signature(actor, version, signer_name="Paul Roux")


def test_a_published_text_is_never_written_over(first):
    first.body = "<p>Autre chose.</p>"
    with pytest.raises(ValueError, match="never changes"):
        first.save()
    assert CharterVersion.objects.get().body == "<p>Nous partageons les sciences.</p>"


def test_many_actors_cost_two_queries(network, first, count_queries):
    costs = []
    for total in (1, 3):
        actors = [make_actor(network) for _ in range(total)]
        for actor in actors:
            make_signature(actor, first)
        costs.append(count_queries(lambda: memberships(network, [actor.pk for actor in Actor.objects.all()])))
        costs.append(count_queries(lambda: counts_by_state(network, calendar_of(network))))
    assert costs == [3, 2, 3, 2]


class WithState(TestCase):
    """The state computed in the database is the one computed in Python, whatever was signed and withdrawn when."""

    @settings(max_examples=60, deadline=None)
    @given(
        starts=st.lists(st.integers(0, 900), min_size=1, max_size=3),
        signed=st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 1000), st.none() | st.integers(0, 300)), max_size=4
        ),
        day=st.integers(0, 1200),
        grace=st.integers(0, 200),
    )
    def test_the_database_and_the_program_agree(self, starts, signed, day, grace):
        with transaction.atomic():
            network = make_network(settings={"charter_grace_days": grace})
            actor, origin = make_actor(network), date(2023, 1, 1)
            versions = [
                make_charter(network, major=rank, effective_on=origin + timedelta(days=start))
                for rank, start in enumerate(sorted(starts), start=1)
            ]
            standing = set()
            for which, at, length in signed:
                version = versions[which % len(versions)]
                ends = origin + timedelta(days=at + length) if length is not None else None
                if ends is None and version.pk in standing:
                    continue
                standing |= {version.pk} if ends is None else set()
                make_signature(actor, version, signed_on=origin + timedelta(days=at), withdrawn_on=ends)
            on = origin + timedelta(days=day)
            found = with_state(Actor.objects.filter(pk=actor.pk), network, on=on).get()
            assert found.charter_state == membership(network, actor, on=on).state
            transaction.set_rollback(True)


def test_a_draft_is_one_and_is_the_team_s(network):
    CharterVersion.objects.create(network=network, major=1, minor=0, title="Un", body="<p>Un</p>")
    with pytest.raises(IntegrityError), transaction.atomic():
        CharterVersion.objects.create(network=network, major=2, minor=0, title="Deux", body="<p>Deux</p>")
    with pytest.raises(IntegrityError), transaction.atomic():
        CharterVersion.objects.filter(network=network).update(published_at=timezone.now())


def facet(network):
    network.refresh_from_db()
    found = select(Filters.from_params(QueryDict(""), network, work=True)).every_facet
    return {value.value: value.count for each in found if each.name == "charte" for value in each.values}


@pytest.mark.django_db(transaction=True)
def test_the_table_is_filtered_by_membership_which_follows_signatures_withdrawals_and_days(monkeypatch):
    """Committed for good: what the process keeps in memory is what is asked."""
    network = make_network(settings={"charter_grace_days": 30})
    by = Viewer.as_system(network, "essai")
    today = timezone.localdate()
    actors = [make_actor(network) for _ in range(3)]
    assert facet(network) == {}
    draft = charter.save_draft(by=by, values={"body": "<p>Un</p>"})
    first = charter.publish(by=by, draft=draft, effective_on=today, read=print_of("<p>Un</p>"))
    assert facet(network) == {"jamais": 3}
    for actor in actors[:2]:
        signer = charter.Signer("Odile Marty", "directrice")
        signed = charter.record_paper(by=by, actor=actor, version=first, signer=signer, on=today)
    assert facet(network) == {"signataire": 2, "jamais": 1}
    charter.withdraw(by=by, signature=signed, reason="Courrier")
    assert facet(network) == {"signataire": 1, "retiree": 1, "jamais": 1}
    draft = charter.save_draft(by=by, values={"body": "<p>Deux</p>", "is_major": True})
    charter.publish(by=by, draft=draft, effective_on=today, read=print_of("<p>Deux</p>"))
    assert facet(network) == {"a-resigner": 1, "retiree": 1, "jamais": 1}
    for days, state in ((29, "a-resigner"), (30, "echue")):
        monkeypatch.setattr(timezone, "localdate", lambda *_args, days=days: today + timedelta(days=days))
        assert facet(network) == {state: 1, "retiree": 1, "jamais": 1}
        assert counts_by_state(network, calendar_of(network))[State(state)] == 1
