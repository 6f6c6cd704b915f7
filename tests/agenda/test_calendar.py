"""Arithmetic of dates through the changes of clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.agenda.queries.calendar import Rule, Schedule, Slot, moment, shifted
from tests.factories.agenda import local

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
zones = st.sampled_from([PARIS, REUNION, ZoneInfo("America/Martinique"), ZoneInfo("Pacific/Noumea")])


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    first = draw(days)
    return Rule(
        tuple(draw(st.sets(st.integers(0, 6), min_size=1))),
        draw(times),
        draw(times),
        first,
        draw(st.one_of(st.none(), st.integers(0, 500).map(lambda n: first + timedelta(days=n)))),
        draw(st.integers(1, 5)),
        draw(st.sampled_from([None, 1, 2, 3, 4, -1])),
        frozenset(draw(st.sets(st.integers(0, 400).map(lambda n: first + timedelta(days=n)), max_size=5))),
    )


def test_every_tuesday_stays_at_half_past_six_through_both_changes_of_clock() -> None:
    rule = Rule((1,), time(18, 30), time(20), date(2026, 3, 24), date(2026, 4, 7))
    assert [rule.span(day, PARIS)[0] for day in rule.days(date(2027, 1, 1))] == [
        datetime(2026, 3, 24, 17, 30, tzinfo=UTC),
        datetime(2026, 3, 31, 16, 30, tzinfo=UTC),
        datetime(2026, 4, 7, 16, 30, tzinfo=UTC),
    ]
    autumn = Rule((1,), time(18, 30), time(20), date(2026, 10, 20), date(2026, 10, 27))
    assert [rule.hour for rule in (autumn.span(day, PARIS)[0] for day in autumn.days(date(2027, 1, 1)))] == [16, 17]


def test_a_time_that_the_clock_skips_is_the_moment_it_would_have_been() -> None:
    assert moment(local("2026-03-29T02:30"), PARIS) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_is_its_first_occurrence() -> None:
    assert moment(local("2026-10-25T02:30"), PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_same_hour_is_another_moment_in_another_zone() -> None:
    slot = Slot(local("2026-07-01T14:00"), local("2026-07-01T16:00"))
    assert slot.span(PARIS)[0] == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert slot.span(REUNION)[0] == datetime(2026, 7, 1, 10, tzinfo=UTC)


def test_whole_days_go_from_midnight_to_the_midnight_after_the_last_one() -> None:
    slot = Slot(local("2026-03-28T00:00"), local("2026-03-29T00:00"), all_day=True)
    assert slot.span(PARIS) == (datetime(2026, 3, 27, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("nth", "expected"),
    [(1, [date(2026, 5, 2), date(2026, 6, 6)]), (-1, [date(2026, 5, 30), date(2026, 6, 27)])],
)
def test_the_nth_saturday_of_the_month(nth: int, expected: list[date]) -> None:
    assert list(Rule((5,), None, None, date(2026, 5, 1), date(2026, 6, 30), nth=nth).days(date(2027, 1, 1))) == expected


def test_every_other_week_counts_from_the_week_of_the_first_day() -> None:
    rule = Rule((0, 3), None, None, date(2026, 1, 7), date(2026, 1, 31), every=2)
    assert list(rule.days(date(2027, 1, 1))) == [date(2026, 1, 8), date(2026, 1, 19), date(2026, 1, 22)]


@given(rules(), zones)
def test_each_date_of_a_rule_is_on_one_of_its_days_and_ends_after_it_begins(rule: Rule, zone: ZoneInfo) -> None:
    found = list(rule.days(rule.first_on + timedelta(days=400)))
    assert found == sorted(set(found))
    for day in found:
        assert day.weekday() in rule.weekdays
        assert day not in rule.excluded
        assert rule.first_on <= day <= (rule.last_on or day)
        starts, ends = rule.span(day, zone)
        assert timedelta(0) < ends - starts <= timedelta(hours=25)
        if zone is not PARIS:  # No change of clock there: what is typed is what is read.
            assert starts.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, rule.starts or time())


@given(rules(), st.integers(0, 60))
def test_an_exception_takes_away_that_day_and_no_other(rule: Rule, rank: int) -> None:
    until = rule.first_on + timedelta(days=400)
    found = list(rule.days(until))
    if not found:
        return
    gone = found[rank % len(found)]
    without = Rule(
        rule.weekdays, rule.starts, rule.ends, rule.first_on, rule.last_on, rule.every, rule.nth, rule.excluded | {gone}
    )
    assert list(without.days(until)) == [day for day in found if day != gone]


@given(rules())
def test_a_schedule_taken_up_a_year_later_falls_on_the_same_days_of_the_week(rule: Rule) -> None:
    later = shifted(Schedule(rules=(rule,)), 364).rules[0]
    until = rule.first_on + timedelta(days=200)
    if rule.nth is None:
        expected = [day + timedelta(days=364) for day in rule.days(until)]
        assert list(later.days(until + timedelta(days=364))) == expected
    else:
        assert later.first_on == rule.first_on + timedelta(days=364)
