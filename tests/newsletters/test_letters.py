"""A letter from its draft to the readers: composed of what is public, checked, sent once to each, stopped, read on the web."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from maillage.activity.models import Entry, Notice
from maillage.core import mail
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.core.seen import mark
from maillage.core.signals import address_refused
from maillage.core.viewer import RoleKind
from maillage.directory.actions.merging import merge
from maillage.newsletters.actions import composing, minding, sending, subscribing
from maillage.newsletters.models import Delivery, Letter, Subscription
from maillage.newsletters.queries.candidates import Asked, default_since, shelves
from maillage.newsletters.queries.checks import review
from maillage.newsletters.queries.figures import progress_of
from maillage.newsletters.queries.reading import Item, Part, arranged
from maillage.publications.actions import hide_publication
from maillage.search.queries import matching_ids
from tests.factories.agenda import make_event
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.newsletters import make_letter, make_subscription
from tests.factories.publications import make_person, make_publication
from tests.support.at_once import queued


def text_of(message, kind="plain"):
    return message.get_body((kind,)).get_content()


def received(sink):
    return sorted(message["To"] for message in sink.received)


def test_a_draft_becomes_messages_and_a_page_and_one_post_of_the_header_stops_them(world, smtp_server, client):
    article = make_publication(world.team, "Ce que disent les lucioles")
    event = make_event(world.network, "Nuit des étoiles")
    actor = make_actor(world.network, "Muséum d'ici", summary="Il raconte la vie.")
    letter = make_letter(world.team, "Novembre : lucioles & étoiles", article, event, actor)
    block = letter.blocks.get(publication=article)
    composing.change_words(by=world.team, letter=letter, values={block.pk: "Elles <b>clignotent</b>."})
    for name in ("lise", "omar"):
        make_subscription(world.network, f"{name}@exemple.test")
    make_subscription(world.network, "pasencore@exemple.test", state="pending")

    sending.send_letter_now(by=world.team, letter=letter, read=review(letter).print)
    assert smtp_server.received == []
    run_waiting()

    assert received(smtp_server) == ["lise@exemple.test", "omar@exemple.test"]
    message = smtp_server.received[0]
    assert message["Subject"] == "Novembre : lucioles & étoiles"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html, text = text_of(message, "html"), text_of(message)
    assert "Elles &lt;b&gt;clignotent&lt;/b&gt;." in html
    assert "Elles <b>clignotent</b>." in text
    for words in ("Ce que disent les lucioles", "Nuit des étoiles", "Il raconte la vie.", "Montpellier"):
        assert words in text
    assert 'lang="fr"' in html
    assert "<img" not in html  # Neither picture to load nor pixel that tells who opened it.
    inside = {link for link in re.findall(r'href="([^"]+)"', html) if not link.startswith("http://testserver")}
    assert inside == set()  # Every link says where it leads.
    online = re.search(r"http://testserver(/lettre/archives/\S+)", text)[1]
    page = Client().get(online)
    assert (page.status_code, "Elles &lt;b&gt;" in page.content.decode()) == (200, True)

    stop = re.fullmatch(r"<http://testserver(/lettre/desabonnement/\S+)>", message["List-Unsubscribe"].strip())[1]
    outside = Client(enforce_csrf_checks=True)
    assert outside.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    letter.refresh_from_db()
    assert (letter.state, letter.sent_count) == ("sent", 2)
    assert Subscription.objects.writable().count() == 1
    assert Notice.objects.filter(kind="letter_sent", user=world.team.user).count() == 1
    assert "@" not in "".join(
        f"{entry.label}{entry.details}" for entry in Entry.objects.filter(verb__startswith="letter")
    )


def test_the_archive_holds_what_left_and_only_what_is_still_public(world, client):
    article = make_publication(world.team, "Un texte à retirer")
    letter = make_letter(world.team, "Lettre d'essai", article)
    draft = make_letter(world.team, "Brouillon secret")
    make_subscription(world.network)
    sending.send_letter_now(by=world.team, letter=letter)
    for address in (reverse("newsletters:letter_archive"), reverse("newsletters:letter_feed"), "/plan/lettres-1.xml"):
        page = (
            client.get(address)
            if "plan" not in address
            else client.get(reverse("directory:sitemap_part", kwargs={"part": "lettres-1"}))
        )
        text = page.content.decode()
        assert letter.slug in text
        assert draft.slug not in text
        assert "Brouillon" not in text
    assert client.get(reverse("newsletters:letter_show", args=[draft.slug])).status_code == 404
    page = client.get(letter.get_absolute_url()).content.decode()
    assert f'<link rel="canonical" href="http://testserver{letter.get_absolute_url()}">' in page
    assert "Un texte à retirer" in page
    found = matching_ids(world.network, "letter", "bonjour essai", public=True)
    assert [*found.ids, *found.others] == [letter.pk]
    hide_publication(by=world.team, publication=article, reason="")
    assert "Un texte à retirer" not in client.get(letter.get_absolute_url()).content.decode()


def test_what_was_hidden_after_composing_does_not_leave(world, smtp_server):
    kept, hidden = make_publication(world.team, "Un texte gardé"), make_publication(world.team, "Un texte caché")
    past = make_publication(world.team, "Une annonce passée", kind="announcement", closes_on=timezone.localdate())
    gone = make_event(world.network, "Un soir annulé")
    letter = make_letter(world.team, "Lettre", kept, hidden, past, gone)
    make_subscription(world.network)
    hide_publication(by=world.team, publication=hidden, reason="")
    type(past).objects.filter(pk=past.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    type(gone).objects.filter(pk=gone.pk).update(status="cancelled")
    found = review(letter)
    assert len(found.warnings) == 3
    assert found.stops == []
    sending.send_letter_now(by=world.team, letter=letter)
    run_waiting()
    text = text_of(smtp_server.received[0])
    assert "Un texte gardé" in text
    assert not {"Un texte caché", "Une annonce passée", "Un soir annulé"} & set(text.split("\n"))
    assert "caché" not in text_of(smtp_server.received[0], "html")


def test_a_letter_is_checked_before_it_leaves(world):
    letter = make_letter(world.team, "Lettre")
    assert len(review(letter).stops) == 2  # Nothing to say, nobody to tell.
    with pytest.raises(Refused):
        sending.send_letter_now(by=world.team, letter=letter)
    make_subscription(world.network)
    article = make_publication(world.team, "Un texte")
    text = (
        f'<p><a href="{article.get_absolute_url()}">ici</a> <a href="/articles/rien/">là</a> '
        '<a href="https://testserver/agenda/nul/">là</a> <a href="https://ailleurs.test/x">loin</a></p>'
    )
    composing.add_block(by=world.team, letter=letter, text=text)
    found = review(letter)
    assert found.stops == []
    assert [each for each in found.warnings if "lien" in each] == [
        "Le lien /articles/rien/ ne mène à aucune page publique.",
        "Le lien https://testserver/agenda/nul/ ne mène à aucune page publique.",
    ]
    read = found.print
    composing.add_contents(by=world.team, letter=letter, chosen=[("À la une", "publication", article.pk)])
    with pytest.raises(Conflict):
        sending.send_letter_now(by=world.team, letter=letter, read=read)


@pytest.mark.parametrize("subject", ["Bonjour\r\nBcc: autre@exemple.test", "Bonjour\nà tous", "Bonjour\u202eà tous"])
def test_a_subject_is_one_line_that_forges_no_header(world, subject):
    with pytest.raises(ValidationError):
        composing.create_letter(by=world.team, subject=subject)


def test_what_is_typed_is_inert(world, smtp_server):
    make_subscription(world.network)
    article = make_publication(world.team, "<img src=x onerror=alert(1)>")
    letter = make_letter(world.team, "<script>alert(1)</script>", article)
    block = letter.blocks.get(publication=article)
    composing.change_words(by=world.team, letter=letter, values={block.pk: "<svg onload=alert(1)>\r\nX: y"})
    composing.add_block(by=world.team, letter=letter, text='<p onclick="x()">Mot<script>x</script></p>')
    sending.send_letter_now(by=world.team, letter=letter)
    run_waiting()
    html = text_of(smtp_server.received[0], "html")
    assert smtp_server.received[0]["Subject"] == "<script>alert(1)</script>"
    assert not re.search(r"<script|<svg|<img|onclick", html)
    assert letter.blocks.get(publication=article).words == "<svg onload=alert(1)> X: y"


# --- each once


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


# --- composing


def test_candidates_are_recent_and_public_with_what_the_last_letter_told(world):
    gard = make_commune("30189", "Nîmes")
    theme = make_term("theme", "astronomie", label="Astronomie")
    told = make_publication(world.team, "Déjà dit")
    fresh = make_publication(world.team, "Tout frais", terms=[theme], places=[gard])
    make_publication(world.team, "Brouillon", state="draft")
    job = make_publication(world.team, "Un poste", kind="announcement")
    here, far = make_event(world.network, "Ici", commune=gard), make_event(world.network, "Là-bas")
    type(fresh).objects.filter(pk=fresh.pk).update(featured_at=timezone.now())
    first = make_letter(world.team, "Première", told)
    make_subscription(world.network)
    sending.send_letter_now(by=world.team, letter=first)
    letter = make_letter(world.team, "Seconde", here)
    today = timezone.localdate()
    assert default_since(letter) == today
    asked = Asked(since=today - timedelta(days=30), until=today + timedelta(days=30))
    front, agenda, announcements = shelves(letter, asked)
    assert [(each.title, each.is_featured, each.was_told) for each in front.candidates] == [
        ("Tout frais", True, False), ("Déjà dit", False, True),
    ]  # fmt: skip
    assert {(each.pk, each.is_there) for each in agenda.candidates} == {(here.pk, True), (far.pk, False)}
    assert [each.pk for each in announcements.candidates] == [job.pk]
    narrowed = shelves(letter, Asked(asked.since, asked.until, department="30"))
    assert [[each.title for each in shelf.candidates] for shelf in narrowed] == [["Tout frais"], ["Ici"], []]
    narrowed = shelves(letter, Asked(asked.since, asked.until, theme=theme.pk))
    assert [[each.title for each in shelf.candidates] for shelf in narrowed] == [["Tout frais"], [], []]


def test_contents_go_into_their_parts_once_and_are_moved_and_removed(world):
    texts = [make_publication(world.team, f"Texte {n}") for n in range(3)]
    event = make_event(world.network)
    letter = make_letter(world.team, "Lettre")
    chosen = [
        ("À la une", "publication", texts[0].pk),
        ("Agenda", "event", event.pk),
        ("À la une", "publication", texts[1].pk),
    ]
    assert composing.add_contents(by=world.team, letter=letter, chosen=chosen) == 3
    assert composing.add_contents(by=world.team, letter=letter, chosen=chosen) == 0
    foreign = make_publication(make_person(make_network("Ailleurs"), "Zoé Lenoir", RoleKind.ANIMATOR))
    assert composing.add_contents(by=world.team, letter=letter, chosen=[("Agenda", "publication", foreign.pk)]) == 0
    composing.add_contents(by=world.team, letter=letter, chosen=[("À la une", "publication", texts[2].pk)])
    names = [str(block) for block in letter.blocks.all()]
    assert names == ["À la une", "Texte 0", "Texte 1", "Texte 2", "Agenda", "Nuit des étoiles"]
    composing.move_block(by=world.team, block=letter.blocks.get(publication=texts[2]), up=True)
    composing.remove_block(by=world.team, block=letter.blocks.get(publication=texts[0]))
    assert [str(block) for block in letter.blocks.all()][:3] == ["À la une", "Texte 2", "Texte 1"]


def test_two_who_write_the_same_sentence_are_told_and_nothing_is_lost(world, client):
    letter = make_letter(world.team, "Lettre", make_publication(world.team))
    block = letter.blocks.get(kind="publication")
    seen = {block.pk: mark("")}
    composing.change_words(by=world.team, letter=letter, values={block.pk: "La première."}, seen=seen)
    client.force_login(world.admin.user)
    address = reverse("newsletters:letter_work", args=[letter.pk])
    sent = {f"mot-{block.pk}": "La seconde.", f"vu-{block.pk}": seen[block.pk], "acte": "enregistrer"}
    answer = client.post(address, sent)
    assert answer.status_code == 409
    assert "La seconde." in answer.content.decode()
    block.refresh_from_db()
    assert block.words == "La première."


@given(
    st.lists(st.one_of(st.none(), st.tuples(st.frozensets(st.integers(1, 3)), st.frozensets(st.sampled_from("ab"))))),
    st.frozensets(st.integers(1, 3)),
    st.frozensets(st.sampled_from("ab")),
)
def test_a_reader_receives_all_of_the_letter_their_choices_first(made, themes, departments):
    """Whatever was chosen, nothing is lost nor added; texts keep their rank; between two texts, what answers more comes before."""
    items = [
        Item(n, "text") if each is None else Item(n, "publication", terms=each[0], departments=each[1])
        for n, each in enumerate(made)
    ]
    [part] = arranged([Part("Partie", items)], themes, departments)
    assert sorted(item.block for item in part.items) == [item.block for item in items]
    assert [n for n, item in enumerate(part.items) if item.is_text] == [
        n for n, item in enumerate(items) if item.is_text
    ]
    for one, two in zip(part.items, part.items[1:], strict=False):
        if not (one.is_text or two.is_text):
            ranks = [bool(each.terms & themes) + bool(each.departments & departments) for each in (one, two)]
            assert ranks[0] > ranks[1] or (ranks[0] == ranks[1] and one.block < two.block)


def test_each_reader_has_their_order_in_the_message(world, smtp_server):
    theme = make_term("theme", "astronomie", label="Astronomie")
    plain, starry = (
        make_publication(world.team, "Des lucioles"),
        make_publication(world.team, "Des étoiles", terms=[theme]),
    )
    letter = make_letter(world.team, "Lettre", plain, starry)
    make_subscription(world.network, "a@exemple.test")
    make_subscription(world.network, "b@exemple.test").themes.add(theme)
    sending.send_letter_now(by=world.team, letter=letter)
    run_waiting()
    orders = {
        message["To"]: text_of(message).index("Des lucioles") < text_of(message).index("Des étoiles")
        for message in smtp_server.received
    }
    assert orders == {"a@exemple.test": True, "b@exemple.test": False}


# --- time, trials, addresses


def test_who_received_what_is_forgotten_after_thirteen_months_and_how_many_is_not(world):
    letter = make_letter(world.team, "Lettre", make_publication(world.team))
    for n in range(3):
        make_subscription(world.network, f"l{n}@exemple.test")
    sending.send_letter_now(by=world.team, letter=letter)
    run_waiting()
    Letter.objects.update(finished_at=datetime(2020, 1, 1, tzinfo=UTC))
    minding.forget_deliveries()
    letter.refresh_from_db()
    assert (Delivery.objects.count(), progress_of(letter).sent) == (0, 3)


def test_a_trial_goes_to_the_team_alone_and_says_that_it_is_one(world, smtp_server, client):
    letter = make_letter(world.team, "Lettre", make_publication(world.team))
    client.force_login(world.team.user)
    address = reverse("newsletters:letter_trial", args=[letter.pk])
    client.post(address, {"to": [str(world.team.user.pk), str(world.admin.user.pk)]})
    client.post(address, {"to": [str(world.nadia.user.pk)]})
    run_waiting()
    assert received(smtp_server) == sorted([world.team.user.email, world.admin.user.email])
    assert {message["Subject"] for message in smtp_server.received} == {"[Essai] Lettre"}
    assert smtp_server.received[0]["List-Unsubscribe"] is None
    assert not Delivery.objects.exists()


def test_addresses_are_read_by_administrators_alone_and_their_export_is_journaled(world, client):
    make_subscription(world.network, "=cmd@exemple.test")
    refused = make_subscription(world.network, "morte@exemple.test")
    address_refused.send(sender=None, address=refused.email)
    shown = {}
    for by in (world.team, world.admin):
        client.force_login(by.user)
        shown[by] = client.get(reverse("newsletters:subscriber_list")).content.decode()
    assert ("morte@" in shown[world.team], "m…@exemple.test" in shown[world.team]) == (False, True)
    assert "morte@exemple.test" in shown[world.admin]
    page = client.post(reverse("newsletters:subscriber_list"), {"adresse": "MORTE@exemple.test"}).content.decode()
    assert "Adresse refusée" in page
    assert "pas connue" in client.post(reverse("newsletters:subscriber_list"), {"adresse": "morte"}).content.decode()
    file = b"".join(client.post(reverse("newsletters:subscriber_export")).streaming_content).decode()
    assert "'=cmd@exemple.test" in file
    assert "morte@" not in file
    entry = Entry.objects.get(verb="subscribers.export")
    assert (entry.user, entry.details) == (world.admin.user, {"count": 1})
    client.force_login(world.team.user)
    assert client.post(reverse("newsletters:subscriber_export")).status_code == 403


def test_pages_cost_the_same_for_one_and_three(world, client, django_assert_max_num_queries):
    client.force_login(world.team.user)
    costs: dict[str, list[int]] = {}
    for round_ in range(3):
        contents = [make_publication(world.team, f"T{round_}"), make_event(world.network, f"E{round_}")]
        letter = make_letter(world.team, f"Lettre {round_}", *contents, make_actor(world.network))
        composing.add_contents(
            by=world.team, letter=letter,
            chosen=[("Plus", "publication", pk) for pk in type(contents[0]).objects.values_list("pk", flat=True)],
        )  # fmt: skip
        make_subscription(world.network, f"l{round_}@exemple.test").departments.add(make_commune().department)
        Letter.objects.filter(pk=letter.pk).update(started_at=timezone.now()) if round_ == 0 else None
        for name, args in (
            ("letter_list", []), ("letter_work", [letter.pk]), ("letter_choose", [letter.pk]), ("subscriber_list", []),
            ("letter_archive", []), ("letter_send", [letter.pk]),
        ):  # fmt: skip
            with django_assert_max_num_queries(100) as asked:
                assert client.get(reverse(f"newsletters:{name}", args=args)).status_code == 200
            costs.setdefault(name, []).append(len(asked))
    assert {name: counts for name, counts in costs.items() if counts[1] != counts[2]} == {}


def test_two_sheets_made_one_hold_one_place_in_a_letter(world):
    one, two = make_actor(world.network, "Muséum"), make_actor(world.network, "Museum")
    letter = make_letter(world.team, "Lettre", one, two)
    merge(by=world.admin, kept=one, gone=two, chosen={})
    assert [block.actor for block in letter.blocks.filter(kind="actor")] == [one]
