"""What the publications bring to the site: their entries in the menus, their words in the journal, the sheets of actors."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to, read_changes_with
from maillage.catalogue.models import Resource
from maillage.core.panels import MenuItem, Panel, add_to_menu, footer_panels
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.directory.registry import actor_main
from maillage.directory.registry.waiting import add_to_queue
from maillage.moderation.registry import ReportableKind, reportable
from maillage.publications import rules
from maillage.publications.actions import reporting
from maillage.publications.actions.marking import refresh
from maillage.publications.enums import Section
from maillage.publications.models import Comment, Publication
from maillage.publications.queries.history import differences_of
from maillage.publications.queries.reading import latest_of
from maillage.publications.queries.waiting import COMMENTS, PROPOSED, VERSIONS
from maillage.publications.registry import COMMENT, TEXT
from maillage.publications.registry.gathered import Gathered, gather
from maillage.sharing.registry import ShareableKind, shareable


def _runs(viewer: Viewer) -> bool:
    return viewer.runs_network


def _contributes(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.system and viewer.network is not None


_LIST = "publications:publication_list"
add_to_menu(
    MenuItem(
        "public",
        _("Articles"),
        (_LIST, Section.ARTICLES.value),
        "newspaper",
        order=15,
        covers=((_LIST, Section.ANNOUNCEMENTS.value), (_LIST, Section.DOSSIERS.value)),
        section="publications",
    )
)
add_to_menu(
    MenuItem(
        "work",
        _("Publications"),
        "publications:publication_table",
        "newspaper",
        22,
        _runs,
        None,
        _("Publier"),
        section="publications",
    )
)
add_to_menu(
    MenuItem("account", _("Mes textes"), "publications:own_publications", "newspaper", order=29, shown=_contributes)
)
add_to_menu(MenuItem("account", _("Je contribue"), "publications:contribute", "plus", order=28, shown=_contributes))
add_to_queue(PROPOSED)
add_to_queue(VERSIONS)
add_to_queue(COMMENTS)
read_changes_with("publications.Publication", differences_of)


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Publication.objects.editable_by(viewer).filter(pk__in=list(keys)).values_list("pk", flat=True)
    return {pk: reverse("publications:publication_work", args=[pk]) for pk in seen}


lead_to("publications.Publication", _links)

reportable(
    ReportableKind(
        name=TEXT,
        label=_("texte"),
        model=Publication,
        authors=reporting.writers_of,
        may_settle=rules.may_review,
        suspend=lambda by, text: reporting.suspend_text(by=by, publication=text),
        remove=lambda by, text, words: reporting.remove_text(by=by, publication=text, reason=words),
        restore=lambda by, text: reporting.restore_text(by=by, publication=text),
    )
)
reportable(
    ReportableKind(
        name=COMMENT,
        label=_("commentaire"),
        model=Comment,
        authors=reporting.writer_of,
        may_settle=rules.may_moderate_comment,
        suspend=lambda by, comment: reporting.suspend_comment(by=by, comment=comment),
        remove=lambda by, comment, words: reporting.take_comment_out(by=by, comment=comment, reason=words),
        restore=lambda by, comment: reporting.restore_comment(by=by, comment=comment),
    )
)

shareable(
    ShareableKind(
        name=TEXT,
        label=_("texte"),
        model=Publication,
        may_share=rules.may_review,
        refresh=refresh,
        work_url="publications:publication_work",
    )
)


@actor_main.fill(order=30)
def written_by_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    """What the actor signs, on its public sheet."""
    found = latest_of(viewer, actor)
    return Panel("publications/_of_actor.html", {"publications": found}) if found else None


@footer_panels.fill(order=10)
def invite_to_contribute(viewer: Viewer, _subject: Any) -> Panel | None:
    """At the foot of every public page: whoever has no account signs in on the way."""
    return Panel("publications/_foot.html") if viewer.network is not None else None


gather(
    Gathered(
        "resource",
        _("Ressource"),
        "briefcase",
        lambda viewer: Resource.objects.visible_to(viewer).shown(),
        "catalogue:resource_show",
    )
)
