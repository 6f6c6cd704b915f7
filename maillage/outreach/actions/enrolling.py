"""Elected officials that a list brings: what each line would do, doing it, putting it back. Whole lists at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.queries import suppressed_among
from maillage.core.permissions import Denied
from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.outreach import rules
from maillage.outreach.actions.forgetting import forget_in_changes
from maillage.outreach.models import ContactOfficial, Mandate, Official, Promise, Recipient
from maillage.territories.models import Territory

CONTACT = ("civility", "email", "phone", "address")
Row = Mapping[str, Any]


@dataclass
class Plan:
    """What a line does to whom (None: someone new). `error` refuses it, `barred` says that its territory is not the viewer's;
    `changes` are by field, as [before, after]."""

    official: Official | None = None
    territory: Territory | None = None
    error: str = ""
    barred: str = ""
    without_email: bool = False
    changes: dict[str, list[Any]] = field(default_factory=dict)
    mandate: Mandate | None = None
    closed: Mandate | None = None


def plan_rows(*, by: Viewer, rows: Sequence[Row]) -> list[Plan]:
    """Rows hold `last_name`, `first_name`, `CONTACT`, `function`, `delegation`, `kind` and `code` of the territory, `since` and
    `until` in ISO. Three queries whatever their number."""
    codes = {row["code"] for row in rows if row["code"]}
    places = {
        (place.kind, place.code): place
        for place in Territory.objects.filter(code__in=codes).select_related("department", "region")
    }
    keys = {_key(row) for row in rows}
    known: dict[str, list[Official]] = {}
    here = Official.objects.filter(network=by.network_id, name_key__in=keys)
    for official in here.with_mandates().order_by("pk"):
        known.setdefault(official.name_key, []).append(official)
    refused = suppressed_among(sorted({row["email"] for row in rows if row["email"]}))
    return [
        _planned(by, row, places.get((row["kind"], row["code"])), known.get(_key(row), []), refused) for row in rows
    ]


def _key(row: Row) -> str:
    return folded(f"{row['last_name']} {row['first_name']}")


def _planned(by: Viewer, row: Row, place: Territory | None, namesakes: list[Official], refused: set[str]) -> Plan:
    if place is None:
        return Plan(error=_("Aucun territoire n'a le code « %(code)s ».") % {"code": row["code"]})
    plan = Plan(territory=place, without_email=row["email"] in refused)
    held = Mandate(territory=place, function=row["function"])
    if isinstance(answer := rules.may_act_in(by, held.department), Denied):
        plan.barred = answer.sentence
        return plan
    same = [each for each in namesakes if any(one.territory_id == place.pk for one in each.mandates.all())]
    if len(same) > 1:
        plan.error = _(
            "Plusieurs personnes de ce nom ont un mandat dans ce territoire : corrigez leurs fiches à la main."
        )
        return plan
    if not same and any(each.objected_at is not None for each in namesakes):
        plan.error = _("Une personne de ce nom s'est opposée : vérifiez, puis ajoutez-la à la main.")
        return plan
    plan.official = same[0] if same else None
    if plan.official is not None and plan.official.objected_at is not None:
        plan.error = _("Cette personne s'est opposée à ce que l'on garde ses données.")
        return plan
    for name in CONTACT:
        before = getattr(plan.official, name) if plan.official else ""
        if row[name] and row[name] != before and not (name == "email" and plan.without_email):
            plan.changes[name] = [before, row[name]]
    _plan_mandate(plan, row, place)
    return plan


def _plan_mandate(plan: Plan, row: Row, place: Territory) -> None:
    """The one held is dated or ended; a later beginning is another mandate, which ends the one before."""
    since, until = _day(row["since"]), _day(row["until"])
    mandates = plan.official.mandates.all() if plan.official else []
    alike = [one for one in mandates if one.territory_id == place.pk and one.function == row["function"]]
    if since:
        alike.sort(key=lambda one: one.since != since)  # The one of that very day rather than one without a date.
    if (held := next((one for one in alike if since is None or one.since in (None, since)), None)) is not None:
        begun, ended = since or held.since, until or held.until
        if begun and ended and ended < begun:
            plan.error = _("Ce mandat, déjà dans la liste, finirait avant d'avoir commencé : vérifiez ses dates.")
            return
        if since and held.since is None:
            plan.changes["since"] = [None, row["since"]]
        if until and held.until != until:
            plan.changes["until"] = [held.until and held.until.isoformat(), row["until"]]
        if row["delegation"] and row["delegation"] != held.delegation:
            plan.changes["delegation"] = [held.delegation, row["delegation"]]
        plan.mandate = held
        return
    plan.mandate = Mandate(
        function=row["function"], delegation=row["delegation"], territory=place, since=since, until=until
    )
    plan.changes["mandate"] = [None, str(plan.mandate)]
    before = [one for one in alike if one.until is None and one.since and since and one.since < since]
    if before and since:
        plan.closed = before[0]
        plan.changes["closed"] = [None, (since - timedelta(days=1)).isoformat()]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


# --- writing -------------------------------------------------------------------------------------------------------------


@dataclass
class Enrolled:
    """What a line did: `after` is enough to put it back."""

    official: Official | None
    created: bool = False
    refusal: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def enrol_rows(*, by: Viewer, rows: Sequence[Row], source: str) -> list[Enrolled]:
    """In the caller's transaction, one after the other: a line may be about someone whom an earlier one brought, and is then
    thought of again."""
    keys = {_key(row) for row in rows}
    here = Official.objects.select_for_update().filter(network=by.network_id, name_key__in=keys)
    list(here.order_by("pk").values_list("pk", flat=True))  # An objection waits, or was heard: none is written over.
    done, written = [], set()
    for row, plan in zip(rows, plan_rows(by=by, rows=rows), strict=True):
        again = plan_rows(by=by, rows=[row])[0] if _key(row) in written else plan
        done.append(_enrol(by, row, again, source))
        written.add(_key(row))
    return done


def _enrol(by: Viewer, row: Row, plan: Plan, source: str) -> Enrolled:
    if plan.error or plan.barred:
        return Enrolled(plan.official, refusal=plan.error or plan.barred)
    if plan.official is not None and not plan.changes:
        return Enrolled(plan.official)
    official = plan.official or Official(
        network=by.network, last_name=row["last_name"], first_name=row["first_name"], sourced_on=timezone.localdate()
    )
    done = Enrolled(official, created=plan.official is None)
    for name, (before, after) in plan.changes.items():
        done.before[name], done.after[name] = before, after
        if name in CONTACT:
            setattr(official, name, after)
    if done.created or set(plan.changes) & set(CONTACT):
        if not done.created:
            done.before |= {"source": official.source, "sourced_on": official.sourced_on.isoformat()}
            done.after |= {"source": source, "sourced_on": timezone.localdate().isoformat()}
        official.source, official.sourced_on = source, timezone.localdate()
        official.clean_fields(exclude={"network"})
        official.save()
    _write_mandate(official, plan, done)
    return done


def _write_mandate(official: Official, plan: Plan, done: Enrolled) -> None:
    mandate = plan.mandate
    if mandate is None:
        return
    mandate.official = official
    for name in ("since", "until", "delegation"):
        if name in plan.changes:
            setattr(mandate, name, _day(plan.changes[name][1]) if name != "delegation" else plan.changes[name][1])
    mandate.clean()
    mandate.save()
    done.after["mandate_id"] = mandate.pk
    if plan.closed is not None:
        plan.closed.until = _day(plan.changes["closed"][1])
        plan.closed.save()
        done.after["closed_id"] = plan.closed.pk


# --- putting back --------------------------------------------------------------------------------------------------------


class Put(Protocol):
    """What is read of a kept change (`exchange.registry.Recorded`)."""

    pk: int
    object_id: int
    created: bool
    before: dict[str, Any]
    after: dict[str, Any]


def put_back(*, by: Viewer, changes: Sequence[Put]) -> dict[int, dict[str, str]]:
    """In the caller's transaction: only what still has the value that the list gave; why the rest stays, by change and field.
    Those whom the list brought go together."""
    keys = {change.object_id for change in changes}
    here = Official.objects.select_for_update(of=("self",)).filter(pk__in=keys, network=by.network_id)
    held = {official.pk: official for official in here.with_mandates().order_by("pk")}
    used = _used(keys)
    kept: dict[int, dict[str, str]] = {}
    gone: list[int] = []
    for change in changes:
        if (official := held.get(change.object_id)) is None:
            continue
        if isinstance(answer := rules.may_note(by, official), Denied):
            kept[change.pk] = {"": answer.sentence}
        elif not change.created:
            kept[change.pk] = _put_values_back(official, change.before, change.after)
        elif official.stopped_at is not None:
            kept[change.pk] = {"": _("Cette personne ne veut plus de courrier : sa fiche retient ce refus.")}
        elif official.pk in used or len(official.mandates.all()) > 1:
            kept[change.pk] = {"": _("Des rencontres, des promesses, des lettres ou d'autres mandats y tiennent.")}
        else:
            gone.append(official.pk)
    forget_in_changes(gone)
    Official.objects.filter(pk__in=gone).delete()
    return {pk: why for pk, why in kept.items() if why}


def _used(keys: set[int]) -> set[int]:
    """Those whom someone met, noted a promise of, or wrote to."""
    rows = (ContactOfficial.objects, Promise.objects, Recipient.objects)
    return {pk for each in rows for pk in each.filter(official__in=keys).values_list("official", flat=True)}


def _put_values_back(official: Official, before: Row, after: Row) -> dict[str, str]:
    kept: dict[str, str] = {}
    changed = _("Changé depuis par quelqu'un.")
    for name in (*CONTACT, "source", "sourced_on"):
        if name not in after:
            continue
        held = getattr(official, name)
        if (held.isoformat() if name == "sourced_on" else held) != after[name]:
            kept[name] = changed
        else:
            setattr(official, name, _day(before[name]) if name == "sourced_on" else before[name])
    official.save()
    return kept | _put_mandates_back(official, before, after, changed)


def _put_mandates_back(official: Official, before: Row, after: Row, changed: str) -> dict[str, str]:
    kept: dict[str, str] = {}
    mandate = official.mandates.filter(pk=after.get("mandate_id", 0)).first()
    if mandate is not None and "mandate" in after:
        mandate.delete()
    elif mandate is not None:
        for name in ("since", "until", "delegation"):
            if name not in after:
                continue
            held = getattr(mandate, name)
            if (held.isoformat() if isinstance(held, date) else held) != after[name]:
                kept[name] = changed
            else:
                setattr(mandate, name, before[name] if name == "delegation" else _day(before[name] or ""))
        mandate.save()
    official.mandates.filter(Q(pk=after.get("closed_id", 0)), until=_day(after.get("closed", "") or "")).update(
        until=None
    )
    return kept


def labels() -> Iterable[tuple[str, str]]:
    """The fields of changes, as people read them."""
    return [
        ("civility", _("Civilité")),
        ("email", _("Adresse e-mail")),
        ("phone", _("Téléphone")),
        ("address", _("Adresse postale")),
        ("mandate", _("Mandat")),
        ("since", _("Depuis le")),
        ("until", _("Jusqu'au")),
        ("delegation", _("Délégation")),
        ("closed", _("Fin du mandat précédent")),
    ]
