"""What the public hears: pages, feed, search, the sheets of actors; never what is not published, nor what is hidden meanwhile."""

import json
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.agenda.actions.stating import hide_event
from maillage.core.viewer import Viewer
from maillage.radio import actions
from maillage.radio.models import Episode
from maillage.search.models import Document
from tests.factories.agenda import make_event
from tests.factories.directory import make_actor, make_commune
from tests.factories.radio import make_episode, make_show, silent_mp3, upload

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
ATOM = "{http://www.w3.org/2005/Atom}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"


@pytest.fixture
def museum(world):
    return make_actor(world.network, "Muséum de Montpellier", commune=make_commune())


def channel(client, show):
    answer = client.get(reverse("radio:feed", args=[show.slug]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/rss+xml; charset=utf-8")
    root = ET.fromstring(answer.content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    return root.find("channel")


def test_a_feed_has_all_that_players_ask_for(world, client, museum):
    episode = make_episode(
        world.team, world.show, "Nuits & étoiles", state="published", season=2, number=7, actors=[museum],
        notes='<p>Merci à <a href="https://exemple.test/">Lise</a>.</p>',
    )  # fmt: skip
    make_episode(world.team, world.show, "Pas encore", state="recorded")
    found = channel(client, world.show)
    base = f"http://{world.network.host}"
    said = {
        name: found.findtext(name)
        for name in ("title", "link", "description", "language", f"{ITUNES}author", f"{ITUNES}explicit")
    }
    assert said == {
        "title": "Les sciences en balade", "link": f"{base}/radio/les-sciences-en-balade/",
        "description": "Ce qui se passe près de chez vous.", "language": "fr", f"{ITUNES}author": "La rédaction",
        f"{ITUNES}explicit": "false",
    }  # fmt: skip
    feed_url = f"{base}/radio/les-sciences-en-balade/podcast.rss"
    assert found.find(f"{ATOM}link").attrib == {"href": feed_url, "rel": "self"}
    assert found.find(f"{ITUNES}category").attrib == {"text": "Science"}
    owner = found.find(f"{ITUNES}owner")
    assert (owner.findtext(f"{ITUNES}name"), owner.findtext(f"{ITUNES}email")) == ("La rédaction", "radio@exemple.test")
    cover = client.get(urlsplit(found.find(f"{ITUNES}image").get("href")).path)
    assert (cover["Content-Type"], cover.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    (item,) = found.findall("item")
    assert item.findtext("title") == item.findtext(f"{ITUNES}title") == "Nuits & étoiles"
    enclosure = item.find("enclosure").attrib
    assert (enclosure["length"], enclosure["type"]) == ("6000", "audio/mpeg")
    assert b"".join(client.get(urlsplit(enclosure["url"]).path).streaming_content) == silent_mp3()
    guid = item.find("guid")
    assert (guid.text, guid.attrib) == (episode.guid, {"isPermaLink": "false"})
    numbers = [
        item.findtext(f"{ITUNES}{name}") for name in ("duration", "season", "episode", "explicit", "episodeType")
    ]
    assert numbers == ["6", "2", "7", "false", "full"]
    assert parsedate_to_datetime(item.findtext("pubDate")) == episode.published_at.replace(microsecond=0)
    transcript = item.find(f"{PODCAST}transcript").attrib
    assert (transcript["type"], transcript["language"]) == ("text/plain", "fr")
    assert client.get(urlsplit(transcript["url"]).path).content.decode() == "Bonjour à toutes et tous.\n"
    assert "Lise</a>" in item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")


def test_an_episode_keeps_its_guid_and_its_day_whatever_becomes_of_its_sound(world, client):
    episode = make_episode(world.team, world.show, state="published")
    before = channel(client, world.show).find("item")
    team = Client()
    team.force_login(world.team.user)
    team.post(reverse("radio:episode_sound", args=[episode.pk]), {"audio": upload(silent_mp3(9))})
    actions.edit_episode(by=world.team, episode=episode, fields={"title": "Un autre titre"}, seen=None)
    after = channel(client, world.show).find("item")
    assert [before.findtext(name) == after.findtext(name) for name in ("guid", "pubDate", "link")] == [True] * 3
    assert before.find("enclosure").get("url") != after.find("enclosure").get("url")
    assert after.findtext(f"{ITUNES}duration") == "9"


def test_an_empty_feed_and_a_closed_programme(world, client):
    assert channel(client, world.show).findall("item") == []
    episode = make_episode(world.team, world.show, state="published")
    actions.edit_show(by=world.team, show=world.show, fields={"is_open": False}, seen=None)
    addresses = [reverse("radio:feed", args=[world.show.slug]), episode.get_absolute_url(), episode.audio_url]
    assert [client.get(address).status_code for address in addresses] == [404] * 3
    assert Document.objects.get(kind="emission").is_public is False
    assert "Les sciences en balade" not in client.get(reverse("radio:show_list")).content.decode()


def test_a_page_says_what_was_spoken_of_and_leaves_out_what_is_hidden_meanwhile(world, client, museum):
    event = make_event(world.network, organisers=[museum])
    hidden = make_actor(world.network, "Association discrète", state="draft")
    episode = make_episode(world.team, world.show, state="published", events=[event], actors=[museum, hidden])
    page = client.get(episode.get_absolute_url()).content.decode()
    spoken = re.findall(r'<li><svg.*?</svg> <a href="([^"]+)">([^<]+)</a>', page[page.index("on-parle-de") :])
    assert spoken == [
        (event.get_absolute_url(), "Nuit des étoiles"),
        (museum.get_absolute_url(), "Muséum de Montpellier"),
    ]
    assert "Bonjour à toutes et tous." in page and 'preload="none"' in page
    linked = json.loads(
        unescape(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    )
    assert (linked["@type"], linked["timeRequired"], linked["associatedMedia"]["encodingFormat"]) == (
        "PodcastEpisode", "PT6S", "audio/mpeg",
    )  # fmt: skip
    assert [each["name"] for each in linked["mentions"]] == ["Nuit des étoiles", "Muséum de Montpellier"]
    hide_event(by=Viewer.as_system(world.network, "tests"), event=event)
    assert "Nuit des étoiles" not in client.get(episode.get_absolute_url()).content.decode()


def test_lists_cost_the_same_queries_whatever_they_hold(world, client, museum, same_queries):
    number = iter(range(1, 100))

    def add():
        make_episode(world.team, world.show, f"Épisode {next(number)}", state="published", actors=[museum])

    for address in (
        reverse("radio:show_list"), world.show.get_absolute_url(), reverse("radio:feed", args=[world.show.slug]),
    ):  # fmt: skip
        same_queries(page=lambda address=address: client.get(address), add=add)
    team = Client()
    team.force_login(world.team.user)
    same_queries(page=lambda: team.get(reverse("radio:episode_table")), add=add)
    same_queries(page=lambda: client.get(world.show.get_absolute_url()), add=lambda: make_show(world.team))


def test_the_sheet_of_an_actor_says_where_it_is_heard(world, client, museum):
    make_episode(world.team, world.show, "En préparation", actors=[museum])
    assert "À la radio" not in client.get(museum.get_absolute_url()).content.decode()
    make_episode(world.team, world.show, "Entendu", state="published", actors=[museum])
    page = client.get(museum.get_absolute_url()).content.decode()
    assert "À la radio" in page and "Entendu" in page and "En préparation" not in page


def test_the_search_finds_what_is_published_by_what_is_said_in_it(world, client):
    episode = make_episode(
        world.team, world.show, "Nuits d'été", state="published", transcript="Parlons de cicindèles."
    )
    make_episode(world.team, world.show, "Cicindèles en préparation")
    page = client.get(reverse("search:results") + "?q=cicindeles").content.decode()
    assert episode.get_absolute_url() in page and "en préparation" not in page


def test_pages_are_on_the_map_and_say_how_to_subscribe(world, client):
    answer = client.get(reverse("directory:sitemap_part", kwargs={"part": "radio-1"}))
    assert world.show.get_absolute_url() in b"".join(getattr(answer, "streaming_content", [])).decode() or (
        world.show.get_absolute_url() in answer.content.decode()
    )
    page = client.get(reverse("radio:subscribe", args=[world.show.slug])).content.decode()
    assert f"http://{world.network.host}/radio/les-sciences-en-balade/podcast.rss" in page


def test_episodes_of_one_programme_are_read_page_by_page(world, client):
    for rank in range(21):
        episode = make_episode(world.team, world.show, f"Épisode {rank}")
        at = timezone.now() - timedelta(days=rank)
        Episode.objects.filter(pk=episode.pk).update(
            state="published", published_at=at, on_air_at=at, audio=f"radio/{rank}.mp3", audio_bytes=1, duration=60
        )
    address = world.show.get_absolute_url()
    assert [len(client.get(f"{address}?page={page}").context["page"].object_list) for page in (1, 2)] == [20, 1]
