"""Personal links to sign: sent to the contact address, single purpose, expiring, revocable; opening one changes nothing."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.actions import forbid_address
from maillage.activity.models import Entry
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.core.mail import deliver
from maillage.core.models import Job
from maillage.directory.actions.charter import revoke_link, send_link, start_campaign
from maillage.directory.actions.charter.inviting import forget_links
from maillage.directory.actions.reminding import answer_object, tell_listed
from maillage.directory.models import Actor, Signature, SigningLink
from maillage.directory.queries.charter import addressees
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_charter, make_commune, make_network, make_signature
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db
SIGNER = {"name": "Odile Marty", "capacity": "directrice", "email": "odile@exemple.test", "is_mandated": "on"}


@pytest.fixture
def charter(network):
    return make_charter(network)


@pytest.fixture
def actor(network):
    return make_actor(network, "Musée des vents", email="musee@exemple.test")


@pytest.fixture
def link(animator, actor, charter):
    return send_link(by=animator, actor=actor)


def address(link):
    return reverse("directory:charter_sign", args=[link.pk, link.token])


def sign(client, link, **changes):
    page = address(link)
    return client.post(page, values_of(client.get(page), page) | SIGNER | changes)


def delivered():
    run_waiting()
    return mail.outbox


def test_the_message_goes_to_the_contact_address_and_says_it_all_in_text_and_in_html(link):
    (message,) = delivered()
    html = message.alternatives[0].content
    assert message.to == ["musee@exemple.test"]
    assert message.subject == "Réseau d'Occitanie\u00a0: signer la charte pour Musée des vents"
    for text in (message.body, html):
        assert address(link) in text
        assert "sans compte" in text
        assert "intérêt public" in text
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_neither_the_database_nor_the_link_stored_tells_the_token(link):
    assert link.token not in str(SigningLink.objects.values().get())
    assert link.is_opened_by(link.token)


def test_a_link_signs_once_without_an_account_and_leads_to_the_proof(network, actor, charter, link):
    visitor = Client()
    answer = sign(visitor, link)
    signed = Signature.objects.get()
    assert answer.headers["Location"] == reverse("directory:charter_proof", args=[signed.pk, signed.token])
    assert (signed.actor, signed.way, signed.signed_by, signed.signer_name) == (actor, "link", None, "Odile Marty")
    assert signed.name_is_public is False
    proof = visitor.get(answer.headers["Location"])
    assert "Odile Marty, directrice" in proof.text
    pdf = visitor.get(reverse("directory:charter_proof_file", args=[signed.pk, signed.token]))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    again = visitor.get(address(link))
    assert "Odile Marty (directrice) a déjà signé" in again.text
    assert answer.headers["Location"] in again.text


def test_the_signer_takes_their_name_off_the_wall_and_back_with_the_link_of_the_proof(network, actor, charter, link):
    visitor = Client()
    proof = sign(visitor, link, name_is_public="on").headers["Location"]
    wall = reverse("directory:charter_wall")
    assert "Odile Marty" in visitor.get(wall).text
    for asked, shown in (("non", False), ("non", False), ("oui", True)):
        assert visitor.post(f"{proof}nom/", {"montrer": asked}).headers["Location"] == proof
        assert ("Odile Marty" in Client().get(wall).text) is shown
    assert Entry.objects.filter(verb="charter.name").count() == 2
    assert visitor.get(f"{proof}nom/").status_code == 405


def test_a_link_sent_to_a_former_address_of_the_sheet_signs_no_more(client, animator, actor, link):
    Actor.objects.filter(pk=actor.pk).update(email="juste@exemple.test")
    assert Client().get(address(link)).status_code == 410
    assert not Signature.objects.exists()
    assert addressees(animator, Actor.objects.filter(pk=actor.pk)).ids == [actor.pk]
    page = client.get(reverse("directory:charter_actor", args=[actor.pk])).text
    assert "il ne sert plus, l’adresse de la fiche a changé" in page


def test_the_proof_is_sent_to_the_signer(link):
    sign(Client(), link)
    last = delivered()[-1]
    signed = Signature.objects.get()
    assert last.to == ["odile@exemple.test"]
    assert reverse("directory:charter_proof", args=[signed.pk, signed.token]) in last.body


@pytest.mark.parametrize("missing", ["name", "capacity", "email", "is_mandated"])
def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_is_kept(link, missing):
    visitor, page = Client(), address(link)
    sent = values_of(visitor.get(page), page) | SIGNER
    del sent[missing]
    answer = visitor.post(page, sent)
    assert answer.status_code == 422
    assert f'id="id_{missing}_error"' in answer.text
    kept = [value for name, value in SIGNER.items() if name not in (missing, "is_mandated")]
    assert [value for value in kept if f'value="{value}"' not in answer.text] == []
    assert not Signature.objects.exists()


def test_someone_else_may_have_signed_while_the_page_was_open(actor, charter, link):
    visitor, page = Client(), address(link)
    sent = values_of(visitor.get(page), page) | SIGNER
    make_signature(actor, charter, signer_name="Paul Roux", capacity="trésorier")
    answer = visitor.post(page, sent)
    assert "Paul Roux (trésorier) a déjà signé" in answer.text
    assert Signature.objects.count() == 1


def test_a_text_published_while_the_page_was_open_is_read_before_it_is_signed(network, link):
    visitor, page = Client(), address(link)
    sent = values_of(visitor.get(page), page) | SIGNER
    second = make_charter(network, "<p>Un tout autre texte.</p>", major=2)
    answer = visitor.post(page, sent)
    assert answer.status_code == 409
    assert "Un tout autre texte." in answer.text
    assert 'value="Odile Marty"' in answer.text
    visitor.post(page, values_of(visitor.get(page), page) | SIGNER)
    assert Signature.objects.get().version == second


def test_a_link_renewed_revoked_expired_or_stopped_signs_no_more(animator, actor, charter, link):
    visitor, old = Client(), address(link)
    renewed = send_link(by=animator, actor=actor)
    assert renewed.pk == link.pk
    assert visitor.get(old).status_code == 404
    for change in (
        {"revoked_at": timezone.now()},
        {"stopped_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ):
        held = {name: getattr(renewed, name) for name in change}
        SigningLink.objects.filter(pk=renewed.pk).update(**change)
        assert visitor.get(address(renewed)).status_code == 410
        assert visitor.post(address(renewed), SIGNER | {"texte": charter.sha256}).status_code == 410
        SigningLink.objects.filter(pk=renewed.pk).update(**held)
    revoke_link(by=animator, link=renewed)
    assert visitor.get(address(renewed)).status_code == 410
    assert not Signature.objects.exists()


def test_a_link_of_one_network_is_nothing_in_another(link):
    make_network("Ailleurs", host="ailleurs.test")
    assert Client(HTTP_HOST="ailleurs.test").get(address(link)).status_code == 404


def test_opening_every_link_of_the_messages_changes_nothing(link):
    sign(Client(), link)
    texts = [message.body + message.alternatives[0].content for message in delivered()]
    found = set(re.findall(r"https?://testserver(?::\d+)?(/charte/[^\s<>\"]*)", " ".join(texts)))
    assert {path.split("/")[2] for path in found} == {"signer", "arret", "preuve"}
    before = list(SigningLink.objects.values()), list(Signature.objects.values())
    for path in found:
        assert Client().get(path).status_code == 200
        assert Client().head(path).status_code == 200
    assert (list(SigningLink.objects.values()), list(Signature.objects.values())) == before


def test_one_click_stops_the_messages_of_that_address(animator, actor, link):
    stop = reverse("directory:charter_stop", args=[link.pk, link.token])
    outside = Client(enforce_csrf_checks=True)
    assert outside.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with pytest.raises(Refused, match="ne veut plus de message sur la charte"):
        send_link(by=animator, actor=actor)
    Actor.objects.filter(pk=actor.pk).update(email="autre@exemple.test")
    actor.refresh_from_db()
    assert send_link(by=animator, actor=actor).email == "autre@exemple.test"


def test_no_link_goes_to_who_cannot_or_need_not_sign(network, animator, charter):
    signed = make_actor(network, email="a@exemple.test")
    make_signature(signed, charter)
    suppressed = make_actor(network, email="b@exemple.test")
    forbid_address(email="b@exemple.test", reason="erasure")
    for actor, why in (
        (signed, "déjà signée"),
        (suppressed, "ne plus recevoir de message"),
        (make_actor(network), "n'a pas d'adresse de contact"),
    ):
        with pytest.raises(Refused, match=why):
            send_link(by=animator, actor=actor)
    assert not SigningLink.objects.exists()


def test_a_campaign_writes_to_each_once_and_within_the_hourly_limit(network, animator, charter):
    network.settings = {"mails_per_hour": 10}
    network.save()
    for number in range(12):
        make_actor(network, email=f"a{number}@exemple.test")
    make_actor(network)
    make_signature(make_actor(network, email="signe@exemple.test"), charter)
    assert start_campaign(by=animator, actors=Actor.objects.all()) == 12
    run_waiting()
    assert SigningLink.objects.count() == 12
    letters = Job.objects.filter(task=deliver.name)
    assert letters.count() == 12
    assert letters.filter(run_at__gt=timezone.now() + timedelta(minutes=50)).count() == 2
    # The same job again, as after a crash, writes to nobody twice.
    campaign = Job.objects.get(task__endswith="send_campaign")
    Job.objects.filter(pk=campaign.pk).update(status="waiting", attempts=0)
    run_waiting()
    assert letters.count() == 12


def test_a_link_is_forgotten_after_a_year_unless_it_says_to_write_no_more(link, actor, network):
    SigningLink.objects.update(sent_at=timezone.now() - timedelta(days=366))
    kept = SigningLink.objects.create(
        network=network,
        actor=actor,
        email="x@exemple.test",
        sent_at=timezone.now() - timedelta(days=366),
        expires_at=timezone.now(),
        stopped_at=timezone.now(),
    )
    forget_links.enqueue()
    run_waiting()
    assert list(SigningLink.objects.all()) == [kept]


def test_an_animator_of_one_departement_writes_to_the_actors_there_alone(network, charter):
    gard = viewer(make_person(network, "animator", "30"), network)
    here = make_actor(network, email="a@exemple.test", commune=make_commune("30189", "Nîmes"))
    make_actor(network, email="b@exemple.test", commune=make_commune())
    make_actor(network, email="c@exemple.test", commune=make_commune("30189", "Nîmes"))
    forbid_address(email="c@exemple.test", reason="erasure")
    found = addressees(gard, Actor.objects.all())
    assert (found.ids, found.without, found.refused, found.recent) == ([here.pk], 0, 1, 0)
    assert start_campaign(by=gard, actors=Actor.objects.all()) == 1
    run_waiting()
    assert SigningLink.objects.get().actor == here
    again = addressees(gard, Actor.objects.all())
    assert (again.ids, again.recent) == ([], 1)
    SigningLink.objects.update(sent_at=timezone.now() - timedelta(days=8))
    assert addressees(gard, Actor.objects.all()).ids == [here.pk]


def test_a_button_pressed_twice_sends_one_message(client, animator, actor, charter):
    sheet, send = reverse("directory:actor_work", args=[actor.pk]), reverse("directory:charter_link", args=[actor.pk])
    sent = values_of(client.get(sheet), send)
    for _press in range(2):
        assert client.post(send, sent).status_code == 302
    assert len(delivered()) == 1


def test_an_objection_ends_the_link_and_no_page_of_the_team_tells_the_address(client, animator, link, actor):
    used = SigningLink.objects.create(
        network=link.network, actor=actor, email="Musee@exemple.test", used_at=timezone.now(), expires_at=timezone.now()
    )
    answer_object(reminder=tell_listed(by=animator, actor=actor))
    for each in (link, used):
        each.refresh_from_db()
    assert (link.email, link.is_open, used.email, used.revoked_at) == ("", False, "", None)
    assert client.get(address(link)).status_code == 410
    page = client.get(reverse("directory:actor_work", args=[actor.pk])).text.lower()
    assert "musee@exemple.test" not in page and "à une adresse effacée depuis" in page
