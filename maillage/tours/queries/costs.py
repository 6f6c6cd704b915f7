"""What a change of the tour by hand costs, said before it is made."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from maillage.tours.engine.appraisal import Breach, Difference, Fault, Move, evaluate
from maillage.tours.engine.season import Stop as Stay
from maillage.tours.models import HostRequest
from maillage.tours.queries.stating import Statement


@dataclass(frozen=True)
class Cost:
    """`sentences`: the rules that the change would break. `is_possible`: it may be made all the same."""

    day: date | None
    stay: Stay | None
    change: Difference | None
    sentences: list[str] = field(default_factory=list)
    is_possible: bool = True


def cost_of_move(stated: Statement, request: HostRequest, day: date | None) -> Cost:
    place = next((place for place, row in enumerate(stated.rows) if row.pk == request.pk), None)
    if place is None:
        return Cost(day, None, None, [_("Cette demande n'est pas jugée faisable.")], is_possible=False)
    slot = None
    if day is not None:
        slot = stated.slot(day)
        length = stated.season.requests[place].length
        if slot is None or slot + length > len(stated.season.days):
            said = _("La ressource ne travaille pas ce jour-là, est prise ailleurs, ou la saison finit avant.")
            return Cost(day, None, None, [said], is_possible=False)
    _after, change = evaluate(stated.season, stated.stays, [Move(place, slot)])
    stay = Stay(slot, place) if slot is not None else None
    blocking = any(fault.breach in (Breach.OVERLAP, Breach.TWICE) for fault in change.faults)
    broken = stay is not None and not stated.season.unbroken(stay.start, stated.season.requests[place].length)
    sentences = list(dict.fromkeys(_said(stated, fault) for fault in change.faults))
    if broken:
        sentences.append(_("Une fermeture trop longue tombe pendant la halte."))
    return Cost(day, stay, change, sentences, is_possible=not (blocking or broken))


def _said(stated: Statement, fault: Fault) -> str:
    host = stated.rows[fault.stop.request].actor.name if fault.stop is not None else ""
    words = {
        Breach.WINDOW: _("%(host)s n'a pas proposé ces dates."),
        Breach.OVERLAP: _("Deux haltes se chevaucheraient, dont celle de %(host)s."),
        Breach.ROAD: _("Le trajet vers %(host)s est trop long, ou il manque un jour pour le faire."),
        Breach.STOPS: _("La saison aurait trop de haltes."),
        Breach.ROAD_TOTAL: _("La saison aurait trop de kilomètres."),
        Breach.HOST: _("%(host)s aurait trop de haltes."),
        Breach.TWICE: _("%(host)s serait servi deux fois."),
    }
    return words[fault.breach] % {"host": host}
