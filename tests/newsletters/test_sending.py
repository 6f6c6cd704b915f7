"""A letter is written once to each reader, whatever stops, refuses or goes down meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.activity.models import Notice
from maillage.core import mail
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.core.signals import address_refused
from maillage.newsletters.actions import composing, minding, sending, subscribing
from maillage.newsletters.models import Delivery, Letter, Subscription
from maillage.newsletters.queries.checks import review
from maillage.newsletters.queries.figures import progress_of
from maillage.publications.actions import hide_publication
from tests.factories.newsletters import make_letter, make_subscription
from tests.factories.publications import make_publication
from tests.support.at_once import queued
from tests.support.smtp import received, text_of


def test_a_sending_that_is_killed_anywhere_goes_on_and_writes_nothing_twice(world, smtp_server, monkeypatch):
    letter = make_letter(world.team, "Lettre", make_publication(world.team))
    names = [f"lectrice{n}@exemple.test" for n in range(6)]
    for name in names:
        make_subscription(world.network, name)
    sending.send_letter_now(by=world.team, letter=letter)

    class Killed(BaseException):
        pass

    for point in (1, 3):

        def cut(done, total, point=point):
            if done == point:
                raise Killed

        with pytest.raises(Killed):
            sending.send_planned(Letter.objects.get(), told=cut)
    assert progress_of(letter).sent == 3
    # In the middle of one: neither the row nor its message are written.
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Delivery, "save", lambda self, **kwargs: (_ for _ in ()).throw(Killed))
        sending.send_planned(Letter.objects.get())
    assert (progress_of(letter).sent, Job.objects.filter(task=mail.deliver.name).count()) == (3, 3)
    run_waiting()
    assert received(smtp_server) == names
    run_waiting()
    sending.send_planned(Letter.objects.get())
    assert len(smtp_server.received) == 6


def test_the_hour_of_the_network_is_kept_and_a_stop_really_stops(world, smtp_server):
    world.network.settings["mails_per_hour"] = 10
    world.network.save()
    letter = make_letter(world.team, "Lettre", make_publication(world.team))
    for n in range(13):
        make_subscription(world.network, f"l{n:02}@exemple.test")
    sending.send_letter_now(by=world.team, letter=letter)
    run_waiting()
    assert len(smtp_server.received) == 10
    letter = sending.stop_letter(by=world.team, letter=letter)
    Job.objects.update(run_at=timezone.now() - timedelta(hours=2))
    run_waiting()
    assert len(smtp_server.received) == 10
    sending.resume_letter(by=world.team, letter=letter)
    run_waiting()
    assert len(set(received(smtp_server))) == len(smtp_server.received) == 13
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_who_leaves_while_the_message_waits_in_the_queue_does_not_receive_it(world, smtp_server):
    article = make_publication(world.team)
    letter = make_letter(world.team, "Lettre", article)
    lise, omar, ida, noe = (
        make_subscription(world.network, f"{n}@exemple.test") for n in ("lise", "omar", "ida", "noe")
    )
    sending.send_letter_now(by=world.team, letter=letter)
    sending.send_planned(letter)
    assert Job.objects.filter(task=mail.deliver.name, status="waiting").count() == 4
    subscribing.stop_subscription(subscription=lise)
    subscribing.erase_address(subscription=omar)
    address_refused.send(sender=None, address=ida.email)
    run_waiting()
    assert received(smtp_server) == [noe.email]
    assert sorted(Delivery.objects.exclude(skipped="").values_list("skipped", flat=True)) == [
        "failed",
        "stopped",
        "stopped",
    ]


def test_a_message_that_would_wait_for_the_end_of_the_quiet_hours_is_written_then(world, smtp_server):
    letter = make_letter(world.team, "Lettre", make_publication(world.team))
    make_subscription(world.network)
    hour = timezone.localtime().hour
    world.network.settings.update(quiet_from=hour, quiet_until=(hour + 2) % 24)
    world.network.save()
    sending.send_letter_now(by=world.team, letter=letter)
    run_waiting()
    assert Job.objects.filter(task=mail.deliver.name).count() == 0
    [waiting] = Job.objects.filter(task=sending.send_letter.name, status="waiting")
    assert waiting.run_at > timezone.now() + timedelta(minutes=55)
    world.network.settings.update(quiet_from=0, quiet_until=0)
    world.network.save()
    Job.objects.filter(pk=waiting.pk).update(run_at=timezone.now())
    run_waiting()
    assert len(smtp_server.received) == 1


def test_messages_that_no_server_took_leave_once_it_answers_again(world, smtp_server):
    letter = make_letter(world.team, "Lettre", make_publication(world.team))
    for name in ("lise", "omar"):
        make_subscription(world.network, f"{name}@exemple.test")
    sending.send_letter_now(by=world.team, letter=letter)
    sending.send_planned(letter)
    deliveries = Job.objects.filter(task=mail.deliver.name)
    deliveries.update(status="failed")  # Ten times in vain, for hours.
    minding.send_again.enqueue()
    run_waiting()
    assert received(smtp_server) == ["lise@exemple.test", "omar@exemple.test"]
    assert (Letter.objects.get().state, progress_of(letter).sent) == ("sent", 2)
    minding.send_again.enqueue()
    run_waiting()
    assert len(smtp_server.received) == 2
    # What is older than a week is news no more.
    Letter.objects.update(started_at=timezone.now() - timedelta(days=8))
    deliveries.update(status="failed")
    minding.send_again.enqueue()
    run_waiting()
    assert len(smtp_server.received) == 2


def test_a_message_that_was_leaving_when_its_letter_was_stopped_leaves_when_it_goes_on(world, smtp_server):
    letter = make_letter(world.team, "Lettre", make_publication(world.team))
    for name in ("lise", "omar"):
        make_subscription(world.network, f"{name}@exemple.test")
    sending.send_letter_now(by=world.team, letter=letter)
    sending.send_planned(letter)
    message = Job.objects.filter(pk=Job.objects.filter(task=mail.deliver.name).earliest("pk").pk)
    message.update(status="running")  # A worker has it: stopping does not take it out of the queue.
    letter = sending.stop_letter(by=world.team, letter=letter)
    message.update(status="waiting")  # No server took it: it comes back, and finds its letter stopped.
    run_waiting()
    assert smtp_server.received == []
    sending.resume_letter(by=world.team, letter=letter)
    run_waiting()
    assert received(smtp_server) == ["lise@exemple.test", "omar@exemple.test"]
    assert (Letter.objects.get().state, progress_of(letter).sent) == ("sent", 2)


def test_what_is_hidden_while_the_message_waits_in_the_queue_does_not_leave(world, smtp_server):
    kept, hidden = make_publication(world.team, "Un texte gardé"), make_publication(world.team, "Un texte caché")
    letter = make_letter(world.team, "Lettre", kept, hidden)
    make_subscription(world.network)
    sending.send_letter_now(by=world.team, letter=letter)
    sending.send_planned(letter)
    assert Letter.objects.get().state == "sent"  # Handed to the queue, not yet to the server.
    assert (progress_of(letter).gone, progress_of(letter).waiting) == (0, 1)
    letter = sending.stop_letter(by=world.team, letter=letter)  # Can be stopped as long as it did not leave.
    run_waiting()
    assert smtp_server.received == []
    sending.resume_letter(by=world.team, letter=letter)
    sending.send_planned(Letter.objects.get())
    hide_publication(by=world.team, publication=hidden, reason="")
    run_waiting()
    [message] = smtp_server.received
    assert "Un texte gardé" in text_of(message)
    assert "Un texte caché" not in text_of(message)
    assert (Letter.objects.get().state, progress_of(letter).sent) == ("sent", 1)


def test_a_refusal_of_the_server_is_seen_on_the_letter_and_the_next_one_does_not_go(world, smtp_server):
    first = make_letter(world.team, "Première", make_publication(world.team))
    make_subscription(world.network, "refused@exemple.test")
    make_subscription(world.network)
    sending.send_letter_now(by=world.team, letter=first)
    run_waiting()
    assert (progress_of(first).sent, progress_of(first).refused) == (2, 1)
    assert Subscription.objects.get(state="failed").failure == "550 unknown"
    second = make_letter(world.team, "Seconde", make_publication(world.team, "Autre"))
    assert review(second).recipients == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_send_once():
    from tests.factories.newsletters import make_letter_world

    world = make_letter_world("ensemble.test")
    letter = make_letter(world.team, "Lettre", make_publication(world.team))
    make_subscription(world.network)
    send = [lambda by=by: sending.send_letter_now(by=by, letter=letter) for by in (world.team, world.admin)]
    found = queued(letter, *send)
    assert sorted(type(each).__name__ for each in found) == ["Letter", "Refused"]
    assert Delivery.objects.count() == 1
    play = [lambda: sending.send_planned(Letter.objects.get(pk=letter.pk)) for _worker in range(2)]
    queued(letter, *play)
    assert Job.objects.filter(task=mail.deliver.name).count() == 1


def test_a_letter_leaves_at_its_moment_or_goes_back_to_its_author(world, smtp_server):
    article = make_publication(world.team)
    letter = make_letter(world.team, "Lettre", article)
    make_subscription(world.network)
    at = timezone.now() + timedelta(days=1)
    letter = sending.schedule_letter(by=world.team, letter=letter, at=at)
    with pytest.raises(Refused):
        composing.change_letter(by=world.team, letter=letter, values={"subject": "Autre"})
    run_waiting()
    assert smtp_server.received == []
    letter = sending.unschedule_letter(by=world.team, letter=letter)
    Job.objects.update(run_at=timezone.now())
    run_waiting()
    assert Letter.objects.get().state == "draft"
    for hidden in (False, True):
        letter = sending.schedule_letter(by=world.team, letter=Letter.objects.get(state="draft"), at=at)
        if hidden:
            hide_publication(by=world.team, publication=article, reason="")
        past = timezone.now() - timedelta(minutes=1)
        Letter.objects.filter(pk=letter.pk).update(scheduled_at=past)
        Job.objects.filter(task=sending.begin_scheduled.name, status="waiting").update(run_at=past)
        run_waiting()
        letter.refresh_from_db()
        assert letter.state == ("draft" if hidden else "sent")
        if not hidden:
            letter = make_letter(world.team, "Suivante", article)
    assert len(smtp_server.received) == 1
    assert Notice.objects.filter(kind="letter_sent", title__contains="n'a pas pu partir").count() == 1
