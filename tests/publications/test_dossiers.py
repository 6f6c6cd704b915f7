"""Dossiers gather anything: what other apps bring is found, shown, and hidden with what it is."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from maillage.catalogue.actions import hide_resource
from maillage.communities.models import Community
from maillage.publications import actions
from maillage.publications.actions.composing import add_piece
from maillage.publications.models import Piece
from maillage.radio.models import Show
from tests.factories.agenda import make_event
from tests.factories.catalogue import make_resource
from tests.factories.communities import make_community
from tests.factories.directory import make_actor
from tests.factories.publications import make_publication
from tests.factories.radio import make_episode, make_show

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed(world, settings, tmp_path):
    """A dossier about salt that holds nothing yet, and an event, an article, an actor, an episode, a community, a resource."""
    settings.MEDIA_ROOT = tmp_path
    museum = make_actor(world.network, "Musée du sel")
    world.dossier = make_publication(world.team, "Tout le blanc", kind="dossier", state="draft")
    world.things = [
        make_event(world.network, "Nuit du sel"),
        make_publication(world.team, "Article sur le sel"),
        museum,
        make_episode(world.team, make_show(world.team), "Le sel à la radio", state="published"),
        make_community(world.network, "Amis du sel"),
        make_resource(world.team, museum, "Malle à sel"),
    ]
    world.url = reverse("publications:publication_pieces", args=[world.dossier.pk])
    world.browser = Client()
    world.browser.force_login(world.team.user)
    world.network.refresh_from_db()
    return world


def published(world, things):
    for thing in things:
        world.browser.post(world.url, {"acte": "ajouter", "address": thing.get_absolute_url()})
    return actions.submit_publication(by=world.team, publication=world.dossier)


def names(things):
    return [str(thing) for thing in things]


def test_any_page_of_the_site_is_gathered_by_its_address_in_order(mixed):
    dossier = published(mixed, mixed.things)
    page = Client().get(dossier.get_absolute_url()).content.decode()
    places = [page.index(f">{name}</a>") for name in names(mixed.things)]
    assert places == sorted(places)
    assert [f"</svg>{one}</p>" in page for one in ("Émission", "Communauté", "Ressource")] == [True, True, True]


def test_what_is_added_is_found_by_its_words_with_the_name_of_its_kind(mixed):
    html = mixed.browser.get(mixed.url, {"q": "sel"}).content.decode()
    assert [name for name in names(mixed.things) if f"{name} · " in html] == names(mixed.things)
    assert "Le sel à la radio · Émission" in html
    assert "Tout le blanc ·" not in html  # A dossier contains no other.
    episode = mixed.things[3]
    sent = {"acte": "choisir", "q": "sel", "choix-found": f"emission-{episode.pk}", "choix-words": "À écouter."}
    assert mixed.browser.post(mixed.url, sent).status_code == 302
    held = Piece.objects.get()
    assert (held.kind, held.object_id, held.words) == ("emission", episode.pk, "À écouter.")
    assert mixed.browser.post(mixed.url, sent).status_code == 409
    assert "Le sel à la radio" in mixed.browser.get(mixed.url).content.decode()


def test_nothing_is_added_that_was_not_found_or_not_chosen(mixed):
    for sent in ({"choix-found": "emission-999"}, {}, {"choix-found": f"community-{mixed.things[4].pk}'"}):
        answer = mixed.browser.post(mixed.url, {"acte": "choisir", "q": "sel", **sent})
        assert (answer.status_code, Piece.objects.count()) == (422, 0)
    assert "ne répond à" in mixed.browser.get(mixed.url, {"q": "zzz"}).content.decode()


def test_what_not_everyone_reads_is_neither_found_nor_added(mixed):
    Community.objects.update(access="hidden")
    community = mixed.things[4]
    answer = mixed.browser.post(mixed.url, {"acte": "ajouter", "address": community.get_absolute_url()})
    assert (answer.status_code, Piece.objects.count()) == (422, 0)


def test_what_is_hidden_leaves_the_dossier_its_editor_and_the_api(mixed):
    others = mixed.things[3:]
    dossier = published(mixed, [mixed.things[1], *others])
    Show.objects.update(is_open=False)
    Community.objects.update(access="hidden")
    hide_resource(by=mixed.team, resource=others[2], reason="Plus prêtée.")
    page = Client().get(dossier.get_absolute_url()).content.decode()
    told = Client().get(f"/api/v1/publications/{dossier.slug}").json()
    assert [str(each) for each in others if str(each) in page or str(each) in told["text"]] == []
    assert [piece["title"] for piece in told["pieces"]] == ["Article sur le sel"]
    mixed.browser.get(mixed.url)  # What it said of what was added is read.
    html = mixed.browser.get(mixed.url).content.decode()
    assert (html.count("n’est plus en ligne"), "Amis du sel" in html) == (3, False)


def test_the_api_and_the_feed_tell_what_a_dossier_gathers_as_its_page_does(mixed):
    dossier = published(mixed, mixed.things)
    told = Client().get(f"/api/v1/publications/{dossier.slug}").json()
    assert [(piece["kind"], piece["title"], piece["url"]) for piece in told["pieces"]] == [
        (kind, str(thing), f"http://testserver{thing.get_absolute_url()}")
        for kind, thing in zip(
            ("event", "publication", "actor", "emission", "community", "resource"), mixed.things, strict=True
        )
    ]
    feed = Client().get("/dossiers/flux.rss?texte=complet").content.decode()
    assert [name for name in names(mixed.things) if f"{name}&lt;/a&gt;" in feed] == names(mixed.things)


def test_a_piece_is_of_one_thing_once(mixed):
    add_piece(by=mixed.team, dossier=mixed.dossier, kind="resource", object_id=1)
    for held in ({"kind": "resource", "object_id": 1}, {"kind": "resource"}, {"object_id": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Piece.objects.create(dossier=mixed.dossier, **held)


def test_a_dossier_costs_the_same_with_one_and_three_of_a_kind(mixed, same_queries):
    dossier = published(mixed, mixed.things)
    museum, numbers = mixed.things[2], iter(range(9))

    def add():
        resource = make_resource(mixed.team, museum, f"Malle {next(numbers)}")
        add_piece(by=mixed.team, dossier=dossier, kind="resource", object_id=resource.pk)

    same_queries(page=lambda: Client().get(dossier.get_absolute_url()), add=add)
