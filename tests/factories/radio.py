"""Small worlds for the tests of the radio, made by the real actions; short silences of each format, made by bytes."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from maillage.core import audio
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.models import Network
from maillage.radio import actions
from maillage.radio.enums import EpisodeState
from maillage.radio.models import Episode, Show
from tests.factories.directory import make_network
from tests.factories.publications import make_person

_WAY = (EpisodeState.READY, EpisodeState.RECORDED, EpisodeState.BROADCAST, EpisodeState.PUBLISHED)


def silent_mp3(seconds: float = 6, *, tag: bool = False) -> bytes:
    """MPEG-2 layer III, 24 kHz, 8 kbit/s, mono: frames of 24 bytes and 24 ms."""
    frames = (b"\xff\xf3\x14\xc4" + bytes(20)) * round(seconds / 0.024)
    return b"ID3\x04\x00\x00\x00\x00\x00\x14" + bytes(20) + frames if tag else frames


def silent_aac(frames: int = 50) -> bytes:
    """ADTS, AAC-LC, 48 kHz, mono: frames of 16 bytes and 1024 samples."""
    return (bytes([0xFF, 0xF1, 0x4C, 0x40, 16 >> 3, (16 & 7) << 5 | 0x1F, 0xFC]) + bytes(9)) * frames


def _page(serial: int, flags: int, granule: int, number: int, packet: bytes) -> bytes:
    head = b"OggS\x00" + bytes([flags]) + granule.to_bytes(8, "little", signed=True)
    return (
        head + serial.to_bytes(4, "little") + number.to_bytes(4, "little") + bytes(4) + bytes([1, len(packet)]) + packet
    )


def silent_opus(seconds: int = 4) -> bytes:
    """Three pages: what it is, its comments, its end (checksums are left out: no decoder reads it)."""
    opus = b"OpusHead\x01\x01" + (312).to_bytes(2, "little") + (48000).to_bytes(4, "little") + bytes(3)
    tags = b"OpusTags" + bytes(24)
    end = seconds * 48000 + 312
    return _page(7, 2, 0, 0, opus) + _page(7, 0, 0, 1, tags) + _page(7, 4, end, 2, b"\xf8\xff\xfe")


def _box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + kind + content


def silent_m4a(seconds: int = 5, handler: bytes = b"soun") -> bytes:
    mvhd = bytes(12) + (1000).to_bytes(4) + (seconds * 1000).to_bytes(4) + bytes(80)
    trak = _box(b"trak", _box(b"mdia", _box(b"hdlr", bytes(8) + handler + bytes(13))))
    return _box(b"ftyp", b"M4A \x00\x00\x00\x00") + _box(b"moov", _box(b"mvhd", mvhd) + trak) + _box(b"mdat", bytes(64))


def upload(content: bytes | None = None, name: str = "emission.mp3") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, silent_mp3() if content is None else content)


def make_show(by: Viewer, name: str = "Les sciences en balade", **fields: Any) -> Show:
    """Ten minutes, open, unless told otherwise."""
    values = {
        "name": name, "summary": "Ce qui se passe près de chez vous.", "minutes": 10, "owner_name": "La rédaction",
        "owner_email": "radio@exemple.test", **fields,
    }  # fmt: skip
    return actions.create_show(by=by, fields=values)


def make_episode(
    by: Viewer,
    show: Show,
    title: str = "Nuits d'été",
    *,
    state: str = "draft",
    events: Any = (),
    actors: Any = (),
    **fields: Any,
) -> Episode:
    """Brought to that state by the actions, with a sound and a transcript once it is published."""
    planned = fields.pop("planned_at", timezone.now() - timedelta(days=3))
    values = {"title": title, "planned_at": planned, "summary": "On y parle d'étoiles.", **fields}
    episode = actions.create_episode(by=by, show=show, fields=values)
    actions.add_items(by=by, episode=episode, events=events, actors=actors)
    if not (events or actors):
        actions.add_free_item(by=by, episode=episode, kind="jingle", title="Générique", planned=20)
    if state == EpisodeState.DRAFT:
        return episode
    for step in _WAY:
        if step == EpisodeState.PUBLISHED:
            give_sound(by, episode)
            if not episode.transcript:
                actions.edit_episode(
                    by=by, episode=episode, fields={"transcript": "Bonjour à toutes et tous."}, seen=None
                )
        episode = actions.change_state(by=by, episode=episode, state=step)
        if step == state:
            break
    return episode


def give_sound(by: Viewer, episode: Episode, content: bytes | None = None) -> Episode:
    sound = audio.received(upload(content), most_megabytes=10)
    return actions.attach_audio(by=by, episode=episode, sound=sound)


def make_radio_world(host: str = "testserver") -> SimpleNamespace:
    """A network with an animator (Camille), a member (Nadia) and a programme."""
    network: Network = make_network(host=host)
    team = make_person(network, "Camille Rey", RoleKind.ANIMATOR)
    return SimpleNamespace(
        network=network,
        team=team,
        nadia=make_person(network, "Nadia Ferrand"),
        visitor=Viewer(network=network),
        show=make_show(team),
    )
