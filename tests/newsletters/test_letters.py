"""A letter from its draft to the readers: composed of what is public, checked, sent once to each, stopped, read on the web."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activity.models import Entry, Notice
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.signals import address_refused
from maillage.directory.actions.merging import merge
from maillage.newsletters.actions import composing, minding, sending
from maillage.newsletters.models import Delivery, Letter, Subscription
from maillage.newsletters.queries.checks import review
from maillage.newsletters.queries.figures import progress_of
from maillage.publications.actions import hide_publication
from maillage.search.queries import matching_ids
from tests.factories.agenda import make_event
from tests.factories.directory import make_actor, make_commune
from tests.factories.newsletters import make_letter, make_subscription
from tests.factories.publications import make_publication
from tests.support.smtp import received, text_of


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
