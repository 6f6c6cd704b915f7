"""Why two records are thought to be of one actor, or not, in words: what agrees and how rare it is, what differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.linkage.queries.model import Explanation, Part
from maillage.linkage.queries.records import Profile

CODES = ("siren", "siret", "rna", "uai")
_NEAR_KM = 1
_DIFFERENT = {
    "numbers_other": "name",
    "place_other": "place",
    "postal_other": "postal",
    "department_other": "department",
    "street_other": "street",
    "number_other": "street",
    "phone_other": "phone",
    "host_other": "host",
    "identifier_other": "identifier",
}


@dataclass(frozen=True)
class Argument:
    """A sentence, and the log-odds that it adds (positive when it speaks for one actor)."""

    sentence: str
    weight: float


def is_same_siren(one: Profile, other: Profile) -> bool:
    """Of one legal body, not known to be one establishment (DIR-2)."""
    siren = _siren(one)
    return bool(siren) and siren == _siren(other)


def _siren(profile: Profile) -> str:
    return profile.identifiers.get("siren") or profile.identifiers.get("siret", "")[:9]


def reasons(one: Profile, other: Profile, parts: Iterable[Part]) -> tuple[str, ...]:
    """What agrees, in few words, the most telling first; `parts` of the explanation that speak for the likeness."""
    told = [_agreement(one, other, part) for part in parts]
    if is_same_siren(one, other):
        told.insert(0, _("même SIREN"))
    return tuple(dict.fromkeys(reason for reason in told if reason))


def arguments(one: Profile, other: Profile, explanation: Explanation) -> tuple[list[Argument], list[Argument]]:
    """What speaks for one actor, then against it, each sentence once with all it weighs, the weightiest first."""
    weights: dict[str, float] = {}
    for part in explanation.parts:
        sentence = (
            _rare(part) or _agreement(one, other, part) if part.contribution > 0 else _difference(one, other, part)
        )
        if sentence:
            weights[sentence] = weights.get(sentence, 0.0) + part.contribution
    told = sorted(
        (Argument(sentence, weight) for sentence, weight in weights.items()), key=lambda each: -abs(each.weight)
    )
    return [each for each in told if each.weight > 0], [each for each in told if each.weight < 0]


def _agreement(one: Profile, other: Profile, part: Part) -> str:
    name = part.feature
    if name == "identifier_same":
        shared = sorted(scheme for scheme, value in one.identifiers.items() if other.identifiers.get(scheme) == value)
        names = [scheme.upper() if scheme in CODES else _("identifiant %s") % scheme for scheme in shared]
        return _("même %s") % ", ".join(names)
    if name.startswith("name_"):
        return _("nom identique") if one.core == other.core else _("nom proche")
    if name in ("place_same", "place_rarity"):
        return _("même commune") if one.place and one.place == other.place else ""
    if name == "near":
        return _("à %d m") % round(1000 * part.values) if part.values < _NEAR_KM else ""
    return {
        "acronym": _("sigle de l'autre"),
        "street_same": _("même rue"),
        "phone_same": _("même téléphone"),
        "page_same": _("même adresse de site"),
        "mailbox_same": _("même adresse e-mail"),
        "postal_same": _("même code postal") if not (one.place and other.place) else "",
    }.get(name, "")


def _rare(part: Part) -> str:
    """What is shared, with how many sheets of the network have it."""
    if part.feature.startswith("name_") and isinstance(part.values, list) and part.values:
        words = [_counted(a if a == b else f"{a}/{b}", count) for a, b, count in sorted(part.values, key=_third)[:4]]
        return _("mots en commun : %s") % ", ".join(words)
    if part.feature in ("page_same", "mailbox_same", "phone_same") and isinstance(part.values, list):
        label = {"page_same": _("même adresse de site"), "mailbox_same": _("même adresse e-mail")}
        shared = ", ".join(_counted(value, count) for value, count in part.values[:2])
        return f"{label.get(part.feature, _('même téléphone'))} : {shared}"
    return ""


def _third(word: tuple[str, str, int]) -> int:
    return word[2]


def _counted(word: str, count: int) -> str:
    return ngettext("« %(word)s » (%(count)d fiche)", "« %(word)s » (%(count)d fiches)", count) % {
        "word": word,
        "count": count,
    }


def _difference(one: Profile, other: Profile, part: Part) -> str:
    name = part.feature
    if name in ("name_apart", "name_more", "apart_here"):
        alone = [sorted(set(here.words) - set(there.words)) for here, there in ((one, other), (other, one))]
        return _("mots que l'une a sans l'autre : %s") % " / ".join(", ".join(words[:4]) or "–" for words in alone)
    if name == "far":
        return _("à %d km l'une de l'autre") % round(part.values)
    about = _DIFFERENT.get(name)
    return {
        "name": _("numéros différents dans le nom"),
        "place": _("communes différentes"),
        "postal": _("codes postaux différents"),
        "department": _("départements différents"),
        "street": _("adresses différentes"),
        "phone": _("téléphones différents"),
        "host": _("sites ou messageries différents"),
        "identifier": _("identifiants différents"),
        None: "",
    }[about]


def percent(score: float) -> Any:
    """A probability, never told as a certainty."""
    return min(99, max(1, round(100 * score)))
