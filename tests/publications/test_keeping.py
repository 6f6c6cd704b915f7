"""The first form of a text: what is typed is kept as a draft, which the last sending completes."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from maillage.directory.models import ActorMember
from maillage.publications.models import Publication
from tests.factories.directory import make_actor, make_term

pytestmark = pytest.mark.django_db
URL = reverse("publications:publication_propose", args=["articles"])


@pytest.fixture
def writer(world):
    client = Client()
    client.force_login(world.nadia.user)
    return client


def keep(client, **typed):
    answer = client.post(URL, typed, headers={"X-Autosave": "1"})
    return answer.status_code, json.loads(answer.content)


def test_what_is_typed_is_kept_in_one_draft_and_sent_from_it(world, writer):
    theme = make_term("theme", "ciel", label="Ciel")
    status, told = keep(writer, title="Les lu", summary="Une")
    draft = Publication.objects.get()
    assert (status, draft.state, told["draft"]) == (200, "draft", draft.pk)
    assert "Les lu" in writer.get(told["address"]).content.decode()
    typed = {
        "title": "Les lucioles",
        "text": "Un\n\nDeux",
        "themes": [theme.pk],
        "brouillon": told["draft"],
        "vu": told["vu"],
    }
    status, told = keep(writer, **typed)
    draft = Publication.objects.get()
    assert (status, draft.title, draft.slug, draft.summary) == (200, "Les lucioles", "les-lucioles", "")
    assert (draft.body.count("<p>"), list(draft.terms.all())) == (2, [theme])
    sent = {**typed, "text": "Un", "themes": [], "vu": told["vu"], "acte": "publier"}
    assert writer.post(URL, sent).status_code == 302
    draft = Publication.objects.get()
    assert (draft.state, draft.slug, draft.body, list(draft.terms.all())) == (
        "proposed",
        "les-lucioles",
        "<p>Un</p>",
        [],
    )


def test_without_a_title_it_is_called_by_its_first_words_and_nothing_keeps_nothing(writer):
    assert (keep(writer, title=" ", text=" ")[0], Publication.objects.count()) == (200, 0)
    keep(writer, title="", text="Une nuit de juin, " + "mot " * 40)
    draft = Publication.objects.get()
    assert (draft.title.startswith("Une nuit de juin, mot"), len(draft.title)) == (True, 60)


def test_the_actor_named_last_signs(world):
    museum, club = (make_actor(world.network, name) for name in ("Musée", "Club"))
    for actor in (museum, club):
        ActorMember.objects.create(actor=actor, user=world.nadia.user, role="admin")
    client = Client()
    client.force_login(world.nadia.user)
    told = keep(client, title="Un", signed_by=museum.pk)[1]
    told = keep(client, title="Un", signed_by=club.pk, brouillon=told["draft"], vu=told["vu"])[1]
    assert [credit.actor for credit in Publication.objects.get().credits.order_by("position")] == [None, club]
    keep(client, title="Un", signed_by="", brouillon=told["draft"], vu=told["vu"])
    assert [credit.actor for credit in Publication.objects.get().credits.all()] == [None]


def test_what_was_changed_elsewhere_meanwhile_is_not_written_over(writer):
    told = keep(writer, title="Un", text="Ici")[1]
    Publication.objects.update(body="<p>Là</p>")
    typed = {"title": "Un", "text": "Ici encore", "brouillon": told["draft"], "vu": told["vu"]}
    assert keep(writer, **typed)[0] == 409
    page = writer.post(URL, {**typed, "acte": "brouillon"})
    assert (page.status_code, "Ici encore" in page.text, Publication.objects.get().body) == (409, True, "<p>Là</p>")
    assert writer.post(URL, {**typed, "vu": page.context["vu"], "acte": "brouillon"}).status_code == 302
    assert Publication.objects.get().body == "<p>Ici encore</p>"


def test_nobody_writes_in_the_draft_of_another_nor_in_what_was_sent(world, writer):
    told = keep(writer, title="À moi")[1]
    other = Client()
    other.force_login(world.omar.user)
    assert keep(other, title="À lui", brouillon=told["draft"], vu=told["vu"])[0] == 200
    assert sorted(Publication.objects.values_list("title", "author__name")) == [
        ("À lui", "Omar Saidi"), ("À moi", "Nadia Ferrand"),
    ]  # fmt: skip
    assert (
        writer.post(URL, {"title": "À moi", "summary": "Oui", "brouillon": told["draft"], "vu": told["vu"]}).status_code
        == 302
    )
    keep(writer, title="Encore", brouillon=told["draft"], vu=told["vu"])
    assert Publication.objects.get(pk=told["draft"]).title == "À moi"


def test_what_is_wrong_is_said_and_a_session_that_ended_answers_no_json(writer):
    assert keep(writer, title="x" * 200) == (422, {"sentence": "Pas enregistré\u00a0: un champ est à corriger."})
    answer = Client().post(URL, {"title": "Un"}, headers={"X-Autosave": "1"})
    assert (answer.status_code in (302, 401, 403), Publication.objects.count()) == (True, 0)


def test_a_text_that_was_sent_is_not_sent_a_second_time_from_an_old_page(writer):
    _status, told = keep(writer, title="Les lucioles", text="Un")
    sent = {"title": "Les lucioles", "text": "Un", "brouillon": told["draft"], "vu": told["vu"], "acte": "publier"}
    assert writer.post(URL, sent).status_code == 302
    again = {**sent, "text": "Un, deux"}
    answer = writer.post(URL, again)
    assert (answer.status_code, "déjà envoyé" in answer.content.decode()) == (409, True)
    assert (keep(writer, **again)[0], Publication.objects.count()) == (409, 1)


def test_an_emptied_form_keeps_the_marks_of_its_draft(writer):
    _status, told = keep(writer, title="Les lucioles", text="Un")
    emptied = keep(writer, title="", text="", brouillon=told["draft"], vu=told["vu"])
    assert emptied == (200, {"sentence": "", "vu": told["vu"]})


def test_who_was_asked_elsewhere_still_signs_after_a_save(world, writer):
    _status, told = keep(writer, title="Les lucioles", text="Un")
    draft = Publication.objects.get()
    museum = make_actor(world.network, "Muséum")
    draft.credits.create(actor=museum, position=1, state="accepted", added_by=world.team.user)
    draft.credits.create(
        actor=make_actor(world.network, "Club"), position=1, state="declined", added_by=world.nadia.user
    )
    keep(writer, title="Les lucioles", text="Un, deux", brouillon=draft.pk, vu=told["vu"])
    states = draft.credits.exclude(actor=None).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["accepted", "declined"]
