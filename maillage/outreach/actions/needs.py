"""Needs and offers: said, corrected, prolonged, closed with what came of them; proposals set aside."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import hold
from maillage.directory.models import Actor
from maillage.directory.rules import represents
from maillage.networks.models import Network
from maillage.networks.queries import departments_of
from maillage.outreach import rules
from maillage.outreach.enums import NeedState, Side, Through
from maillage.outreach.models import Mismatch, Need
from maillage.outreach.registry.needs import NEED_DAYS
from maillage.territories.enums import TerritoryKind
from maillage.territories.models import Territory
from maillage.topics.models import Term

WRITTEN = ("side", "kind", "title", "description", "heard_from", "territory", "wanted_on", "mission", "sharing")


def record_need(
    *, by: Viewer, actor: Actor | None = None, terms: Iterable[Term] = (), on: date | None = None, **values: Any
) -> Need:
    """`values` are those of `WRITTEN`. Said by someone who looks after the sheet of `actor`, it is the actor's own word."""
    rules.may_record_need(by, actor).require()
    day = on or timezone.localdate()
    own = actor is not None and not by.runs_network and represents(by, actor)
    with transaction.atomic():
        hold([actor.pk] if actor is not None else [], by=by)
        if actor is not None:
            _require_living(by.network, actor)
        need = Need(network=by.network, actor=actor, author=by.user, is_own=own, opened_on=day)
        need.expires_on = day + timedelta(days=days_of(by.network))
        _write(by, need, values)
        need.terms.set(terms)
        record("need.recorded", by=by, subject=need, details=_named(need))
    return need


def change_need(*, by: Viewer, need: Need, terms: Iterable[Term] | None = None, **values: Any) -> Need:
    with transaction.atomic():
        need = held(need, by=by)
        rules.may_change_need(by, need).require()
        _write(by, need, values)
        if terms is not None:
            need.terms.set(terms)
        record("need.changed", by=by, subject=need, details=_named(need))
    return need


def keep_need(*, by: Viewer, need: Need, on: date | None = None) -> Need:
    """« Toujours d'actualité » : its term starts again; one that was closed is open again."""
    with transaction.atomic():
        need = held(need, by=by)
        rules.may_change_need(by, need).require()
        if need.actor is not None:
            _require_living(need.network, need.actor)
        need.state, need.closed_on = NeedState.OPEN, None
        need.answered_by, need.through, need.outcome = None, "", ""
        need.expires_on = (on or timezone.localdate()) + timedelta(days=days_of(need.network))
        need.full_clean()
        need.save()
        record("need.kept", by=by, subject=need, details=_named(need))
    return need


def answer_need(
    *,
    by: Viewer,
    need: Need,
    answered_by: Actor | None = None,
    through: str = "",
    outcome: str = "",
    on: date | None = None,
) -> Need:
    """« Pourvu » : by whom (when it is an actor of the network), by what way, and what came of it."""
    with transaction.atomic():
        need = held(need, by=by, also=answered_by)
        if answered_by is not None and not Actor.objects.filter(pk=answered_by.pk).exists():
            raise Conflict(_("La fiche de l'acteur choisi n'existe plus : elle a été retirée ou fusionnée."))
        if answered_by is not None and answered_by.pk == need.actor_id:
            raise Refused(_("Un acteur ne répond pas à son propre besoin : choisissez l'autre."), status=422)
        need.answered_by, need.through = answered_by, Through(through) if through else ""
        return _close(by, need, NeedState.ANSWERED, outcome, on)


def abandon_need(*, by: Viewer, need: Need, outcome: str = "", on: date | None = None) -> Need:
    with transaction.atomic():
        need = held(need, by=by)
        need.answered_by, need.through = None, ""
        return _close(by, need, NeedState.ABANDONED, outcome, on)


def expire_need(*, by: Viewer, need: Need, on: date | None = None) -> Need:
    with transaction.atomic():
        need = held(need, by=by)
        return _close(by, need, NeedState.EXPIRED, "", on) if need.is_open else need


def _close(by: Viewer, need: Need, state: NeedState, outcome: str, on: date | None) -> Need:
    """An expired one may still be told answered, or abandoned; what was said of an outcome may be corrected."""
    rules.may_change_need(by, need).require()
    if need.state != state:
        need.closed_on = on or timezone.localdate()
    need.state, need.outcome = state, outcome
    need.full_clean()
    need.save()
    record(f"need.{state.value}", by=by, subject=need, details=_named(need))
    return need


# --- proposals set aside ------------------------------------------------------------------------------------------------


def dismiss_match(*, by: Viewer, need: Need, actor: Actor | None = None, offer: Need | None = None) -> Mismatch:
    """« Pas pertinent » : of an actor, or of an offer heard from someone without a sheet."""
    rules.may_match(by, need).require()
    if (actor is None) == (offer is None):
        raise TypeError("an actor, or an offer")
    with transaction.atomic():
        need = held(need, by=by, also=actor)
        mismatch, is_new = Mismatch.objects.get_or_create(need=need, actor=actor, offer=offer, defaults={"by": by.user})
        if is_new:
            record("need.dismissed", by=by, subject=need, details=_named(need), touch=False)
    return mismatch


def recall_match(*, by: Viewer, mismatch: Mismatch) -> None:
    rules.may_match(by, mismatch.need).require()
    with transaction.atomic():
        need = held(mismatch.need, by=by)
        if Mismatch.objects.filter(pk=mismatch.pk).delete()[0]:
            record("need.recalled", by=by, subject=need, details=_named(need), touch=False)


# --- pieces -------------------------------------------------------------------------------------------------------------


def days_of(network: Network) -> int:
    return int(network.setting(NEED_DAYS.name))


def held(need: Need, *, by: Viewer, also: Actor | None = None) -> Need:
    """The actors and networks first, as in every act on a sheet: whoever merges one of them waits, or is waited for."""
    hold([pk for pk in (need.actor_id, also and also.pk) if pk], by=by)
    found = Need.objects.select_for_update(of=("self",)).filter(pk=need.pk).first()
    if found is None:
        raise Conflict(_("Ce besoin a été supprimé."))
    return found


def _require_living(network: Network, actor: Actor) -> None:
    """In activity, and of this network."""
    found = Actor.objects.filter(pk=actor.pk, listings__network=network).values_list("archived_at", flat=True)
    ended = list(found[:1])
    if not ended:
        raise Refused(_("Cet acteur n'est pas dans l'annuaire de ce réseau."), status=422)
    if ended[0] is not None:
        raise Refused(_("Cet acteur est archivé : il ne cherche ni ne propose plus rien."), status=409)


def _write(by: Viewer, need: Need, values: dict[str, Any]) -> None:
    if unknown := values.keys() - set(WRITTEN):
        raise TypeError(f"a need has no {sorted(unknown)}")
    for name, value in values.items():
        setattr(need, name, value)
    if need.actor is not None:
        need.heard_from = "" if need.is_own else need.heard_from
    if need.territory is not None and not _is_here(by.network, need.territory):
        raise Refused(_("Ce territoire n'est pas dans le périmètre du réseau."), status=422)
    need.full_clean()
    need.save()


def _is_here(network: Network, place: Territory) -> bool:
    """A territory elsewhere would be in no row of the network's tables."""
    key = place.pk if place.kind == TerritoryKind.DEPARTMENT else place.department_id
    return key in {each.pk for each in departments_of(network)}


def _named(need: Need) -> dict[str, Any]:
    return {"side": str(Side(need.side)), "actors": [need.actor_id] if need.actor_id else []}
