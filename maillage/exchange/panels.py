"""The entry of imports in the working menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to
from maillage.core.panels import MenuItem, add_to_menu
from maillage.core.viewer import Viewer
from maillage.exchange.enums import BatchKind
from maillage.exchange.models import Batch

add_to_menu(
    MenuItem(
        "work",
        _("Imports"),
        "exchange:batch_list",
        "file-up",
        order=16,
        shown=lambda viewer: viewer.runs_network,
        group=_("Annuaire"),
    )
)


def _links_to_batches(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    imports = Batch.objects.visible_to(viewer).filter(pk__in=keys, kind=BatchKind.IMPORT)
    return {pk: reverse("exchange:batch_show", args=[pk]) for pk in imports.values_list("pk", flat=True)}


lead_to("exchange.Batch", _links_to_batches)
