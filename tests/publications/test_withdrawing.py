"""What stays behind of a text or of a comment that nobody reads any more: neither its pictures nor its words."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from maillage.core.jobs import run_waiting
from maillage.moderation import actions as moderation
from maillage.moderation.models import Case
from maillage.moderation.registry import kind_named
from maillage.publications import actions
from maillage.publications.actions.reporting import restore_text, suspend_text
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db(transaction=True)


def stored(name):
    out = io.BytesIO()
    Image.new("RGB", (1200, 400), (90, 130, 180)).save(out, "WEBP")
    return default_storage.save(name, ContentFile(out.getvalue()))


@pytest.fixture
def text(transactional_db, world, settings, tmp_path):
    """Read by everyone, with a picture at its head and one in it."""
    settings.MEDIA_ROOT = tmp_path
    medium = {"kind": "image", "name": stored("publications/b.webp"), "alt": "Une luciole", "credit": "Inès",
              "licence": "cc0", "caption": ""}  # fmt: skip
    words = {"image_role": "decrit", "image_alt": "Le ciel", "image_credit": "Nadia", "image_licence": "cc0"}
    made = make_publication(
        world.nadia, "Vu de tous", body="<p>[média 1]</p>", media=[medium], image=stored("publications/a.webp"), **words
    )
    run_waiting()
    return made


ADDRESSES = [f"/fichiers/publications/{name}{width}.webp" for name in "ab" for width in ("", ".w320", ".w960")]


def status_of(address):
    answer = Client().get(address)
    answer.close()
    return answer.status_code


def statuses():
    return {status_of(address) for address in ADDRESSES}


@pytest.mark.parametrize("act", ["hide", "suspend", "take_back"])
def test_the_pictures_of_a_text_that_is_hidden_are_no_more_where_they_were_read(world, text, act):
    assert statuses() == {200}
    if act == "hide":
        actions.hide_publication(by=world.team, publication=text, reason="")
    elif act == "suspend":
        suspend_text(by=world.team, publication=text)
    else:
        actions.take_back_publication(by=world.nadia, publication=text)
    assert statuses() == {404}
    text.refresh_from_db()
    for name in (text.image.name, text.media[0]["name"]):
        assert status_of(f"/fichiers/{name}") == 200  # For those who answer for it, told by nothing else.
    author = Client()
    author.force_login(world.nadia.user)
    page = author.get(reverse("publications:publication_work", args=[text.pk])).content.decode()
    assert text.image.name in page
    assert text.media[0]["name"].removesuffix(".webp") in page


def test_a_text_that_is_shown_again_is_as_it_was_read(world, text):
    suspend_text(by=world.team, publication=text)
    text.refresh_from_db()
    restore_text(by=world.team, publication=text)
    text.refresh_from_db()
    assert text.state == "published"  # Its pictures have the same names in the version that everyone read.
    page = Client().get(text.get_absolute_url()).content.decode()
    assert text.media[0]["name"].removesuffix(".webp") in page


def test_why_a_text_was_taken_back_is_short_plain_and_said_to_be_public(world, text):
    author = Client()
    author.force_login(world.nadia.user)
    address = reverse("publications:publication_take_back", args=[text.pk])
    assert "Public : toute personne" in author.get(address).content.decode().replace("\xa0", " ")
    assert author.post(address, {"reason": "x" * 201}).status_code == 422
    author.post(address, {"reason": "<script>alert(1)</script> \u202eerreur"})
    page = Client().get(text.get_absolute_url())
    assert page.status_code == 410
    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;" in page.content.decode()
    assert "\u202e" not in page.content.decode()


def test_the_words_of_a_comment_that_was_removed_are_in_no_case(world, text):
    comment = actions.write_comment(by=world.nadia, publication=text, text="Des mots que je regrette.")
    moderation.report(by=world.omar, kind=kind_named("commentaire"), content=comment, reason="faux")
    actions.remove_comment(by=world.nadia, comment=comment)
    case = Case.objects.get()
    assert case.title.replace("\xa0", " ") == "Commentaire sous « Vu de tous »"
