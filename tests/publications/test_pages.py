"""Pages of writing and reading: what each answers, what it keeps of what was typed."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from maillage.core.seen import marks
from maillage.publications import actions
from maillage.publications.models import Publication, Reading
from maillage.publications.queries.fields import held_fields
from maillage.search.models import Document
from tests.factories.agenda import make_event
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db


def picture():
    """A photo as a phone sends it."""
    drawn = io.BytesIO()
    Image.new("RGB", (640, 400), (90, 130, 180)).save(drawn, "JPEG")
    return SimpleUploadedFile("photo.jpg", drawn.getvalue(), "image/jpeg")


def browser(viewer=None):
    client = Client()
    if viewer is not None:
        client.force_login(viewer.user)
    return client


def propose(client, section="articles", **fields):
    data = {"title": "Vu du ciel", "text": "Un mot.\n\nDeux mots.", "acte": "publier", **fields}
    return client.post(reverse("publications:publication_propose", args=[section]), data)


def test_a_photo_and_two_fields_are_a_publication(world):
    answer = propose(
        browser(world.nadia), image=picture(), image_alt="Le ciel", image_credit="Nadia", image_licence="cc0"
    )
    found = Publication.objects.get()
    assert answer.status_code == 302
    assert (found.state, found.body) == ("proposed", "<p>Un mot.</p>\n\n<p>Deux mots.</p>")
    assert found.image.name.startswith("publications/")
    assert (found.image_alt, found.image_role) == ("Le ciel", "decrit")


def test_a_photo_without_words_is_kept_while_they_are_asked_for(world):
    client = browser(world.nadia)
    refused = propose(client, image=picture())
    assert refused.status_code == 422
    assert Publication.objects.count() == 0
    token = refused.context["form"].picture_token
    propose(client, kept_picture=token, image_alt="Le ciel", image_credit="Nadia", image_licence="cc0")
    assert Publication.objects.get().image.name == refused.context["form"].picture


def test_an_announcement_says_its_type(world):
    client = browser(world.nadia)
    assert propose(client, "annonces").status_code == 422
    assert propose(client, "annonces", announcement="emploi", closes_on="2031-01-02").status_code == 302
    assert Publication.objects.get().closes_on.isoformat() == "2031-01-02"


def test_the_same_form_sent_twice_makes_one_text(world):
    client = browser(world.nadia)
    key = "3f1d0f9e-8f4e-4f0c-9a51-3b7a3a0f6a11"
    propose(client, cle=key)
    propose(client, cle=key)
    assert Publication.objects.count() == 1


def test_what_is_typed_is_saved_quietly_and_a_conflict_is_told(world):
    text = make_publication(world.nadia, state="draft")
    url = reverse("publications:publication_edit_step", args=[text.pk, "sources"])
    vu = marks(held_fields(text, world.nadia, ["sources", "reviewer"]))
    first = browser(world.nadia).post(
        url, {"sources": "Roux 2024", "reviewer": "", "vu": vu}, headers={"X-Autosave": "1"}
    )
    assert first.status_code == 200
    second = browser(world.nadia).post(url, {"sources": "Autre", "reviewer": "", "vu": vu}, headers={"X-Autosave": "1"})
    assert second.status_code == 409
    third = browser(world.nadia).post(
        url, {"sources": "Roux 2025", "reviewer": "", "vu": first.json()["vu"]}, headers={"X-Autosave": "1"}
    )
    assert third.status_code == 200
    text.refresh_from_db()
    assert text.sources == "Roux 2025"


def test_without_script_a_conflict_shows_both_texts(world):
    text = make_publication(world.nadia, state="draft")
    url = reverse("publications:publication_edit_step", args=[text.pk, "sources"])
    vu = marks(held_fields(text, world.nadia, ["sources", "reviewer"]))
    actions.edit_publication(by=world.nadia, publication=text, fields={"sources": "Ailleurs"}, seen=None)
    page = browser(world.nadia).post(url, {"sources": "Ici", "reviewer": "", "vu": vu})
    assert page.status_code == 409
    assert page.context["form"]["sources"].value() == "Ici"
    assert page.context["form"]["sources"].meanwhile == "Ailleurs"


def test_what_is_taken_back_says_so_or_leads_to_what_replaces_it(world):
    old, new = make_publication(world.nadia, "Ancien"), make_publication(world.nadia, "Nouveau")
    actions.take_back_publication(by=world.nadia, publication=old, reason="Erreur.")
    gone = browser().get(old.get_absolute_url())
    assert gone.status_code == 410
    assert "Erreur." in gone.content.decode()
    old.refresh_from_db()
    actions.submit_publication(by=world.team, publication=old)
    actions.take_back_publication(by=world.nadia, publication=old, replaced_by=new)
    led = browser().get(old.get_absolute_url())
    assert (led.status_code, led["Location"]) == (301, new.get_absolute_url())


def test_what_leaves_the_site_leaves_the_search(world):
    text = make_publication(world.nadia)
    found = Document.objects.filter(kind="article", object_id=text.pk, is_public=True)
    assert found.count() == 1
    actions.hide_publication(by=world.team, publication=text)
    assert found.count() == 0


def test_what_the_team_took_out_is_gone_without_saying_why(world):
    text = make_publication(world.nadia, "Titre effacé")
    actions.hide_publication(by=world.team, publication=text, reason="Plainte d'un tiers")
    page = browser().get(text.get_absolute_url())
    told = page.content.decode()
    assert (page.status_code, "plus en ligne" in told) == (410, True)
    assert [said for said in ("Plainte", "Titre effacé", "dépublié") if said in told] == []
    assert browser(world.nadia).get(text.get_absolute_url()).status_code == 200


def test_what_nobody_read_before_the_team_took_it_out_never_was(world):
    text = make_publication(world.team, state="draft")
    later = timezone.now() + timedelta(hours=1)
    actions.change_settings(by=world.team, publication=text, publish_at=later, comments_open=True)
    text = actions.submit_publication(by=world.team, publication=text)
    actions.hide_publication(by=world.team, publication=text)
    assert browser().get(text.get_absolute_url()).status_code == 404


def test_a_preview_link_shows_what_is_not_published_until_it_is_changed(world):
    text = make_publication(world.nadia, state="draft")
    link = reverse("publications:publication_preview", args=[f"{text.pk}-{text.preview_key}"])
    page = browser().get(link)
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex"
    assert browser().get(text.get_absolute_url()).status_code == 404
    actions.renew_preview(by=world.nadia, publication=text)
    assert browser().get(link).status_code == 404


def test_an_embargo_is_read_by_its_preview_alone(world):
    text = make_publication(world.team, state="draft")
    at = timezone.now() + timedelta(days=1)
    actions.change_settings(by=world.team, publication=text, publish_at=at, comments_open=True)
    actions.submit_publication(by=world.team, publication=text)
    assert browser().get(text.get_absolute_url()).status_code == 404
    link = reverse("publications:publication_preview", args=[f"{text.pk}-{text.preview_key}"])
    assert browser().get(link).status_code == 200


def test_readings_are_counted_once_for_a_place_and_nothing_of_the_reader_is_kept(world):
    text = make_publication(world.nadia)
    url = reverse("publications:publication_read", args=["articles", text.slug])
    assert [browser().post(url).status_code for _time in range(3)] == [204, 204, 204]
    browser().post(url, REMOTE_ADDR="203.0.113.7")
    assert list(Reading.objects.values_list("day", "count")) == [(timezone.localdate(), 2)]
    assert {field.name for field in Reading._meta.fields} == {"id", "publication", "day", "count"}
    draft = make_publication(world.nadia, "Brouillon", state="draft")
    assert browser().post(reverse("publications:publication_read", args=["articles", draft.slug])).status_code == 404


def test_a_dossier_gathers_pages_of_this_site_by_their_address_and_links_of_others(world):
    client = browser(world.team)
    propose(client, "dossiers")
    dossier = Publication.objects.get()
    url = reverse("publications:publication_pieces", args=[dossier.pk])
    text, event = make_publication(world.nadia), make_event(world.network)
    for address in (text.get_absolute_url(), f"http://testserver{event.get_absolute_url()}?x=1"):
        assert client.post(url, {"acte": "ajouter", "address": address}).status_code == 302
    assert client.post(url, {"acte": "ajouter", "address": "https://ailleurs.test/"}).status_code == 422
    client.post(url, {"acte": "ajouter", "address": "https://ailleurs.test/", "title": "Ailleurs"})
    assert [piece.name for piece in dossier.pieces.all()] == [text.title, event.title, "Ailleurs"]
    assert client.post(url, {"acte": "ajouter", "address": text.get_absolute_url()}).status_code == 409
    last = dossier.pieces.last()
    client.post(url, {"acte": "monter", "element": last.pk})
    assert [piece.name for piece in dossier.pieces.all()] == [text.title, "Ailleurs", event.title]
    client.post(reverse("publications:publication_submit", args=[dossier.pk]))
    page = browser().get(dossier.get_absolute_url()).content.decode()
    assert page.index(text.title) < page.index("Ailleurs") < page.index(event.title)
    actions.hide_publication(by=world.team, publication=text)
    assert text.title not in browser().get(dossier.get_absolute_url()).content.decode()


def test_media_are_added_placed_and_taken_away(world):
    text = make_publication(world.nadia, state="draft", body="<p>[média 1]</p>")
    client = browser(world.nadia)
    url = reverse("publications:publication_media", args=[text.pk])
    sent = {"acte": "ajouter", "kind": "image", "picture": picture(), "vu": marks({"media": []})}
    assert client.post(url, sent).status_code == 422
    sent |= {"picture": picture(), "alt": "Un dessin", "credit": "Nadia", "licence": "cc0"}
    assert client.post(url, sent).status_code == 302
    text.refresh_from_db()
    assert [(each["kind"], each["alt"]) for each in text.media] == [("image", "Un dessin")]
    wrong = SimpleUploadedFile("x.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
    assert client.post(url, {**sent, "picture": wrong}).status_code == 422
    client.post(url, {"acte": "retirer", "rang": "1", "vu": marks({"media": text.media})})
    text.refresh_from_db()
    assert text.media == []


def test_an_announcement_over_is_said_to_be_and_takes_no_comment(world):
    text = make_publication(world.team, kind="announcement", closes_on=timezone.localdate())
    Publication.objects.filter(pk=text.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    page = browser().get(text.get_absolute_url())
    assert page.status_code == 200
    assert "plus valable" in page.content.decode().replace("\u00a0", " ")
    assert not page.context["takes_comments"]


def test_a_page_costs_the_same_queries_whatever_it_holds(world, same_queries):
    text = make_publication(world.team)

    def add():
        number = text.credits.count()
        actions.write_comment(by=world.team, publication=text, text=str(number))
        credit = actions.ask_credit(by=world.team, publication=text, name=f"P{number}", email=f"p{number}@exemple.test")
        actions.answer_credit(by=world.visitor, credit=credit, accept=True, by_link=True)

    assert same_queries(page=lambda: browser().get(text.get_absolute_url()), add=add) <= 14
