"""Which addresses of sounds and videos have a player that may be framed, and where.

An address is read whole by patterns, never repaired: https, a host known to the letter, an identifier of its host's own shape. The
frame is built anew from that identifier, so that nothing else of what an author typed reaches it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

_ADDRESS = re.compile(
    r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(/[\w./~-]*)(?:\?([\w.~=&%+,-]*))?(?:#[\w.~=&%+,:-]*)?", re.ASCII
)
_HOST = re.compile(r"(?=.{4,100}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,20}", re.ASCII)
_LONGEST = 500


@dataclass(frozen=True)
class Player:
    """`host` as readers know it; `frame` the address of the player, on `origin`."""

    host: str
    frame: str

    @property
    def origin(self) -> str:
        return "/".join(self.frame.split("/")[:3])


@dataclass(frozen=True)
class _Kind:
    """`path` names `id`, and perhaps `key`; with `param`, the identifier is that one of the query instead."""

    host: str
    names: tuple[str, ...]
    path: str
    frame: str
    param: str = ""
    identifier: str = ""


_TUBE = r"[A-Za-z0-9_-]{11}"
_TUBE_FRAME = "https://www.youtube-nocookie.com/embed/{id}"
_TUBE_NAMES = ("www.youtube.com", "youtube.com", "m.youtube.com", "www.youtube-nocookie.com")
# dnt=1: Vimeo keeps nothing of the session. p2p=0: PeerTube does not tell the reader's address to the other readers.
_KINDS = (
    _Kind("YouTube", _TUBE_NAMES, r"/watch", _TUBE_FRAME, param="v", identifier=_TUBE),
    _Kind("YouTube", _TUBE_NAMES, rf"/(?:embed|shorts|live)/(?P<id>{_TUBE})/?", _TUBE_FRAME),
    _Kind("YouTube", ("youtu.be",), rf"/(?P<id>{_TUBE})", _TUBE_FRAME),
    _Kind("Vimeo", ("vimeo.com", "www.vimeo.com"), r"/(?P<id>\d{6,12})(?:/(?P<key>[0-9a-f]{8,12}))?/?",
          "https://player.vimeo.com/video/{id}?dnt=1{key}"),
    _Kind("Vimeo", ("player.vimeo.com",), r"/video/(?P<id>\d{6,12})", "https://player.vimeo.com/video/{id}?dnt=1"),
    _Kind("Dailymotion", ("www.dailymotion.com", "dailymotion.com"), r"/(?:embed/)?video/(?P<id>[A-Za-z0-9]{5,20})",
          "https://geo.dailymotion.com/player.html?video={id}"),
    _Kind("Dailymotion", ("dai.ly",), r"/(?P<id>[A-Za-z0-9]{5,20})", "https://geo.dailymotion.com/player.html?video={id}"),
    _Kind("Arte", ("www.arte.tv",), r"/(?P<key>fr|de|en|es|it|pl)/videos/(?P<id>\d{6}-\d{3}-[A-Z])(?:/[\w-]*)?/?",
          "https://www.arte.tv/embeds/{key}/{id}"),
    _Kind("SoundCloud", ("soundcloud.com", "www.soundcloud.com"), r"/(?P<id>[a-z0-9_-]{2,80}/(?:sets/)?[a-z0-9_-]{2,120})",
          "https://w.soundcloud.com/player/?url={id}"),
)  # fmt: skip
_PEERTUBE = re.compile(
    r"/(?:w|videos/watch|videos/embed)/"
    r"([1-9A-HJ-NP-Za-km-z]{21,22}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
    re.ASCII,
)


def player_of(address: str, peertube: Collection[str] = ()) -> Player | None:
    """The player of an address, None where only a link is right; `peertube` are hosts that the network trusts."""
    read = _ADDRESS.fullmatch(address) if len(address) <= _LONGEST else None
    if read is None:
        return None
    host, path, query = read[1], read[2], read[3] or ""
    if host in peertube and is_host(host) and (found := _PEERTUBE.fullmatch(path)):
        return Player(host, f"https://{host}/videos/embed/{found[1]}?p2p=0")
    for kind in _KINDS:
        if host in kind.names and (framed := _framed(kind, path, query)):
            return Player(kind.host, framed)
    return None


def _framed(kind: _Kind, path: str, query: str) -> str:
    found = re.fullmatch(kind.path, path, re.ASCII)
    if found is None:
        return ""
    if kind.param:
        given = [each.removeprefix(f"{kind.param}=") for each in query.split("&") if each.startswith(f"{kind.param}=")]
        if len(given) != 1 or not re.fullmatch(kind.identifier, given[0], re.ASCII):
            return ""
        return kind.frame.format(id=given[0])
    parts = found.groupdict()
    key = parts.get("key") or ""
    if kind.host == "Vimeo":
        key = f"&h={key}" if key else ""
    if kind.host == "SoundCloud":
        return kind.frame.format(id=quote(f"https://soundcloud.com/{parts['id']}", safe=""))
    return kind.frame.format(id=parts["id"], key=key)


def is_host(name: str) -> bool:
    """A host name to the letter, without a port."""
    return _HOST.fullmatch(name) is not None


def hosts_of(text: str) -> list[str]:
    """The names of a list as people type one, between spaces, commas or semicolons."""
    return [each.lower() for each in re.split(r"[\s,;]+", text) if each]
