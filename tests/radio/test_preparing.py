"""An episode is made in minutes from the agenda, kept right when two people write it, and carried to the public step by step."""

from datetime import datetime, timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activity.models import Entry
from maillage.agenda.queries.calendar import Schedule, Slot
from maillage.core.errors import Conflict, Refused
from maillage.core.models import Job
from maillage.core.seen import mark, marks
from maillage.directory.actions.merging import merge
from maillage.networks.actions import save_settings
from maillage.radio import actions
from maillage.radio.actions.minding import forget_contacts
from maillage.radio.models import Episode, Heard, Item
from maillage.radio.queries.candidates import asked_of, candidates
from maillage.radio.queries.order import contacts_of, order_of
from maillage.search.models import Document
from tests.factories.agenda import local, make_event
from tests.factories.directory import make_actor, make_commune
from tests.factories.publications import make_publication
from tests.factories.radio import give_sound, make_episode, make_show


@pytest.fixture
def client(world):
    client = Client()
    client.force_login(world.team.user)
    return client


@pytest.fixture
def museum(world):
    return make_actor(
        world.network, "Muséum de Montpellier", commune=make_commune(), contact_name="Odile Marty", phone="0467000000"
    )


def event_of(world, museum=None, **values):
    at = local("2031-12-06T14:00")
    values.setdefault("schedule", Schedule((Slot(at, at + timedelta(hours=2)),)))
    return make_event(
        world.network,
        "Atelier robots",
        summary="On y construit un robot qui danse",
        price="free",
        place_access=["mi"],
        bookings=[{"for": "public", "by": "phone", "value": "0565350000"}],
        organisers=[museum] if museum else [],
        place_name="Médiathèque",
        **values,
    )


def test_what_is_ticked_comes_with_words_to_read(world, museum, client):
    event, text = event_of(world, museum), make_publication(world.team, "Ce que disent les lucioles")
    episode = actions.create_episode(
        by=world.team, show=world.show, fields={"title": "Premier", "planned_at": datetime(2031, 12, 1, 18, tzinfo=timezone.get_current_timezone())}
    )  # fmt: skip
    address = reverse("radio:candidates", args=[episode.pk])
    page = client.get(address).content.decode()
    assert "Atelier robots" in page and "jamais à l’antenne" in page and "Muséum de Montpellier" in page
    sent = {"evenement": event.pk, "acteur": museum.pk, "texte": text.pk, "du": "2031-12-01", "au": "2031-12-15"}
    assert client.post(address, sent).status_code == 302
    robots, met, read = episode.items.all()
    assert robots.words.splitlines() == [
        "Samedi 6 décembre à quatorze heures, à Montpellier, Médiathèque.",
        "«\xa0Atelier robots\xa0».",
        "On y construit un robot qui danse.",
        "C'est gratuit.",
        "Le lieu est accessible en fauteuil roulant.",
        "Inscription : 05 65 35 00 00.",
    ]
    assert [(item.kind, item.planned) for item in (robots, met, read)] == [
        ("agenda", None), ("interview", 240), ("chronicle", None),
    ]  # fmt: skip
    assert met.words.startswith("Muséum de Montpellier, à Montpellier.") and len(met.question_list) == 4
    assert read.words.startswith("À lire sur le site du réseau\xa0: «\xa0Ce que disent les lucioles\xa0».")
    assert [[each.code for each in item.departments.all()] for item in (robots, met, read)] == [["34"], ["34"], []]
    assert [[each.actor for each in item.heard.all()] for item in (robots, met, read)] == [[museum], [museum], []]
    assert client.post(address, sent).status_code == 422  # All there already.
    assert client.post(address, {}).status_code == 422
    assert episode.items.count() == 3


def test_dates_are_said_as_they_come(world):
    day = local("2031-12-06T14:00")
    two = Schedule(tuple(Slot(day + timedelta(days=n), day + timedelta(days=n, hours=1)) for n in (0, 1)))
    three = Schedule(tuple(Slot(day + timedelta(days=n), day + timedelta(days=n, hours=1)) for n in (0, 1, 8)))
    episode = make_episode(world.team, world.show)
    said = []
    for schedule in (two, three, Schedule((Slot(day, day + timedelta(days=4)),))):
        event = event_of(world, schedule=schedule)
        (item,) = actions.add_items(by=world.team, episode=episode, events=[event])
        said.append(item.words.splitlines()[0].partition(", à Montpellier")[0])
    assert said == [
        "Samedi 6 décembre à quatorze heures, puis dimanche 7 décembre",
        "Samedi 6 décembre à quatorze heures, et d'autres dates ensuite",
        "Du samedi 6 décembre au mercredi 10 décembre",
    ]


def test_a_title_that_has_its_own_quotation_marks_gets_no_second_ones(world):
    episode = make_episode(world.team, world.show)
    event = make_event(world.network, "Conférence « La lumière »")
    (item,) = actions.add_items(by=world.team, episode=episode, events=[event])
    assert item.words.splitlines()[1].replace("\xa0", " ") == "Conférence « La lumière »."


def test_candidates_cost_the_same_queries_whatever_their_number(world, client, same_queries):
    episode = make_episode(world.team, world.show, planned_at=timezone.now())

    def add():
        actor = make_actor(world.network, commune=make_commune())
        event = make_event(world.network, f"Sortie {actor.pk}", organisers=[actor])
        actions.add_items(by=world.team, episode=episode, events=[event], actors=[actor])

    same_queries(page=lambda: client.get(reverse("radio:candidates", args=[episode.pk])), add=add)
    for name in ("episode_work", "script", "contacts"):
        same_queries(page=lambda name=name: client.get(reverse(f"radio:{name}", args=[episode.pk])), add=add)


def test_those_little_heard_come_first_and_can_be_asked_alone(world, museum):
    club = make_actor(world.network, "Club d'astronomie", commune=make_commune("32013", "Auch"))
    make_episode(world.team, world.show, state="broadcast", actors=[museum])
    episode = make_episode(world.team, world.show, "Suivant")
    params = lambda query: asked_of(_params(query), world.network, episode)  # noqa: E731
    found = candidates(world.team, episode, params(""))
    assert [(each.actor, each.last_heard is None, each.little) for each in found.actors] == [
        (club, True, True), (museum, False, False),
    ]  # fmt: skip
    assert [each.actor for each in candidates(world.team, episode, params("peu=oui")).actors] == [club]
    assert [each.actor for each in candidates(world.team, episode, params("q=MUSEUM")).actors] == [museum]


def _params(query):
    from django.http import QueryDict

    return QueryDict(query)


def test_the_order_says_when_each_item_begins_and_whether_the_whole_is_too_long(world, client):
    episode = make_episode(world.team, make_show(world.team, "Courte", minutes=1, rate=150))
    chronicle = actions.add_free_item(by=world.team, episode=episode, kind="chronicle", title="Chronique")
    address = reverse("radio:item_words", args=[episode.pk, chronicle.pk])
    client.post(address, {"words": "mot " * 150, "vu": marks({"words": ""})})
    order = order_of(episode)
    assert [(line.begins, line.ends) for line in order.lines] == [(0, 20), (20, 80)]
    assert (order.total_clock, order.over, order.words) == ("1:20", 20, 150)
    assert "0:20 de trop" in client.get(reverse("radio:episode_work", args=[episode.pk])).content.decode()
    text = client.get(reverse("radio:script_text", args=[episode.pk]))
    assert text["Content-Disposition"] == 'attachment; filename="script-nuits-d-ete.txt"'
    assert "2. Chronique (chronique)  [0:20 – 1:20, 1:00]" in text.content.decode()
    sent = {"acte": "monter", "element": chronicle.pk}
    client.post(reverse("radio:episode_work", args=[episode.pk]), sent)
    assert [item.title for item in episode.items.all()] == ["Chronique", "Générique"]
    client.post(reverse("radio:episode_work", args=[episode.pk]), {**sent, "acte": "retirer"})
    assert [item.title for item in episode.items.all()] == ["Générique"]


def test_words_are_saved_as_they_are_typed_and_what_someone_else_wrote_is_never_lost(world, client):
    episode = make_episode(world.team, world.show)
    item = episode.items.get()
    address, seen = reverse("radio:item_words", args=[episode.pk, item.pk]), f"words.{mark('')}"
    quiet = {"X-Autosave": "1"}
    told = client.post(address, {"words": "Bonjour", "vu": seen}, headers=quiet)
    assert (told.status_code, told.json()["vu"]) == (200, f"words.{mark('Bonjour')}")
    late = client.post(address, {"words": "Bonsoir", "vu": seen}, headers=quiet)
    assert late.status_code == 409
    page = client.post(address, {"words": "Bonsoir", "vu": seen})
    assert page.status_code == 409
    assert "Bonsoir</textarea>" in (html := page.content.decode()) and "Valeur actuelle" in html
    assert client.post(address, {"words": "Bonsoir", "vu": f"words.{mark('Bonjour')}"}).status_code == 302
    item.refresh_from_db()
    assert item.words == "Bonsoir"


def test_an_item_is_written_whole_and_says_who_is_heard(world, museum, client):
    episode = make_episode(world.team, world.show)
    item = episode.items.get()
    address = reverse("radio:item", args=[episode.pk, item.pk])
    place = make_commune().department
    sent = {
        "title": "Rencontre", "kind": "interview", "words": "Bonjour", "questions": "Qui ?\n\nQuoi ?", "planned": "4:30",
        "contact": "Jo, 06 00 00 00 00", "departments": [place.pk],
    }  # fmt: skip
    assert client.post(address, sent).status_code == 409  # Without what the page showed, nothing is overwritten.
    held = {
        "title": item.title,
        "kind": "jingle",
        "words": "",
        "questions": "",
        "planned": 20,
        "contact": "",
        "departments": [],
    }
    assert client.post(address, {**sent, "planned": "quatre", "vu": marks(held)}).status_code == 422
    assert client.post(address, {**sent, "vu": marks(held)}).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.planned, item.question_list) == ("Rencontre", 270, ["Qui ?", "Quoi ?"])
    assert client.post(address, {"acte": "entendre", "actor_text": "personne de connu"}).status_code == 422
    assert client.post(address, {"acte": "entendre", "actor": museum.pk}).status_code == 302
    contact = contacts_of(episode, world.team)[0]
    assert (contact.sheets, contact.item.contact) == ([museum], "Jo, 06 00 00 00 00")
    page = client.get(reverse("radio:contacts", args=[episode.pk])).content.decode()
    assert "Odile Marty" in page and "0467000000" in page
    script = client.get(reverse("radio:script", args=[episode.pk])).content.decode()
    assert "Odile Marty" not in script and "06 00" not in script
    assert client.post(address, {"acte": "ne-plus-entendre", "acteur": museum.pk}).status_code == 302
    assert not item.heard.exists()


def test_an_episode_goes_to_the_public_step_by_step_and_says_what_it_lacks(world, client):
    episode = actions.create_episode(by=world.team, show=world.show, fields={"title": "Vide"})
    address = reverse("radio:episode_state", args=[episode.pk])

    def to(state, **sent):
        page = unescape(client.post(address, {"etat": state, **sent}, follow=True).content.decode())
        episode.refresh_from_db()
        return page

    assert "il est vide" in to("ready")
    assert "ne peut pas passer à cet état" in to("published")
    actions.add_free_item(by=world.team, episode=episode, kind="jingle", title="Générique")
    to("ready")
    to("recorded")
    assert "Déposez d'abord le fichier audio" in to("published")
    give_sound(world.team, episode)
    assert "de quoi parle l'épisode" in to("published")
    actions.edit_episode(by=world.team, episode=episode, fields={"summary": "Quelques mots."}, seen=None)
    assert "Ajoutez d'abord la transcription" in to("published")
    assert episode.state == "recorded"
    save_settings(by=_admin(world), network=world.network, values={"radio_transcript": False})
    to("published")
    first = episode.published_at
    assert (episode.state, episode.on_air_at is not None) == ("published", True)
    assert "garde son fichier" in client.post(
        reverse("radio:episode_sound", args=[episode.pk]), {"acte": "retirer"}, follow=True
    ).content.decode()  # fmt: skip
    to("broadcast")
    assert Document.objects.get(kind="emission").is_public is False
    to("published")
    assert episode.published_at == first
    assert Document.objects.get(kind="emission").is_public is True
    verbs = Entry.objects.filter(verb__startswith="episode.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-4:] == ["episode.update", "episode.published", "episode.unpublished", "episode.published"]


def _admin(world):
    from maillage.core.viewer import Viewer

    return Viewer.as_system(world.network, "tests")


def test_an_episode_cancelled_says_why_and_is_taken_up_again(world, client):
    episode = make_episode(world.team, world.show, state="ready")
    page = client.post(
        reverse("radio:episode_state", args=[episode.pk]), {"etat": "cancelled", "reason": "Neige"}, follow=True
    )
    assert "Neige" in page.content.decode()
    episode.refresh_from_db()
    with pytest.raises(Refused, match="est annulé"):
        actions.add_free_item(by=world.team, episode=episode, kind="jingle", title="x")
    assert actions.change_state(by=world.team, episode=episode, state="draft").reason == ""


def test_on_air_is_when_it_was_planned_when_that_is_past_and_nothing_when_it_was_said_too_soon(world):
    past = timezone.now() - timedelta(days=30)
    episode = make_episode(world.team, world.show, state="broadcast", planned_at=past)
    assert episode.on_air_at == past
    assert actions.change_state(by=world.team, episode=episode, state="recorded").on_air_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Episode.objects.filter(pk=episode.pk).update(state="broadcast")
    with pytest.raises(IntegrityError), transaction.atomic():
        Episode.objects.filter(pk=episode.pk).update(state="published", on_air_at=past, published_at=past)


def test_the_frame_of_an_episode_serves_again(world, museum, client):
    first = make_episode(world.team, world.show, actors=[museum])
    actions.add_free_item(by=world.team, episode=first, kind="jingle", title="Fin", planned=15)
    answer = client.post(reverse("radio:episode_copy", args=[first.pk]), {"title": "Le deuxième"})
    made = Episode.objects.get(title="Le deuxième")
    assert answer["Location"] == reverse("radio:candidates", args=[made.pk])
    assert [(item.title, item.kind, item.planned, item.actor) for item in made.items.all()] == [
        ("Entretien", "interview", 240, None), ("Fin", "jingle", 15, None),
    ]  # fmt: skip
    assert (first.number, made.number) == (1, 2)
    with pytest.raises(Conflict, match="déjà ce numéro"):
        actions.edit_episode(by=world.team, episode=made, fields={"number": 1}, seen=None)


def test_two_sheets_made_one_are_heard_once(world, museum):
    other = make_actor(world.network, "Museum Montpellier", commune=make_commune())
    episode = make_episode(world.team, world.show, actors=[museum, other])
    item = episode.items.first()
    actions.add_heard(by=world.team, item=item, actor=other)
    merge(by=_admin(world), kept=museum, gone=other, chosen={})
    assert sorted(Heard.objects.values_list("item__position", "actor")) == [(0, museum.pk), (1, museum.pk)]
    assert set(Item.objects.values_list("actor", flat=True)) == {museum.pk}


def test_people_to_call_are_forgotten_a_year_after_the_broadcast(world):
    old = make_episode(world.team, world.show, state="broadcast")
    new = make_episode(world.team, world.show, "Récent", state="broadcast")
    Item.objects.update(contact="Jo, 06 00 00 00 00")
    then = timezone.now() - timedelta(days=400)
    Episode.objects.filter(pk=old.pk).update(on_air_at=then, planned_at=then, updated_at=then)
    forget_contacts.function(Job())
    assert [episode.items.get().contact for episode in (old, new)] == ["", "Jo, 06 00 00 00 00"]


def test_two_people_at_one_sheet_lose_nothing(world, client):
    episode = make_episode(world.team, world.show)
    address = reverse("radio:episode_edit", args=[episode.pk])
    vu = client.get(address).context["form"].vu
    moment = timezone.localtime(episode.planned_at).strftime("%Y-%m-%dT%H:%M")
    Episode.objects.filter(pk=episode.pk).update(planned_at=episode.planned_at.replace(second=0, microsecond=0))
    vu = client.get(address).context["form"].vu
    sent = {
        "title": "Nuits d'été",
        "planned_at": moment,
        "number": "1",
        "summary": "Autre chose.",
        "notes": "",
        "transcript": "",
        "vu": vu,
    }
    quiet = client.post(address, sent, headers={"X-Autosave": "1"})
    assert (quiet.status_code, quiet.json()["sentence"][:13]) == (200, "Enregistré à ")
    late = client.post(address, {**sent, "summary": "Encore autre chose."})
    assert late.status_code == 409
    assert "Autre chose." in late.content.decode()
    episode.refresh_from_db()
    assert episode.summary == "Autre chose."


def test_another_network_prepares_nothing_here(world):
    from tests.factories.radio import make_radio_world

    other = make_radio_world("ailleurs.test")
    episode = make_episode(world.team, world.show)
    for act in (
        lambda: actions.change_state(by=other.team, episode=episode, state="ready"),
        lambda: actions.add_free_item(by=other.team, episode=episode, kind="jingle", title="x"),
        lambda: actions.edit_show(by=other.team, show=world.show, fields={}, seen=None),
        lambda: actions.create_show(by=world.nadia, fields={}),
        lambda: actions.edit_episode(by=world.nadia, episode=episode, fields={}, seen=None),
    ):
        with pytest.raises(Refused):
            act()
