"""What a list of publications is asked for, read from the address."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.networks.models import Network
from maillage.publications.enums import Section

FACETS: dict[str, Any] = {
    "nature": _("Nature"),
    "type": _("Type d'annonce"),
    "theme": _("Thématique"),
    "public": _("Public"),
    "departement": _("Département"),
    "annee": _("Année"),
}
FACETS_OF = {
    "": tuple(FACETS),
    Section.ARTICLES: ("nature", "theme", "public", "departement", "annee"),
    Section.ANNOUNCEMENTS: ("type", "theme", "departement"),
    Section.DOSSIERS: ("theme", "annee"),
}
OVER = "terminees"
ORDERS: dict[str, Any] = {"recent": _("Les plus récents"), "ancien": _("Les plus anciens"), "lu": _("Les plus lus")}


@dataclass
class Filters:
    """The parsed address. `section` is "" for all of them; `over` asks for announcements that are over as well; `actor` is the
    slug of an actor that signs. What is unknown is left out."""

    network: Network
    section: str
    today: date
    q: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    over: bool = False
    actor: str = ""
    order: str = "recent"

    @classmethod
    def from_params(cls, params: QueryDict, network: Network, section: str = "") -> "Filters":
        order = params.get("tri", "")
        filters = cls(
            network,
            section,
            timezone.localdate(),
            q=params.get("q", "").replace("\x00", "").strip()[:200],
            over=section == Section.ANNOUNCEMENTS and params.get(OVER) == "oui",
            actor=params.get("par", "").replace("\x00", "")[:100],
            order=order if order in ORDERS else cls.order,
        )
        for name in filters.facets:
            values = [value.replace("\x00", "")[:80] for value in params.getlist(name)[:50] if value]
            if values:
                filters.chosen[name] = list(dict.fromkeys(values))
        return filters

    @property
    def facets(self) -> tuple[str, ...]:
        return FACETS_OF[self.section]

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows what is read there."""
        return not (self.q or self.chosen or self.over or self.actor)

    def canonical(self) -> QueryDict:
        """The parameters that count, in a fixed order: the same list has one address."""
        kept = QueryDict(mutable=True)
        if self.q:
            kept["q"] = self.q
        if self.over:
            kept[OVER] = "oui"
        if self.actor:
            kept["par"] = self.actor
        for name in self.facets:
            if name in self.chosen:
                kept.setlist(name, self.chosen[name])
        if self.order != Filters.order:
            kept["tri"] = self.order
        return kept
