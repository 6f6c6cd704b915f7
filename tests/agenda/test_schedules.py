"""The dates of an event as they are written, changed, and kept apart."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from maillage.agenda.actions import change_timing, remove_timing, update_event
from maillage.agenda.actions.minding import extend_rules
from maillage.agenda.actions.scheduling import lay_out
from maillage.agenda.kit.fields import DayField
from maillage.agenda.models import Event, Timing
from maillage.agenda.queries.calendar import HORIZON_DAYS, Schedule, Slot
from maillage.agenda.queries.schedules import doubts, schedule_of
from maillage.agenda.validators import LONGEST_DAYS
from maillage.core.errors import Refused
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from tests.factories.agenda import local, make_event, slot, weekly

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(network: Any) -> Viewer:
    return Viewer.as_system(network, "tests")


def test_dates_come_back_as_they_were_typed(network: Any) -> None:
    schedule = Schedule(
        (slot(3), slot(5, hours=50, all_day=True)),
        (weekly((1, 3), excluded=frozenset({timezone.localdate() + timedelta(days=8)})),),
    )
    event = make_event(network, schedule=schedule)
    held = schedule_of(event)
    alone, whole = held.slots
    assert (alone.starts, alone.ends) == (schedule.slots[0].starts, schedule.slots[0].ends)
    assert (whole.starts.date(), whole.ends.date(), whole.all_day) == (
        schedule.slots[1].starts.date(),
        schedule.slots[1].ends.date(),
        True,
    )
    assert held.rules[0].excluded == schedule.rules[0].excluded


def test_changing_one_date_leaves_the_others_and_stays_when_the_rule_is_laid_out_again(
    network: Any, by: Viewer
) -> None:
    event = make_event(network, schedule=Schedule(rules=(weekly(last_on=timezone.localdate() + timedelta(days=40)),)))
    first, *others = list(event.timings.all())
    before = [(each.pk, each.starts_at) for each in others]
    later = first.starts_at + timedelta(hours=1)
    change_timing(by=by, timing=first, starts_at=later, ends_at=later + timedelta(hours=1), note="Salle B")
    lay_out(Event.objects.get(pk=event.pk))
    first.refresh_from_db()
    assert (first.starts_at, first.note) == (later, "Salle B")
    assert [(each.pk, each.starts_at) for each in event.timings.exclude(pk=first.pk)] == before


def test_a_date_taken_out_of_a_rule_does_not_come_back(network: Any, by: Viewer) -> None:
    event = make_event(network, schedule=Schedule(rules=(weekly(last_on=timezone.localdate() + timedelta(days=40)),)))
    gone, *left = list(event.timings.all())
    remove_timing(by=by, timing=gone)
    lay_out(Event.objects.get(pk=event.pk))
    assert list(event.timings.values_list("pk", flat=True)) == [each.pk for each in left]


def test_a_date_that_moves_keeps_its_name_for_calendars_and_the_sequence_grows(network: Any, by: Viewer) -> None:
    event = make_event(network, schedule=Schedule((slot(3), slot(10))))
    uids = list(event.timings.values_list("uid", flat=True))
    update_event(by=by, event=event, values={"schedule": Schedule((slot(3), slot(12)))})
    event.refresh_from_db()
    assert list(event.timings.values_list("uid", flat=True)) == uids
    assert event.sequence == 1


def test_writing_the_same_dates_again_changes_nothing(network: Any, by: Viewer) -> None:
    event = make_event(network, schedule=Schedule((slot(3),), (weekly(),)))
    before = list(event.timings.order_by("pk").values_list("pk", "uid"))
    written = update_event(by=by, event=event, values={"schedule": schedule_of(event)})
    assert written.changes == {}
    assert list(event.timings.order_by("pk").values_list("pk", "uid")) == before


def test_a_rule_without_end_is_made_up_to_the_horizon_and_goes_on_each_day(network: Any) -> None:
    event = make_event(network, schedule=Schedule(rules=(weekly((0, 1, 2, 3, 4, 5, 6)),)))
    last = timezone.localdate() + timedelta(days=HORIZON_DAYS)
    assert event.timings.latest("day").day == last
    assert event.last_at is None
    event.timings.filter(day=last).delete()
    extend_rules.function(Job.objects.create(task="x", run_at=timezone.now(), status="running"))
    assert event.timings.latest("day").day == last


def test_an_event_by_appointment_needs_no_date(network: Any) -> None:
    event = make_event(network, schedule=Schedule(by_appointment=True, available_from=date(2026, 1, 5)))
    assert (event.by_appointment, event.available_from, event.timings.count()) == (True, date(2026, 1, 5), 0)


def test_an_end_before_the_beginning_is_refused_with_its_day(network: Any) -> None:
    wrong = Slot(local("2027-03-03T14:00"), local("2027-03-03T13:00"))
    with pytest.raises(Refused, match="mercredi 3 mars 2027"):
        make_event(network, schedule=Schedule((wrong,)))
    assert not Event.objects.exists()


def test_a_rule_that_never_falls_is_refused(network: Any) -> None:
    never = weekly((0,), first_on=date(2027, 3, 2), last_on=date(2027, 3, 4))
    with pytest.raises(Refused, match="ne donne aucune date"):
        make_event(network, schedule=Schedule(rules=(never,)))


def test_a_past_date_and_one_of_eighteen_months_are_doubted_once() -> None:
    past, long = slot(-30), slot(2, hours=24 * 600)
    typed = Schedule((past, long))
    assert len(list(doubts(typed))) == 2
    assert list(doubts(typed, before=typed)) == []


def test_every_date_of_a_rule_is_in_absolute_time_by_the_clock_of_the_place(network: Any) -> None:
    from tests.factories.directory import make_commune

    reunion = make_commune("97411", "Saint-Denis", (-20.88, 55.45))
    event = make_event(
        network,
        commune=reunion,
        schedule=Schedule(
            rules=(weekly(starts=time(9), ends=time(10), last_on=timezone.localdate() + timedelta(days=9)),)
        ),
    )
    assert {each.starts_at.hour for each in Timing.objects.filter(event=event)} == {5}


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule((Slot(local("9999-12-31T14:00"), local("9999-12-31T15:00")),)),
        Schedule((Slot(local("0001-01-01T00:00"), local("0001-01-01T00:00"), all_day=True),)),
        Schedule(rules=(weekly(first_on=date(1, 1, 1)),)),
        Schedule(rules=(weekly(first_on=date(9999, 12, 30)),)),
        Schedule(rules=(weekly(first_on=date(1900, 1, 1)),)),
        Schedule(rules=tuple(weekly() for _ in range(31))),
        Schedule(by_appointment=True, available_until=date(9999, 12, 31)),
    ],
)
def test_what_no_calendar_can_tell_or_count_is_refused(network: Any, schedule: Schedule) -> None:
    with pytest.raises(Refused):
        make_event(network, schedule=schedule)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "31/12/9999"])
def test_a_form_takes_no_day_at_the_edges_of_the_calendar(day: str) -> None:
    with pytest.raises(ValidationError):
        DayField().clean(day)


def test_one_date_moved_beyond_what_a_date_may_last_is_refused(network: Any, by: Viewer) -> None:
    timing = make_event(network).timings.get()
    with pytest.raises(Refused, match="trois ans"):
        change_timing(by=by, timing=timing, starts_at=timing.starts_at, ends_at=timing.ends_at + timedelta(days=1200))


def test_the_longest_date_that_may_be_is_found_on_its_last_day(network: Any) -> None:
    first = datetime.combine(timezone.localdate(), time())
    last = first + timedelta(days=LONGEST_DAYS)
    event = make_event(network, schedule=Schedule((Slot(first, last, all_day=True),)))
    evening = timezone.make_aware(last.replace(hour=23))
    found = Timing.objects.overlapping(evening, evening + timedelta(minutes=1))
    assert [timing.event for timing in found] == [event]
    assert not Timing.objects.overlapping(evening + timedelta(hours=1), evening + timedelta(hours=2))
