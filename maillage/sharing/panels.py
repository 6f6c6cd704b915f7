"""What sharing brings to the site: a tab beside the publications, the links of the journal."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to
from maillage.core.panels import MenuItem, add_to_menu
from maillage.core.viewer import Viewer
from maillage.sharing import rules
from maillage.sharing.models import Share

add_to_menu(
    MenuItem(
        "work", _("Autres réseaux"), "sharing:share_list", "network", 60, lambda viewer: bool(rules.may_work(viewer)),
        under="publications",
    )
)  # fmt: skip


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Share.objects.visible_to(viewer).filter(pk__in=keys).values_list("pk", flat=True)
    return {pk: reverse("sharing:share_show", args=[pk]) for pk in seen}


lead_to("sharing.Share", _links)
