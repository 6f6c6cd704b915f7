"""The content behind an address or a case, and what is said of it."""

from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from maillage.accounts.models import User
from maillage.core.viewer import Viewer
from maillage.moderation.enums import CaseState, ReportReason
from maillage.moderation.models import Case, Report
from maillage.moderation.registry import Found, found_at, kind_named

_MOST = 200


def reached(viewer: Viewer, kind: str, pk: int) -> Found | None:
    """What an address names, if the viewer may see it."""
    found = kind_named(kind)
    model: Any = found.model if found is not None else None
    content = model.objects.visible_to(viewer).filter(pk=pk).first() if model is not None else None
    return Found(found, content) if content is not None else None


def authors_of(case: Case) -> list[User]:
    return list(User.objects.filter(pk__in=case.authors.values("user")).order_by("pk"))


def content_of(case: Case) -> Found:
    """Whoever asks: for those who may see the case."""
    return found_at(case.kind, case.object_id)


def counted(case: Case) -> int:
    """How many accounts make its reports; those who were wrong about this content before do not count again."""
    wrong = Report.objects.filter(
        case__network=case.network_id, case__kind=case.kind, case__object_id=case.object_id, case__state=CaseState.KEPT
    ).exclude(reporter=None)
    named = case.reports.exclude(reporter=None).exclude(reporter__in=wrong.values("reporter"))
    return named.filter(reporter__is_active=True).values("reporter").distinct().count()


def reports_of(case: Case) -> "QuerySet[Report]":
    return case.reports.select_related("reporter__merged_into").order_by("at", "pk")[:_MOST]


def reporters_of(case: Case) -> "QuerySet[User]":
    return User.objects.filter(pk__in=case.reports.exclude(reporter=None).values("reporter")).order_by("pk")


def reasons_of(case: Case) -> list[str]:
    """What is said of the content, without saying who nor in which words: what its authors read."""
    said = set(case.reports.values_list("reason", flat=True))
    return [str(label) for code, label in ReportReason.choices if code in said]


def page_of_case(case: Case, *, of_author: bool = False) -> str:
    return reverse("moderation:case_own" if of_author else "moderation:case_show", args=[case.pk])


def page_about(viewer: Viewer, kind: str, content: Model) -> str:
    """The page of the last case about a content, for a link from its own; "" when the viewer may see none."""
    case = Case.objects.visible_to(viewer).about(kind, content.pk).order_by("-pk").first()
    return page_of_case(case, of_author=not viewer.runs_network) if case is not None else ""
