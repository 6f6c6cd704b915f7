"""Is this resource already in the catalogue? One called nearly the same, of the same actor or not. A person decides."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from maillage.catalogue.enums import State
from maillage.catalogue.models import Resource
from maillage.core.text import folded
from maillage.core.viewer import Viewer

_GENERIC = frozenset(
    [
        "a",
        "au",
        "aux",
        "avec",
        "dans",
        "de",
        "des",
        "du",
        "en",
        "et",
        "l",
        "la",
        "le",
        "les",
        "par",
        "pour",
        "sur",
        "un",
        "une",
        "d",
        "malle",
        "mallette",
        "kit",
        "exposition",
        "expo",
        "jeu",
        "atelier",
        "animation",
        "fiche",
        "guide",
        "methode",
        "conference",
        "video",
        "materiel",
        "camion",
    ]
)
_SAME_ACTOR, _ELSEWHERE = 72, 88
_MOST = 5


@dataclass(frozen=True)
class Alike:
    resource: Resource
    same_actor: bool
    score: float


def alike_to(viewer: Viewer, title: str, actor_id: int | None) -> list[Alike]:
    """Those that the viewer may see, the most alike first; titles without the words that many share, unless nothing is left."""
    told = _words(title)
    visible = Resource.objects.visible_to(viewer).exclude(state=State.REFUSED)
    found = []
    for pk, key, actor in visible.order_by("pk").values_list("pk", "title_key", "actor"):
        score = fuzz.token_sort_ratio(told, _words(key))
        if score >= (_SAME_ACTOR if actor == actor_id else _ELSEWHERE):
            found.append((score, actor == actor_id, pk))
    best = sorted(found, key=lambda each: (-each[0], not each[1], each[2]))[:_MOST]
    rows = visible.select_related("actor").in_bulk([pk for _score, _same, pk in best])
    return [Alike(rows[pk], same, score) for score, same, pk in best if pk in rows]


def _words(title: str) -> str:
    words = folded(title).split()
    return " ".join(word for word in words if word not in _GENERIC) or " ".join(words)
