"""What waits for the team: for its queue, which an app above holds."""

from typing import Any

from django.db.models import Case as Choice
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from maillage.core.viewer import Viewer
from maillage.moderation.models import Case
from maillage.moderation.registry import kinds

_NOWHERE = Value("", CharField())


def waiting_cases(viewer: Viewer) -> "QuerySet[Any]":
    """Each with when it began to wait (`began_at`) and the INSEE code of its département (`department`), "" where there is none."""
    places = [
        When(
            kind=kind.name,
            then=Subquery(QuerySet(kind.model).filter(pk=OuterRef("object_id")).values(kind.department)[:1]),
        )
        for kind in kinds()
        if kind.department
    ]
    department = Coalesce(Choice(*places, default=_NOWHERE, output_field=CharField()), _NOWHERE)
    waiting = Case.objects.visible_to(viewer).waiting()
    return waiting.annotate(began_at=Coalesce("appealed_at", "created_at"), department=department)


def told_cases(viewer: Viewer, keys: list[int]) -> "QuerySet[Any]":
    """Those of a page, each with how many reports it has (`reports_count`)."""
    return Case.objects.visible_to(viewer).filter(pk__in=keys).annotate(reports_count=Count("reports"))
