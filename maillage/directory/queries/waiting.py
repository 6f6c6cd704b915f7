"""The team's queue: all that waits for it, of every kind that an app declared, oldest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.core.viewer import Viewer
from maillage.directory.enums import ClaimState
from maillage.directory.models import Claim, Revision, Suggestion, Suspect
from maillage.directory.queries.revisions import labels_of
from maillage.directory.queries.todo import departments_of
from maillage.directory.registry.waiting import Waiting, WaitingKind, waiting_kinds
from maillage.moderation.queries import page_of_case, told_cases, waiting_cases
from maillage.sharing.models import Share
from maillage.sharing.queries import page_of_share, waiting_shares


@dataclass(frozen=True)
class Row:
    """What a page shows of something that waits."""

    kind: WaitingKind
    since: datetime
    told: Waiting


@dataclass(frozen=True)
class Queue:
    """`rows` are (kind, pk, since), oldest first, within `kind`, `department` ("" for all, as for an unknown one) and `age`
    (0 for all); kinds and départements count what the other filters leave."""

    rows: "QuerySet[Any]"
    kind: str
    department: str
    age: int
    kinds: list[tuple[WaitingKind, int]]
    departments: list[tuple[str, int]]
    total: int


AGES = (7, 30)  # Days: what waits for longer.


def queue(viewer: Viewer, *, kind: str = "", department: str = "", age: str = "") -> Queue:
    """One query for the rows, one a kind for the counts."""
    kinds = waiting_kinds()
    days = int(age) if age in {str(each) for each in AGES} else 0
    found = {each.name: _by_department(viewer, each, days) for each in kinds}
    kind = kind if kind in found else ""
    within = [each.name for each in kinds if (each.name == kind if kind else not each.apart)]
    told_of = {each.name for each in kinds if not each.apart or each.name == kind}
    places = sorted({place for name in told_of for place in found[name]} - {""})
    department = department if department in places else ""
    by_kind = [
        (each, sum(count for place, count in found[each.name].items() if department in ("", place))) for each in kinds
    ]
    by_place = [(place, sum(found[name].get(place, 0) for name in within)) for place in places]
    total = sum(sum(found[each.name].values()) for each in kinds if not each.apart)
    shown = [each for each in kinds if each.name in within]
    rows = _union(viewer, shown, department, days).order_by("since", "of_kind", "pk")
    return Queue(rows, kind, department, days, by_kind, by_place, total)


def next_waiting(viewer: Viewer, found: Queue, since: datetime) -> Row | None:
    """Under the filters of `found`, what comes after something that waited since then; from the oldest again at the end."""
    shown = [each for each in waiting_kinds() if (each.name == found.kind if found.kind else not each.apart)]
    for after in (since, None):
        rows = _union(viewer, shown, found.department, found.age, after).order_by("since", "of_kind", "pk")
        if told := told_rows(viewer, list(rows[:1])):
            return told[0]
    return None


def waiting_count(viewer: Viewer) -> int:
    """For the menu: one query."""
    counted = [kind for kind in waiting_kinds() if not kind.apart]
    return _union(viewer, counted).count() if viewer.network is not None else 0


def told_rows(viewer: Viewer, lines: list[tuple[str, int, datetime]]) -> list[Row]:
    """Lines of a page in words: what each kind reads at once."""
    kinds = {each.name: each for each in waiting_kinds()}
    told = {
        name: kind.told(viewer, [pk for of, pk, _since in lines if of == name])
        for name, kind in kinds.items()
        if any(of == name for of, _pk, _since in lines)
    }
    return [Row(kinds[name], since, told[name][pk]) for name, pk, since in lines if pk in told[name]]


def _by_department(viewer: Viewer, kind: WaitingKind, days: int) -> dict[str, int]:
    counted = _rows(viewer, kind, days=days).order_by().values("department").annotate(count=Count("pk"))
    return {line["department"]: line["count"] for line in counted}


def _rows(
    viewer: Viewer, kind: WaitingKind, department: str = "", days: int = 0, after: datetime | None = None
) -> "QuerySet[Any]":
    """Someone bound to départements has theirs, and what is nowhere yet."""
    rows = kind.rows(viewer)
    if days:
        rows = rows.filter(since__lt=timezone.now() - timedelta(days=days))
    if after is not None:
        rows = rows.filter(since__gte=after)
    if bound := departments_of(viewer):
        rows = rows.filter(department__in=[*bound, ""])
    return rows.filter(department=department) if department else rows


def _union(
    viewer: Viewer, kinds: list[WaitingKind], department: str = "", days: int = 0, after: datetime | None = None
) -> "QuerySet[Any]":
    first, *others = [
        _rows(viewer, each, department, days, after)
        .order_by()
        .annotate(of_kind=Value(each.name, CharField()))
        .values_list("of_kind", "pk", "since")
        for each in kinds
    ]
    return first.union(*others, all=True) if others else first


# --- what the directory itself has for its team -------------------------------------------------------------------------

_NOWHERE = Value("", CharField())


def _claims(viewer: Viewer) -> "QuerySet[Claim]":
    here = Claim.objects.visible_to(viewer).for_the_team()
    return here.annotate(
        since=Coalesce("contested_at", "created_at"), department=Coalesce("actor__commune__department__code", _NOWHERE)
    )


def _told_claims(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = Claim.objects.visible_to(viewer).filter(pk__in=keys).select_related("actor__commune__department", "user")
    return {
        claim.pk: Waiting(
            claim.actor.name,
            " · ".join(filter(None, [str(claim.user), str(claim.get_way_display()), _stage(claim)])),
            reverse("directory:claim_show", args=[claim.pk]),
            _place(claim.actor.commune),
            claim.is_late,
        )
        for claim in found
    }


def _stage(claim: Claim) -> str:
    if claim.state == ClaimState.CONTESTED:
        return _("réponse contestée")
    return "" if claim.is_late else _("sans responsable")


def _suggestions(viewer: Viewer) -> "QuerySet[Suggestion]":
    return (
        Suggestion.objects.visible_to(viewer)
        .waiting()
        .annotate(
            since=F("created_at"),
            department=Coalesce("actor__commune__department__code", "commune__department__code", _NOWHERE),
        )
    )


def _told_suggestions(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = Suggestion.objects.visible_to(viewer).filter(pk__in=keys)
    found = found.select_related("actor__commune__department", "commune__department")
    return {
        suggestion.pk: Waiting(
            str(suggestion),
            suggestion.get_kind_display(),
            reverse("directory:suggestion_show", args=[suggestion.pk]),
            _place(suggestion.actor.commune if suggestion.actor is not None else suggestion.commune),
        )
        for suggestion in found
    }


def _revisions(viewer: Viewer) -> "QuerySet[Revision]":
    """Not one's own: somebody else reviews them."""
    waiting = Revision.objects.visible_to(viewer).waiting().filter(network=viewer.network_id)
    return waiting.exclude(author=viewer.user_id).annotate(
        since=F("sent_at"), department=Coalesce("actor__commune__department__code", _NOWHERE)
    )


def _told_revisions(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = Revision.objects.visible_to(viewer).filter(pk__in=keys)
    return {
        revision.pk: Waiting(
            revision.actor.name,
            f"{revision.author} · {', '.join(labels_of(list(revision.values)))}",
            reverse("directory:revision_show", args=[revision.pk]),
            _place(revision.actor.commune),
        )
        for revision in found.select_related("actor__commune__department", "author")
    }


def _pairs(viewer: Viewer) -> "QuerySet[Suspect]":
    return (
        Suspect.objects.visible_to(viewer)
        .waiting()
        .annotate(since=F("found_at"), department=Coalesce("first__commune__department__code", _NOWHERE))
    )


def _told_pairs(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = Suspect.objects.visible_to(viewer).filter(pk__in=keys)
    return {
        pair.pk: Waiting(
            f"{pair.first.name} / {pair.second.name}",
            pair.get_band_display(),
            reverse("directory:pair_show", args=[pair.pk]),
            _place(pair.first.commune),
        )
        for pair in found.select_related("first__commune__department", "second")
    }


def _cases(viewer: Viewer) -> "QuerySet[Any]":
    return waiting_cases(viewer).annotate(since=F("began_at"))


def _told_cases(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    found = told_cases(viewer, keys)
    return {
        case.pk: Waiting(
            case.title,
            f"{case.get_state_display()} · {_reports(case.reports_count)}",
            page_of_case(case),
            is_late=case.is_late,
        )
        for case in found
    }


def _reports(count: int) -> str:
    return ngettext("%(count)d signalement", "%(count)d signalements", count) % {"count": count}


def _place(commune: Any) -> str:
    if commune is None:
        return ""
    return f"{commune.name} ({commune.department.code})" if commune.department is not None else commune.name


def _told_shares(viewer: Viewer, keys: list[int]) -> dict[int, Waiting]:
    return {
        share.pk: Waiting(share.title, _("de %(network)s") % {"network": share.home}, page_of_share(share))
        for share in Share.objects.visible_to(viewer).filter(pk__in=keys).select_related("home")
    }


CLAIMS = WaitingKind("claim", gettext_lazy("Demandes sur une fiche"), "key-round", _claims, _told_claims)
SUGGESTIONS = WaitingKind("suggestion", gettext_lazy("Suggestions"), "flag", _suggestions, _told_suggestions)
REVISIONS = WaitingKind("revision", gettext_lazy("Modifications"), "pencil", _revisions, _told_revisions)
CASES = WaitingKind("report", gettext_lazy("Signalements"), "triangle-alert", _cases, _told_cases)
SHARES = WaitingKind("share", gettext_lazy("Propositions d'autres réseaux"), "network", waiting_shares, _told_shares)
PAIRS = WaitingKind("pair", gettext_lazy("Doublons"), "copy", _pairs, _told_pairs, apart=True)
