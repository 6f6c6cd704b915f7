"""What reports bring to the site: the links of the journal to their cases."""

from collections.abc import Iterable

from maillage.activity.registry import lead_to
from maillage.core.viewer import Viewer
from maillage.moderation.models import Case
from maillage.moderation.queries import page_of_case


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    if not viewer.runs_network:
        return {}
    return {case.pk: page_of_case(case) for case in Case.objects.visible_to(viewer).filter(pk__in=keys)}


lead_to("moderation.Case", _links)
