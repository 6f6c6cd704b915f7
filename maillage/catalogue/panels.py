"""What the catalogue brings to the site: its entries in the menus, its words in the journal, the sheets of actors."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to, read_changes_with
from maillage.catalogue import rules
from maillage.catalogue.actions import reporting
from maillage.catalogue.models import Collection, Feedback, Resource
from maillage.catalogue.queries.history import differences_of
from maillage.catalogue.queries.reading import latest_of
from maillage.catalogue.queries.waiting import PROPOSED
from maillage.catalogue.registry import COLLECTION, FEEDBACK, RESOURCE
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_main, actor_own
from maillage.directory.registry.waiting import add_to_queue
from maillage.moderation.registry import ReportableKind, reportable


def _runs(viewer: Viewer) -> bool:
    return viewer.runs_network


def _contributes(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.system and viewer.network is not None


add_to_menu(
    MenuItem(
        "public",
        _("Ressources"),
        "catalogue:resource_list",
        "briefcase",
        order=10,
        covers=("catalogue:collection_list",),
        section="catalogue",
    )
)
add_to_menu(
    MenuItem(
        "work",
        _("Ressources"),
        "catalogue:resource_table",
        "briefcase",
        21,
        _runs,
        None,
        _("Publier"),
        section="catalogue",
    )
)
add_to_menu(
    MenuItem("account", _("Mes ressources"), "catalogue:own_resources", "briefcase", order=30, shown=_contributes)
)
add_to_queue(PROPOSED)
read_changes_with("catalogue.Resource", differences_of)


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Resource.objects.editable_by(viewer).filter(pk__in=list(keys)).values_list("pk", flat=True)
    return {pk: reverse("catalogue:resource_work", args=[pk]) for pk in seen}


lead_to("catalogue.Resource", _links)

reportable(
    ReportableKind(
        name=RESOURCE,
        label=_("ressource"),
        model=Resource,
        authors=reporting.writers_of,
        may_settle=rules.may_review,
        suspend=lambda by, content: reporting.suspend_resource(by=by, resource=content),
        remove=lambda by, content, words: reporting.remove_resource(by=by, resource=content, reason=words),
        restore=lambda by, content: reporting.restore_resource(by=by, resource=content),
        department="actor__commune__department__code",
    )
)
reportable(
    ReportableKind(
        name=FEEDBACK,
        label=_("avis"),
        model=Feedback,
        authors=reporting.writer_of,
        may_settle=rules.may_moderate_feedback,
        suspend=lambda by, content: reporting.hide_feedback(by=by, feedback=content),
        remove=lambda by, content, words: reporting.hide_feedback(by=by, feedback=content),
        restore=lambda by, content: reporting.show_feedback(by=by, feedback=content),
    )
)
reportable(
    ReportableKind(
        name=COLLECTION,
        label=_("collection"),
        model=Collection,
        authors=reporting.writer_of,
        may_settle=rules.may_moderate_collection,
        suspend=lambda by, content: reporting.hide_collection(by=by, collection=content),
        remove=lambda by, content, words: reporting.hide_collection(by=by, collection=content),
        restore=lambda by, content: reporting.show_collection(by=by, collection=content),
    )
)


@actor_main.fill(order=25)
def offered_by_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    """What the actor offers, on its public sheet."""
    found = latest_of(viewer, actor)
    return Panel("catalogue/_of_actor.html", {"resources": found}) if found else None


@actor_own.fill(order=3)
def lent_by_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    """For those who look after the sheet: a way to offer something, and to say on what terms."""
    return Panel("catalogue/work/_own_panel.html", {"actor": actor})
