"""A sound is known by its content, kept under another name, given in parts to whoever may hear it."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from maillage.activity.models import Entry
from maillage.core import audio
from maillage.radio import actions
from maillage.radio.models import Episode
from tests.factories.radio import (
    give_sound,
    make_episode,
    silent_aac,
    silent_m4a,
    silent_mp3,
    silent_opus,
    upload,
)


@pytest.mark.parametrize(
    ("content", "kind", "seconds"),
    [
        (silent_mp3(6), "audio/mpeg", 6),
        (silent_mp3(12, tag=True), "audio/mpeg", 12),
        (silent_mp3(6) + b"TAG" + bytes(125), "audio/mpeg", 6),
        (silent_aac(94), "audio/aac", 2),
        (silent_opus(4), "audio/ogg", 4),
        (silent_m4a(5), "audio/mp4", 5),
    ],
)
def test_what_a_sound_is_and_how_long_it_lasts_is_read_from_it_whatever_its_name(content, kind, seconds):
    sound = audio.received(upload(content, "photo.jpg"), most_megabytes=1)
    assert (sound.kind, sound.seconds, sound.size) == (kind, seconds, len(content))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"\xff\xd8\xff\xe0" + bytes(400),  # A photo.
        b"RIFF" + bytes(4) + b"WAVEfmt " + bytes(400),
        silent_mp3(6)[:24],  # One frame alone.
        silent_mp3(1) + b"<html>" + b"x" * 4000,  # A sound, then something else.
        b"ID3\x04\x00\x00\xff\xff\xff\xff" + silent_mp3(1),
        silent_m4a(5)[:60],
        silent_m4a(5, b"vide"),
        silent_m4a(5).replace(b"mdat", b"free"),
        silent_opus(4)[:90],
        silent_opus(4).replace(b"OpusHead", b"\x80theora!"),
        b"OggS" + bytes(200),
        b"\xff\xf3\x14\xc4",
    ],
)
def test_what_is_no_sound_or_only_the_beginning_of_one_is_refused(content):
    with pytest.raises(ValidationError, match="pas un son lisible"):
        audio.received(upload(content, "emission.mp3"), most_megabytes=1)


def test_a_sound_made_to_be_long_to_read_is_refused():
    tiny = (8).to_bytes(4) + b"free"
    many = silent_m4a(5).replace(b"mdat", b"free") + tiny * 20_000 + (16).to_bytes(4) + b"mdat" + bytes(8)
    empty_frames = b"\xff\xf1\x50\x00\x00\xe0\x00" * 4000
    for content in (many, empty_frames):
        with pytest.raises(ValidationError, match="pas un son lisible"):
            audio.received(upload(content), most_megabytes=1)


def test_a_sound_too_heavy_is_refused_with_what_to_do():
    with pytest.raises(ValidationError, match=r"trop lourd.*: 1 Mo au plus"):
        audio.received(upload(silent_mp3(1001)), most_megabytes=1)


def test_the_team_deposits_and_replaces_a_sound_and_the_old_file_goes(world, django_capture_on_commit_callbacks):
    episode = make_episode(world.team, world.show)
    client = Client()
    client.force_login(world.team.user)
    address = reverse("radio:episode_sound", args=[episode.pk])
    answer = client.post(address, {"audio": upload(b"<html>")})
    assert answer.status_code == 422
    assert "pas un son lisible" in answer.content.decode()
    assert client.post(address, {"audio": upload()}).status_code == 302
    episode.refresh_from_db()
    first = episode.audio.name
    assert (episode.audio_kind, episode.duration, episode.audio_bytes) == ("audio/mpeg", 6, 6000)
    assert "emission" not in first and default_storage.exists(first)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"audio": upload(silent_opus(), "a.mp3")}).status_code == 302
    episode.refresh_from_db()
    assert episode.audio.name.endswith(".ogg")
    assert (default_storage.exists(first), default_storage.exists(episode.audio.name)) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"acte": "retirer"}).status_code == 302
    episode.refresh_from_db()
    assert (episode.audio.name, episode.duration) == ("", 0)
    assert list(Entry.objects.filter(verb__startswith="episode.audio").order_by("pk").values_list("verb", flat=True)) == [
        "episode.audio", "episode.audio", "episode.audio_removed",
    ]  # fmt: skip
    cache.clear()


def test_a_person_who_sends_too_many_files_waits(world, monkeypatch):
    monkeypatch.setattr("maillage.radio.views.sound._AN_HOUR", 1)
    episode = make_episode(world.team, world.show)
    client = Client()
    client.force_login(world.team.user)
    address = reverse("radio:episode_sound", args=[episode.pk])
    assert [client.post(address, {"audio": upload(b"x")}).status_code for _time in range(2)] == [422, 429]


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_players_ask_for_a_sound_in_parts(world, client):
    episode = make_episode(world.team, world.show, state="published")
    url, whole = episode.audio_url, silent_mp3()

    def ask(**headers):
        answer = client.get(url, headers=headers)
        return answer.status_code, answer.get("Content-Range", ""), body(answer)

    answer = client.get(url)
    assert body(answer) == whole
    headers = ("Content-Type", "Content-Length", "Accept-Ranges", "X-Content-Type-Options", "Content-Security-Policy")
    assert [answer[name] for name in headers] == [
        "audio/mpeg", "6000", "bytes", "nosniff", "default-src 'none'; sandbox",
    ]  # fmt: skip
    assert ask(range="bytes=0-1") == (206, "bytes 0-1/6000", whole[:2])
    assert ask(range="bytes=100-") == (206, "bytes 100-5999/6000", whole[100:])
    assert ask(range="bytes=-10") == (206, "bytes 5990-5999/6000", whole[-10:])
    assert ask(range="bytes=5990-99999") == (206, "bytes 5990-5999/6000", whole[5990:])
    assert ask(range="bytes=6000-") == (416, "bytes */6000", b"")
    assert ask(range="bytes=0-1,5-6") == (200, "", whole)
    assert ask(range="lignes=0-1") == (200, "", whole)
    assert ask(range="bytes=0-1", if_range='"autre"') == (200, "", whole)
    assert client.get(url, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.head(url, headers={"range": "bytes=0-1"}).status_code == 206


def test_a_sound_is_heard_by_the_team_alone_until_it_is_published(world, client):
    episode = give_sound(world.team, make_episode(world.team, world.show))
    team = Client()
    team.force_login(world.team.user)
    assert (client.get(episode.audio_url).status_code, body(team.get(episode.audio_url))) == (404, silent_mp3())
    assert team.head(episode.audio_url)["Cache-Control"] == "private, no-store"
    assert client.get(f"/fichiers/{episode.audio.name}").status_code == 404
    default_storage.delete(episode.audio.name)
    assert team.get(episode.audio_url).status_code == 404


def test_the_sound_goes_with_its_episode(world, django_capture_on_commit_callbacks):
    episode = give_sound(world.team, make_episode(world.team, world.show))
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_episode(by=world.team, episode=episode)
    assert (Episode.objects.count(), default_storage.exists(episode.audio.name)) == (0, False)
