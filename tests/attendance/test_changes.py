"""What the agenda changes is told once to each who registered: cancelled, put off, moved, taken away, back again."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from maillage.agenda.actions import (
    change_timing,
    hide_event,
    publish_event,
    remove_timing,
    tell_status,
    update_event,
)
from maillage.agenda.actions.pairing import keep_one
from maillage.agenda.models import Event, Timing
from maillage.attendance import actions
from maillage.attendance.enums import Standing
from maillage.attendance.models import Registration, Session
from maillage.attendance.queries.standing import date_of
from maillage.core.errors import Refused
from maillage.core.models import Job, JobStatus
from tests.factories.agenda import make_event
from tests.factories.attendance import again, ask, come, later, mails, move_date, subjects

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(world):
    """Lise comes, Max waits, and someone never confirmed."""
    world.lise, world.max = come(world, places=2), come(world, "max@exemple.test")
    ask(world, "jamais@exemple.test")
    return world


def tell() -> None:
    """The jobs that wait to tell are done, whatever their hour."""
    waiting = Job.objects.filter(task=actions.tell_changes.name, status=JobStatus.WAITING)
    for job in waiting:
        actions.tell_changes.function(job, **job.arguments)
    waiting.update(status=JobStatus.DONE)


def news(to: str) -> list[str]:
    """What was told beyond what answers what they asked."""
    kept = ("Confirmez", "Inscription confirmée", "Liste d'attente")
    return [subject for subject in subjects(to) if not subject.startswith(kept)]


def status(world, value, note=""):
    tell_status(by=world.nadia, event=world.event, status=value, note=note)


def test_a_cancelled_event_is_told_once_to_who_comes_and_who_waits(registered):
    status(registered, "cancelled", "La pluie.")
    tell()
    status(registered, "cancelled", "La pluie, vraiment.")
    tell()
    assert news("lise") == news("max") == ["Annulé : « Nuit des étoiles »"]
    assert "La pluie." in mails("lise")[-1].text
    assert news("jamais") == []
    with pytest.raises(Refused):
        ask(registered, "eva@exemple.test")


def test_what_is_put_back_before_it_was_told_is_told_to_nobody(registered):
    status(registered, "cancelled")
    status(registered, "scheduled")
    tell()
    assert news("lise") == []


def test_what_is_back_is_told_once_and_registrations_stand(registered):
    status(registered, "cancelled")
    tell()
    status(registered, "scheduled")
    tell()
    tell()
    assert news("lise") == ["Annulé : « Nuit des étoiles »", "Finalement maintenu : « Nuit des étoiles »"]
    assert again(registered.lise).state == "confirmed"


def test_an_event_put_off_is_told_then_its_new_date(registered):
    status(registered, "postponed")
    tell()
    timing = registered.session.timing
    length = timing.ends_at - timing.starts_at
    later = timing.starts_at + timedelta(days=20)
    change_timing(by=registered.team, timing=timing, starts_at=later, ends_at=later + length)
    status(registered, "rescheduled")
    tell()
    assert news("lise") == ["Reporté : « Nuit des étoiles »", "Finalement maintenu : « Nuit des étoiles »"]
    assert again(registered.session).starts_at == later


def test_a_date_that_moves_is_told_with_the_new_one_and_the_calendar(registered):
    timing = registered.session.timing
    starts = datetime.combine(timezone.localdate() + timedelta(days=8), time(9), tzinfo=registered.event.tz)
    change_timing(by=registered.team, timing=timing, starts_at=starts, ends_at=starts + timedelta(hours=1))
    tell()
    tell()
    assert news("lise") == news("max") == ["La date a changé : « Nuit des étoiles »"]
    mail = mails("lise")[-1]
    assert "de 9\u00a0h à 10\u00a0h" in mail.text
    assert f"/agenda/{registered.event.slug}/evenement.ics" in mail.text


def test_one_date_cancelled_is_told_to_its_own_alone(registered):
    come(registered, "eva@exemple.test", session=registered.other)
    change_timing(by=registered.nadia, timing=registered.session.timing, is_cancelled=True)
    tell()
    assert news("lise") == ["Annulé : « Nuit des étoiles »"]
    assert news("eva") == []
    assert date_of(again(registered.session)).standing == Standing.OFF


def test_a_date_taken_away_closes_its_registrations_and_says_why(registered):
    remove_timing(by=registered.team, timing=registered.session.timing)
    tell()
    tell()
    assert news("lise") == news("max") == ["Date retirée : « Nuit des étoiles »"]
    assert date_of(again(registered.session)).standing == Standing.GONE
    with pytest.raises(Refused, match="retirée"):
        ask(registered, "eva@exemple.test")


def test_a_date_given_again_takes_its_people_back(registered):
    timing = registered.session.timing
    moments = {"starts_at": timing.starts_at, "ends_at": timing.ends_at, "day": timing.day}
    remove_timing(by=registered.team, timing=timing)
    type(timing).objects.create(event=registered.event, **moments)
    actions.follow_event(keys=[registered.event.pk])
    tell()
    assert news("lise") == []
    assert Session.objects.filter(opening=registered.opening).count() == 2


def test_a_new_date_takes_registrations_as_the_others(world):
    day = timezone.localdate() + timedelta(days=21)
    starts = datetime.combine(day, time(18), tzinfo=world.event.tz)
    world.event.timings.create(day=day, starts_at=starts, ends_at=starts + timedelta(hours=1))
    actions.follow_event(keys=[world.event.pk])
    assert world.opening.sessions.count() == 3


def test_of_a_hidden_event_nothing_is_told_until_it_is_back(registered):
    hide_event(by=registered.team, event=registered.event)
    type(registered.event).objects.filter(pk=registered.event.pk).update(status="cancelled")
    tell()
    assert news("lise") == []
    publish_event(by=registered.team, event=again(registered.event))
    tell()
    assert news("lise") == ["Annulé : « Nuit des étoiles »"]


def test_an_event_whose_row_goes_is_told(registered):
    registered.event.delete()
    assert news("lise") == ["Événement retiré : « Nuit des étoiles »"]
    assert news("jamais") == []


def test_who_registers_for_the_whole_is_told_when_its_frame_moves(world):
    actions.set_opening(by=world.team, event=world.event, fields={"per_date": False, "capacity": 4})
    whole = Session.objects.get(opening=world.opening)
    come(world, session=whole)
    change_timing(by=world.nadia, timing=world.event.timings.last(), note="salle B")
    tell()
    assert news("lise") == []
    change_timing(by=world.nadia, timing=world.event.timings.last(), is_cancelled=True)
    tell()
    assert news("lise") == ["La date a changé : « Nuit des étoiles »"]


def test_of_an_event_that_was_there_twice_one_learns_where_the_other_page_is(registered):
    kept = make_event(registered.network, "Nuit des étoiles à Mende", by=registered.team)
    keep_one(by=registered.team, kept=kept, other=Event.objects.get(pk=registered.event.pk))
    tell()
    tell()
    assert news("lise") == news("max") == ["Une autre page pour « Nuit des étoiles »"]
    assert kept.get_absolute_url() in mails("lise")[-1].text


def test_another_place_is_told_as_such(registered):
    update_event(
        by=registered.team, event=Event.objects.get(pk=registered.event.pk), values={"address": "12 rue du Four"}
    )
    tell()
    assert news("lise") == ["Le lieu a changé : « Nuit des étoiles »"]


def test_who_registered_for_what_was_put_off_is_known_until_its_new_date(registered):
    status(registered, "postponed")
    move_date(registered.session, later(days=-90))
    actions.forget_registrants.function(Job())
    assert again(registered.lise).email == "lise@exemple.test"

    move_date(registered.session, later(days=-400))
    actions.forget_registrants.function(Job())
    assert (again(registered.lise).email, again(registered.lise).state) == ("", "cancelled")


def test_a_date_that_moves_is_called_to_mind_again(registered):
    Registration.objects.filter(pk=registered.lise.pk).update(reminded_at=timezone.now())
    timing = registered.session.timing
    Timing.objects.filter(pk=timing.pk).update(starts_at=later(days=20), ends_at=later(days=20, hours=2))
    actions.follow_event(keys=[registered.event.pk])
    assert again(registered.lise).reminded_at is None
