"""A record as its working sheet shows it: by step, each value with who wrote it last."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.richtext import shown as as_html
from maillage.directory.enums import LANGUAGES, PlaceAccess
from maillage.directory.models import Actor
from maillage.directory.queries.fields import TERMS
from maillage.directory.queries.history import Wrote, label_of
from maillage.topics.enums import Vocabulary

_FIELDS: dict[str, tuple[str, ...]] = {
    "identite": ("kind", "name", "acronym", "siret", "siren", "rna", "uai", "parent"),
    "activite": ("family", "summary", "description", "themes", "audiences", "action_kinds"),
    "lieu": ("address", "postal_code", "commune", "position", "zone"),
    "contact": ("website", "email", "phone", "contact_name", "contact_is_public", "languages"),
    "image": ("image", "image_alt", "image_role", "image_credit"),
    "accessibilite": ("place_access", "access_notes"),
    "suivi": ("update_rhythm", "source"),
}


@dataclass(frozen=True)
class Shown:
    """A value of the sheet; `kind` says how to draw it ("text", "rich", "link", "image")."""

    label: Any
    value: Any
    kind: str
    wrote: Wrote | None


@dataclass(frozen=True)
class StepShown:
    """`wrote`: who wrote the values last, each once with the labels of what is theirs, who wrote most first."""

    step: str
    title: Any
    values: list[Shown]
    empty: list[Any]
    wrote: list[tuple[Wrote, list[Any]]]


def steps_shown(actor: Actor, steps: list[tuple[str, Any]], wrote: Mapping[str, Wrote]) -> list[StepShown]:
    """The steps of the sheet; what is empty is named at the end of its step rather than shown as holes."""
    return [_step(actor, step, title, wrote) for step, title in steps]


def _step(actor: Actor, step: str, title: Any, wrote: Mapping[str, Wrote]) -> StepShown:
    shown = [_shown(actor, name, wrote) for name in _FIELDS[step]]
    held = [each for each in shown if each.value]
    by: dict[Wrote, list[Any]] = {}
    for each in held:
        if each.wrote:
            by.setdefault(each.wrote, []).append(each.label)
    authors = sorted(by.items(), key=lambda pair: -len(pair[1]))
    return StepShown(step, title, held, [each.label for each in shown if not each.value], authors)


@dataclass(frozen=True)
class Beside:
    """A value of two sheets; `differs` when they tell it otherwise, one of them perhaps nothing."""

    label: Any
    one: Shown
    other: Shown
    differs: bool


def beside(one: Actor, other: Actor, wrote: tuple[Mapping[str, Wrote], Mapping[str, Wrote]]) -> list[Beside]:
    """What two sheets say, in the order of the sheet; what neither says is left out."""
    names = [name for names in _FIELDS.values() for name in names if name not in ("kind", "image_role")]
    rows = [(_shown(one, name, wrote[0]), _shown(other, name, wrote[1])) for name in names]
    return [
        Beside(here.label, here, there, here.value != there.value) for here, there in rows if here.value or there.value
    ]


def _shown(actor: Actor, name: str, wrote: Mapping[str, Wrote]) -> Shown:
    recorded = {"position": "latitude", **dict.fromkeys(TERMS, "terms")}.get(name, name)
    label = Vocabulary(TERMS[name]).label if name in TERMS else _("Position") if name == "position" else label_of(name)
    kind = {"description": "rich", "website": "link", "image": "image"}.get(name, "text")
    return Shown(label, _value(actor, name), kind, wrote.get(recorded))


def _value(actor: Actor, name: str) -> Any:
    if name in TERMS:
        return ", ".join(term.label for term in actor.terms.all() if term.vocabulary == TERMS[name])
    if name == "zone":
        return ", ".join(territory.name for territory in actor.zone.all())
    if name == "position":
        if actor.latitude is None:
            return actor.get_position_quality_display()
        point = f"{actor.latitude:.5f} ; {actor.longitude:.5f}".replace(".", ",")
        return f"{point} ({actor.get_position_quality_display()})"
    if name == "kind":
        return actor.get_kind_display()
    if name == "contact_is_public":
        return _("oui") if actor.contact_is_public else _("non")
    if name == "languages":
        return ", ".join(str(LANGUAGES.get(code, code)) for code in actor.languages)
    if name == "place_access":
        return ", ".join(str(PlaceAccess(code).label) for code in actor.place_access if code in PlaceAccess.values)
    if name == "update_rhythm":
        return _("%(months)s mois") % {"months": actor.update_rhythm}
    if name == "parent":
        return actor.parent.name if actor.parent else ""
    if name == "description":
        return as_html(actor.description) if actor.description else ""
    return getattr(actor, name) or ""
