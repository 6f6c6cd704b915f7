"""Telling people: once, by the channels they want, in letters of their own, never what they read or may not see (NTF)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.activity import actions, queries
from maillage.activity.enums import NoticeStatus, Rhythm
from maillage.activity.models import LetterHabit, Notice, Preference, RefusedAddress
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.core.viewer import RoleKind
from maillage.publications.enums import State
from tests.factories.accounts import make_person, viewer
from tests.factories.activity import wishes
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db
PATH = "/gestion/journal/"
NEXT_YEAR = datetime(2031, 1, 1, 12, tzinfo=UTC)


def tell(network, person, event="import:1", kind="import_finished", title="Votre import est terminé", **facts):
    return actions.notify(kind, event=event, title=title, network=network, to=person, **{"url": PATH, **facts})


def tell_later(network, person, event="1", **facts):
    """Of a kind whose messages wait for the letter of the week."""
    return tell(network, person, event, "comment_received", f"Commentaire {event}", **facts)


def send_letters():
    """As the worker does when their hour has come."""
    Notice.objects.waiting().exclude(due_at=None).update(due_at=timezone.now() - timedelta(minutes=1))
    actions.send_letters.enqueue()
    run_waiting()


def subjects():
    return [message.subject for message in mail.outbox]


def statuses(person):
    return {(each.title, each.channel): each.status for each in Notice.objects.filter(user=person)}


def test_what_happened_is_told_once_by_each_channel(network):
    person = make_person(network)
    assert len(tell(network, person)) == 2
    assert tell(network, person) == []
    run_waiting()
    assert [message.subject for message in mail.outbox] == ["Votre import est terminé"]
    assert queries.unread_count(viewer(person, network)) == 1
    assert len(tell(network, person, "import:2")) == 2


def test_what_rolls_back_is_not_told(network):
    person = make_person(network)
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(network, person)
        raise RuntimeError
    run_waiting()
    assert mail.outbox == []
    assert Notice.objects.count() == 0


def test_a_channel_turned_off_stays_silent(client, network):
    person = make_person(network)
    client.force_login(person)
    client.post(reverse("activity:preferences"), wishes(person, **{"mail-import_finished": ""}))
    assert [notice.channel for notice in tell(network, person)] == ["site"]


def test_an_invitation_cannot_be_turned_off(network):
    actions.set_preference(user_id=make_person(network).pk, kind="invitation", channel="mail", wanted=False)
    assert Preference.objects.count() == 0


def test_the_link_at_the_foot_stops_without_signing_in_and_only_on_the_button(network):
    person = make_person(network)
    tell(network, person)
    run_waiting()
    header = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = header[header.index("/avis/") :]
    stranger = Client(enforce_csrf_checks=True)
    stranger.get(path)
    assert Preference.objects.count() == 0
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert [notice.channel for notice in tell(network, person, "import:2")] == ["site"]


def test_notices_are_read_one_by_one_or_all_and_only_ones_own(client, network):
    person, other = make_person(network), make_person(network)
    for event in ("a", "b", "c"):
        tell(network, person, event)
    tell(network, other)
    client.force_login(person)
    address = reverse("activity:notice_list")
    client.post(address, {"notice": str(Notice.objects.filter(user=other, channel="site").get().pk)})
    assert queries.unread_count(viewer(other, network)) == 1
    client.post(address, {"notice": str(Notice.objects.filter(user=person, channel="site").first().pk)})
    assert queries.unread_count(viewer(person, network)) == 2
    client.post(address, {"notice": "all"})
    assert queries.unread_count(viewer(person, network)) == 0


def test_old_notices_are_forgotten(network):
    person = make_person(network)
    tell(network, person)
    Notice.objects.filter(channel="site").update(read_at=timezone.now() - timedelta(days=91))
    actions.forget_old.enqueue()
    run_waiting()
    assert [notice.channel for notice in Notice.objects.all()] == ["mail"]


# --- personal letters -------------------------------------------------------------------------------------------------
def test_what_can_wait_is_told_on_the_site_at_once_and_once_a_week_in_a_letter(network, smtp_server):
    person = make_person(network)
    tell_later(network, person, "a")
    tell_later(network, person, "b")
    run_waiting()
    assert smtp_server.received == []
    assert queries.unread_count(viewer(person, network)) == 2
    send_letters()
    (letter,) = smtp_server.received
    assert letter["Subject"] == f"{network}\N{NO-BREAK SPACE}: 2 nouvelles pour vous"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = letter.get_body(("plain",)).get_content()
    assert "Un commentaire sous un texte que je signe" in text
    assert [line for line in text.splitlines() if line.startswith("- ")] == [
        f"- Commentaire b\N{NO-BREAK SPACE}: http://testserver{PATH}",
        f"- Commentaire a\N{NO-BREAK SPACE}: http://testserver{PATH}",
    ]
    assert statuses(person)[("Commentaire a", "mail")] == NoticeStatus.SENT
    send_letters()
    assert len(smtp_server.received) == 1


def test_what_was_read_on_the_site_is_not_in_the_letter_and_an_empty_letter_does_not_leave(network):
    person = make_person(network)
    tell_later(network, person, "a")
    tell_later(network, person, "b")
    actions.mark_read(by=viewer(person, network), notices=Notice.objects.filter(title="Commentaire a"))
    assert statuses(person)[("Commentaire a", "mail")] == NoticeStatus.CANCELLED
    actions.mark_read(by=viewer(person, network), notices=Notice.objects.all())
    send_letters()
    assert mail.outbox == []


def test_opening_the_page_that_a_notice_leads_to_reads_it_whatever_its_part_and_nobody_elses(client, network):
    person, other = make_person(network), make_person(network)
    for each in (person, other):
        tell_later(network, each, "a", url=f"{PATH}#commentaire-3")
        tell_later(network, each, "b", url="/ailleurs/")
    client.force_login(person)
    assert client.post(reverse("activity:notices_seen"), {"path": PATH}).status_code == 204
    assert statuses(person) == {
        ("Commentaire a", "site"): NoticeStatus.READ,
        ("Commentaire a", "mail"): NoticeStatus.CANCELLED,
        ("Commentaire b", "site"): NoticeStatus.SENT,
        ("Commentaire b", "mail"): NoticeStatus.PENDING,
    }
    assert queries.unread_count(viewer(other, network)) == 2


def test_a_message_alone_is_held_back_by_what_was_read_before_it_left(network):
    person = make_person(network)
    tell(network, person)
    actions.mark_read(by=viewer(person, network), notices=Notice.objects.all())
    run_waiting()
    assert mail.outbox == []
    assert Job.objects.get(task="maillage.core.mail.deliver").arguments == {}


@pytest.mark.parametrize("hidden", [State.SUSPENDED, State.HIDDEN])
def test_what_was_hidden_leaves_neither_a_letter_to_come_nor_one_that_waits(network, hidden):
    person, author = make_person(network), viewer(make_person(network, RoleKind.MEMBER), network)
    shown, moderated = (make_publication(author, title) for title in ("Lu", "Masqué"))
    for text in (shown, moderated):
        tell_later(network, person, text.title, url=text.get_absolute_url(), subject=text)
    letter = actions.write_letter(user=person, network=network, at=NEXT_YEAR)
    type(moderated).objects.filter(pk=moderated.pk).update(state=hidden)
    run_waiting()
    (sent,) = [message for message in mail.outbox if message.to == [person.email]]
    assert ("Commentaire Masqué" in sent.body, "Commentaire Lu" in sent.body) == (False, True)
    assert statuses(person)[("Commentaire Masqué", "mail")] == NoticeStatus.CANCELLED
    assert statuses(person)[("Commentaire Lu", "mail")] == NoticeStatus.SENT
    assert not Notice.objects.filter(letter=letter, status=NoticeStatus.SENT).exists()


def test_a_letter_that_no_server_took_is_written_again_once_it_is_lost_for_good(network):
    person = make_person(network)
    tell_later(network, person)
    first = actions.write_letter(user=person, network=network, at=NEXT_YEAR)
    Job.objects.all().delete()
    for days, letters in ((1, 0), (3, 1)):
        Notice.objects.filter(letter=first).update(due_at=timezone.now() - timedelta(days=days))
        actions.send_letters.enqueue()
        run_waiting()
        assert len(mail.outbox) == letters


def test_what_no_server_takes_is_not_tried_for_ever(network):
    person = make_person(network)
    tell_later(network, person)
    tell(network, person, "alone")
    actions.write_letter(user=person, network=network, at=timezone.now())
    actions.write_letter(user=person, network=network, at=NEXT_YEAR)
    Job.objects.all().delete()
    long_ago = timezone.now() - timedelta(days=15)
    waiting = Notice.objects.waiting()
    waiting.exclude(letter="").update(created_at=long_ago, due_at=long_ago)
    waiting.filter(letter="").update(created_at=long_ago)
    actions.send_letters.enqueue()
    run_waiting()
    assert mail.outbox == []
    assert set(Notice.objects.filter(channel="mail").values_list("status", flat=True)) == {NoticeStatus.FAILED}


def test_the_letter_of_one_that_cannot_be_written_keeps_nobody_from_theirs(network):
    broken, person = make_person(network), make_person(network)
    for each in (broken, person):
        tell_later(network, each)
    User.objects.filter(pk=broken.pk).update(email="pas une adresse")
    send_letters()
    assert [message.to for message in mail.outbox] == [[person.email]]
    assert Job.objects.get(task__endswith="send_letters").error != ""


def test_two_workers_write_one_letter(network):
    person = make_person(network)
    tell_later(network, person)
    assert actions.write_letter(user=person, network=network, at=NEXT_YEAR)
    assert actions.write_letter(user=person, network=network, at=NEXT_YEAR) == ""


def test_a_network_that_wrote_enough_this_hour_goes_on_later(network):
    network.settings = {"mails_per_hour": 2}
    network.save()
    for _each in range(3):
        tell_later(network, make_person(network))
    send_letters()
    assert len(mail.outbox) == 2
    assert Notice.objects.waiting().count() == 1


def test_many_people_are_told_for_the_price_of_a_few_queries(network, django_assert_num_queries):
    people = [make_person(network) for _each in range(30)]
    facts = {"event": "1", "title": "Nouveau", "network": network, "url": PATH}
    actions.notify_all("comment_received", people=people[:1], **facts)  # Content types, once.
    with django_assert_num_queries(4):
        actions.notify_all("comment_received", people=people, **facts)
    assert Notice.objects.filter(channel="site").count() == Notice.objects.waiting().count() == 30
    at_once = people[0]
    actions.set_preference(user_id=at_once.pk, kind="comment_received", channel="mail", wanted=True, rhythm=Rhythm.NOW)
    actions.notify_all("comment_received", people=people[:2], **{**facts, "event": "2"})
    run_waiting()
    assert [message.to for message in mail.outbox] == [[at_once.email]]


# --- when -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rhythm", "habit", "after", "due"),
    [
        (Rhythm.WEEKLY, None, "2026-11-28 10:00", "2026-12-03 09:00"),  # A Saturday: the next Thursday.
        (Rhythm.WEEKLY, None, "2026-12-03 08:59", "2026-12-03 09:00"),
        (Rhythm.WEEKLY, None, "2026-12-03 09:00", "2026-12-10 09:00"),
        (Rhythm.WEEKLY, (1, 7), "2026-11-28 10:00", "2026-11-30 07:00"),
        (Rhythm.DAILY, (1, 7), "2026-11-28 10:00", "2026-11-29 07:00"),
        (Rhythm.DAILY, None, "2026-11-28 08:00", "2026-11-28 09:00"),
        (Rhythm.DAILY, (1, 9), "2026-10-24 10:00", "2026-10-25 09:00"),  # The clock goes back an hour that night.
        (Rhythm.NOW, None, "2026-11-28 10:00", None),
    ],
)
def test_a_letter_leaves_on_its_day_by_the_clock(network, rhythm, habit, after, due):
    def local(text):
        return timezone.make_aware(datetime.fromisoformat(text)) if text else None

    chosen = LetterHabit(weekday=habit[0], hour=habit[1]) if habit else None
    assert queries.next_letter(rhythm, network, chosen, local(after)) == local(due)


def test_one_chooses_for_each_kind_and_the_day_and_hour_of_letters(client, network):
    person = make_person(network)
    tell_later(network, person)
    client.force_login(person)
    address = reverse("activity:preferences")
    sent = wishes(person, weekday="2", hour="18", **{"mail-comment_received": Rhythm.DAILY})
    assert client.post(address, sent).status_code == 302
    assert Preference.objects.get().rhythm == Rhythm.DAILY
    assert (person.letter_habit.weekday, person.letter_habit.hour) == (2, 18)
    (due,) = Notice.objects.waiting().values_list("due_at", flat=True)
    assert timezone.localtime(due).hour == 18
    page = client.get(address)
    assert "avec une nouvelle" in page.content.decode()
    wrong = client.post(address, wishes(person, hour="3"))
    assert (wrong.status_code, list(wrong.context["when"].errors)) == (422, ["hour"])


def test_what_waits_of_a_kind_that_no_app_knows_any_more_keeps_nobody_from_choosing_their_day(client, network):
    person = make_person(network)
    tell_later(network, person)
    Notice.objects.update(kind="gone_with_its_app")
    client.force_login(person)
    assert client.post(reverse("activity:preferences"), wishes(person, weekday="2", hour="18")).status_code == 302
    assert (person.letter_habit.weekday, person.letter_habit.hour) == (2, 18)


def test_turning_a_kind_off_cancels_what_waits(network):
    person = make_person(network)
    tell_later(network, person)
    actions.set_preference(user_id=person.pk, kind="comment_received", channel="mail", wanted=False)
    send_letters()
    assert mail.outbox == []


def test_the_link_of_a_letter_stops_one_kind_or_all_without_signing_in(network):
    person = make_person(network)
    tell_later(network, person)
    tell(network, person, kind="credit_answered", title="Signature")
    send_letters()
    header = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = header[header.index("/avis/") :]
    stranger = Client(enforce_csrf_checks=True)
    offered = {choice.kind for choice in stranger.get(path).context["choices"]}
    assert {"comment_received", "credit_answered"} <= offered
    assert "import_finished" not in offered
    stranger.post(path, {"kind": "credit_answered"})
    assert Preference.objects.get().kind == "credit_answered"
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert set(Preference.objects.values_list("kind", flat=True)) == offered
    again = stranger.post(path, {"List-Unsubscribe": "One-Click"})
    assert (again.status_code, "rien d’autre à arrêter" in again.content.decode()) == (200, True)
    assert [each.channel for each in tell_later(network, person, "2")] == ["site"]


@pytest.mark.parametrize(
    ("hours", "at", "leaves"),
    [
        ((21, 8), "2026-11-28 22:30", "2026-11-29 08:00"),
        ((21, 8), "2026-11-29 07:59", "2026-11-29 08:00"),
        ((21, 8), "2026-11-28 12:00", "2026-11-28 12:00"),
        ((12, 14), "2026-11-28 13:00", "2026-11-28 14:00"),
        ((0, 0), "2026-11-28 03:00", "2026-11-28 03:00"),
    ],
)
def test_quiet_hours_push_what_can_wait_to_their_end(network, hours, at, leaves):
    from maillage.core.mail import after_quiet

    network.settings = {"quiet_from": hours[0], "quiet_until": hours[1]}
    moment, expected = (timezone.make_aware(datetime.fromisoformat(text)) for text in (at, leaves))
    assert after_quiet(network, moment) == expected


def test_only_what_can_be_stopped_waits_for_the_end_of_quiet_hours(network):
    hour = timezone.localtime().hour
    network.settings = {"quiet_from": hour, "quiet_until": (hour + 2) % 24}
    network.save()
    person = make_person(network)
    tell(network, person)
    tell(network, person, kind="trust", title="Confiance")
    run_waiting()
    assert subjects() == ["Confiance"]


def test_after_a_quiet_night_the_hourly_limit_still_holds(network):
    hour = timezone.localtime().hour
    network.settings = {"quiet_from": hour, "quiet_until": (hour + 2) % 24, "mails_per_hour": 10}
    network.save()
    person = make_person(network)
    for number in range(21):
        tell(network, person, f"import:{number}")
    hours = [
        job.run_at.replace(minute=0, second=0, microsecond=0) for job in Job.objects.filter(task__endswith="deliver")
    ]
    first = min(hours)
    assert [hours.count(first + timedelta(hours=later)) for later in range(3)] == [10, 10, 1]


# --- addresses that refuse --------------------------------------------------------------------------------------------
def test_a_refused_address_is_told_to_its_person_and_written_to_no_more_until_they_ask(
    client, network, smtp_server, admin
):
    person = make_person(network, email="refused@exemple.test")
    tell(network, person)
    run_waiting()
    assert statuses(person)[("Votre import est terminé", "mail")] == NoticeStatus.FAILED
    refused = RefusedAddress.objects.get(user=person)
    assert refused.detail == "550 unknown"
    assert Notice.objects.filter(user=person, kind="mail_refused", channel="site").count() == 1
    assert [each.channel for each in tell(network, person, "import:2")] == ["site"]
    client.force_login(person)
    assert "refuse" in client.get(reverse("activity:preferences")).content.decode()
    client.force_login(admin)
    assert "550 unknown" in client.get(reverse("activity:refused_list")).content.decode()
    assert "refuse les messages" in client.get(reverse("people:person_detail", args=[person.pk])).content.decode()
    client.force_login(person)
    client.post(reverse("activity:address_retry"))
    assert {each.channel for each in tell(network, person, "import:3")} == {"site", "mail"}


def test_another_address_receives_again(network):
    person = make_person(network)
    actions.note_refusal(address=person.email.upper(), detail="550")
    assert [each.channel for each in tell(network, person)] == ["site"]
    User.objects.filter(pk=person.pk).update(email="neuve@exemple.test")
    person.refresh_from_db()
    assert {each.channel for each in tell(network, person, "import:2")} == {"site", "mail"}
