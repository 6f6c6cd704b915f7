"""What the team has to do now, and its figures: read from the index in memory, each with the table that shows it."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.enums import Circle, ListingState, PositionQuality
from maillage.directory.queries.filters import Filters, Selection, select


@dataclass(frozen=True)
class Queue:
    """Actors waiting for someone: `query` filters the table to them."""

    key: str
    label: Any
    hint: Any
    icon: str
    count: int
    query: str


@dataclass(frozen=True)
class Figure:
    label: Any
    value: int
    query: str
    definition: Any = ""


def own_selection(viewer: Viewer) -> tuple[Selection, str]:
    """The actors that the viewer runs (an animator may be bound to départements), and the filter that says so."""
    params = QueryDict(mutable=True)
    params.setlist("departement", departments_of(viewer))
    filters = Filters.from_params(params, viewer.network, work=True)
    return select(filters), params.urlencode()


def departments_of(viewer: Viewer) -> list[str]:
    """Codes of the départements that bind the viewer; empty when nothing does."""
    if viewer.is_network_admin:
        return []
    codes = {role.department for role in viewer.roles if role.kind == RoleKind.ANIMATOR}
    return [] if "" in codes else sorted(codes)


def queues(selection: Selection, scope: str) -> list[Queue]:
    """What waits, most urgent first; empty queues are left out."""
    index, mask = selection.index, selection.mask
    waiting = [
        ("a-valider", _("à valider"), _("Des fiches attendent votre accord pour paraître."), "clipboard-list",
         index.mask("state", ListingState.PENDING), "etat=pending"),
        ("ailleurs", _("modifiées ailleurs"), _("L'acteur ou un autre réseau a changé une fiche que vous aviez validée."), "history",
         index.mask("elsewhere", True), "ailleurs=oui"),
        ("a-placer", _("à placer sur la carte"), _("Leur position manque ou contredit leur commune."), "map-pin",
         index.mask("position", PositionQuality.TO_PLACE), "position=to_place"),
        ("a-verifier", _("à vérifier"), _("Personne ne les a confirmées depuis longtemps."), "clock",
         index.stale(), "fraicheur=perimee&tri=maj"),
        ("a-preparer", _("à préparer"), _("Elles ne sont pas encore visibles du public."), "pencil",
         index.mask("state", ListingState.DRAFT), "etat=draft"),
        ("incompletes", _("incomplètes"), _("Moins de 40 % de ce qu'une fiche utile contient."), "circle-help",
         index.mask("completeness", "faible"), "completude=faible&tri=completude"),
        ("sans-cercle", _("sans cercle"), _("Elles échappent aux chiffres par cercle."), "circle",
         index.mask("circle", 0), "cercle=0"),
    ]  # fmt: skip
    found = []
    for key, label, hint, icon, among, query in waiting:
        count = (among & mask).bit_count()
        if count:
            found.append(Queue(key, label, hint, icon, count, f"{query}&{scope}" if scope else query))
    return found


def figures(selection: Selection, scope: str) -> list[Figure]:
    index, mask = selection.index, selection.mask
    suffix = f"&{scope}" if scope else ""
    published = (mask & index.mask("state", ListingState.PUBLISHED)).bit_count()
    shown = [
        Figure(_("acteurs suivis"), mask.bit_count(), scope, _("Toutes les fiches du réseau, hors archives.")),
        Figure(_("publiés"), published, f"etat=published{suffix}", _("Visibles de tous dans l'annuaire.")),
    ]
    for circle in Circle:
        count = (mask & index.mask("circle", circle.value)).bit_count()
        label = [_("en cercle 1"), _("en cercle 2"), _("en cercle 3")][circle.value - 1]
        shown.append(Figure(label, count, f"cercle={circle.value}{suffix}", circle.label))
    return shown
