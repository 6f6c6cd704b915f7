"""Sounds and videos of other sites: which addresses have a player, and which pages may frame it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind
from maillage.networks.actions import save_settings
from maillage.publications.engine.players import Player, player_of
from maillage.publications.queries.taking import text_to_take
from tests.factories.publications import make_person, make_publication

TUBE = "https://www.youtube-nocookie.com/embed/0fKBhvDjuy0"
UUID = "52a10666-3a18-4e73-93da-e8d3c12c305a"
FRAMES = re.compile(
    r"https://(www\.youtube-nocookie\.com/embed/[\w-]{11}|player\.vimeo\.com/video/\d+\?dnt=1(&h=[0-9a-f]+)?"
    r"|geo\.dailymotion\.com/player\.html\?video=[A-Za-z0-9]+|www\.arte\.tv/embeds/[a-z]{2}/[\dA-Z-]+"
    r"|w\.soundcloud\.com/player/\?url=https%3A%2F%2Fsoundcloud\.com%2F[\w%-]+|video\.test\.org/videos/embed/[\w-]+\?p2p=0)",
    re.ASCII,
)


@pytest.mark.parametrize(
    ("address", "host", "frame"),
    [
        ("https://www.youtube.com/watch?v=0fKBhvDjuy0", "YouTube", TUBE),
        ("https://www.youtube.com/watch?feature=share&v=0fKBhvDjuy0&t=12", "YouTube", TUBE),
        ("https://youtu.be/0fKBhvDjuy0?si=abc", "YouTube", TUBE),
        ("https://m.youtube.com/shorts/0fKBhvDjuy0", "YouTube", TUBE),
        ("https://vimeo.com/76979871", "Vimeo", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://vimeo.com/76979871/8272103f6e", "Vimeo", "https://player.vimeo.com/video/76979871?dnt=1&h=8272103f6e"),
        ("https://www.dailymotion.com/video/x8abcde", "Dailymotion", "https://geo.dailymotion.com/player.html?video=x8abcde"),
        ("https://dai.ly/x8abcde", "Dailymotion", "https://geo.dailymotion.com/player.html?video=x8abcde"),
        ("https://www.arte.tv/fr/videos/068406-004-A/les-routes/", "Arte", "https://www.arte.tv/embeds/fr/068406-004-A"),
        ("https://soundcloud.com/radio-lot/la-nuit", "SoundCloud",
         "https://w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fradio-lot%2Fla-nuit"),
        (f"https://video.test.org/videos/watch/{UUID}", "video.test.org", f"https://video.test.org/videos/embed/{UUID}?p2p=0"),
        ("https://video.test.org/w/d6ZiUHJRxpjoZKSeetjSXe", "video.test.org",
         "https://video.test.org/videos/embed/d6ZiUHJRxpjoZKSeetjSXe?p2p=0"),
    ],
)  # fmt: skip
def test_the_address_of_a_known_site_has_its_player(address, host, frame):
    assert player_of(address, ["video.test.org"]) == Player(host, frame)


@pytest.mark.parametrize(
    "address",
    [
        "http://www.youtube.com/watch?v=0fKBhvDjuy0",
        "https://www.youtube.com:8443/watch?v=0fKBhvDjuy0",
        "https://lea@www.youtube.com/watch?v=0fKBhvDjuy0",
        "https://www.youtube.com.mechant.example/watch?v=0fKBhvDjuy0",
        "https://mechant.example/https://www.youtube.com/watch?v=0fKBhvDjuy0",
        "https://www.youtube.com\\@mechant.example/watch?v=0fKBhvDjuy0",
        "https://www.youtube.com/watch?v=0fKBhvDjuy0&v=aaaaaaaaaaa",
        "https://www.youtube.com/watch?v=0fKBhvDjuy",
        "https://www.youtube.com/embed/../redirect",
        "https://youtu.be/0fKBhvDjuy0\n",
        "https://vimeo.com/７６９７９８７１",
        "https://www.youtube.com/@chaine",
        f"https://autre.test.org/videos/watch/{UUID}",
        f"https://video.test.org/videos/watch/{UUID}/..",
        "https://soundcloud.com/radio-lot",
        "javascript:alert(1)",
        "",
    ],
)
def test_any_other_address_has_none(address):
    assert player_of(address, ["video.test.org"]) is None


_HOSTS = [
    "www.youtube.com",
    "youtu.be",
    "vimeo.com",
    "www.dailymotion.com",
    "www.arte.tv",
    "soundcloud.com",
    "video.test.org",
]
_HEADS = ["/", "/watch?v=", "/embed/", "/video/", "/fr/videos/", "/w/", "/videos/watch/"]


@given(st.sampled_from(_HOSTS), st.sampled_from(_HEADS), st.text(max_size=60))
def test_whatever_is_typed_a_frame_is_one_of_the_known_shapes(host, head, rest):
    found = player_of(f"https://{host}{head}{rest}", ["video.test.org"])
    assert found is None or FRAMES.fullmatch(found.frame)


@given(st.from_regex(r"[A-Za-z0-9_-]{11}", fullmatch=True).filter(str.isascii))
def test_every_identifier_of_a_video_reaches_its_frame(identifier):
    found = player_of(f"https://www.youtube.com/watch?v={identifier}")
    assert found is not None
    assert found.frame.endswith(f"/embed/{identifier}")


def tube(**fields):
    return {
        "kind": "video",
        "url": "https://youtu.be/0fKBhvDjuy0",
        "title": "Puissances de dix",
        "caption": "",
        **fields,
    }


pages = pytest.mark.django_db


@pages
def test_a_page_that_shows_a_player_alone_may_frame_its_site_and_loads_nothing_of_it(world):
    played = make_publication(world.team, media=[tube()], body="<p>[média 1]</p>")
    plain = make_publication(world.team, "Sans média")
    client = Client()
    first, again = (client.get(played.get_absolute_url()) for _time in range(2))
    for answer in (first, again):  # The second is the page that was kept.
        assert "frame-src https://www.youtube-nocookie.com;" in f"{answer['Content-Security-Policy']};"
    page = first.content.decode()
    assert f'data-player="{TUBE}"' in page
    assert 'href="https://youtu.be/0fKBhvDjuy0"' in page
    assert "<iframe" not in page
    assert 'src="https://' not in page
    assert "frame-src" not in client.get(plain.get_absolute_url())["Content-Security-Policy"]
    assert "frame-src" not in client.get("/articles/")["Content-Security-Policy"]


@pages
def test_an_unknown_site_stays_a_link_until_the_network_names_it(world):
    address = f"https://video.exemple.org/videos/watch/{UUID}"
    found = make_publication(world.team, media=[tube(url=address)])
    client, admin = Client(), make_person(world.network, "Iris Roy", RoleKind.NETWORK_ADMIN)
    answer = client.get(found.get_absolute_url())
    assert "data-player" not in answer.content.decode()
    assert "frame-src" not in answer["Content-Security-Policy"]
    save_settings(by=admin, network=world.network, values={"peertube_hosts": "Video.exemple.org, autre.exemple.org"})
    answer = client.get(found.get_absolute_url())
    assert f'data-player="https://video.exemple.org/videos/embed/{UUID}?p2p=0"' in answer.content.decode()
    assert "frame-src https://video.exemple.org" in answer["Content-Security-Policy"]


@pages
@pytest.mark.parametrize(
    "typed", ["https://video.exemple.org", "video.exemple.org 'unsafe-inline'", "*", "localhost", "a.b;c"]
)
def test_what_is_no_host_is_refused_in_the_settings(world, typed):
    admin = make_person(world.network, "Iris Roy", RoleKind.NETWORK_ADMIN)
    with pytest.raises(Refused):
        save_settings(by=admin, network=world.network, values={"peertube_hosts": typed})


@pages
def test_what_leaves_the_site_and_working_pages_keep_the_link(world):
    found = make_publication(world.team, media=[tube()], body="<p>[média 1]</p>")
    taken = text_to_take(found, "http://testserver/")
    assert "https://youtu.be/0fKBhvDjuy0" in taken
    assert "nocookie" not in taken
    client = Client()
    client.force_login(world.team.user)
    answer = client.get(reverse("publications:publication_work", args=[found.pk]))
    assert "nocookie" not in answer.content.decode()
    assert "frame-src" not in answer["Content-Security-Policy"]
