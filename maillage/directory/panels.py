"""What the directory brings to the site: its entries in the menus, the words of its changes in the journal."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to, read_changes_with
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.enums import VISITS
from maillage.directory.forms.charter import PaperForm, WithdrawForm
from maillage.directory.models import Actor, Claim, Listing, Merge, Revision, Suggestion
from maillage.directory.queries.charter import membership, standing, who_signed
from maillage.directory.queries.dealings import acts_on, notes_on
from maillage.directory.queries.freshness import asked_rows, why_not
from maillage.directory.queries.history import differences_of
from maillage.directory.queries.waiting import CASES, CLAIMS, PAIRS, REVISIONS, SHARES, SUGGESTIONS, waiting_count
from maillage.directory.registry import actor_side, actor_work
from maillage.directory.registry.dealings import DealingKind, add_dealings
from maillage.directory.registry.waiting import add_to_queue
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary


def _runs(viewer: Viewer) -> bool:
    return viewer.runs_network


def _signed_in(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.system and viewer.network is not None


def _looks_after(viewer: Viewer) -> bool:
    """One small query, for people who signed in without running the network."""
    return viewer.is_authenticated and not viewer.system and viewer.user.actor_memberships.exists()


def _has_visits(viewer: Viewer) -> bool:
    """The network still has the kind of action that says so."""
    return any(term.slug == VISITS for term in vocabularies(viewer.network)[Vocabulary.ACTION_KIND])


def add_work_menu() -> None:
    own = partial(MenuItem, "work", shown=_runs)
    listed = partial(own, group=_("Annuaire"))
    add_to_menu(own(_("À faire"), "directory:work_home", "clipboard-list", order=5))
    add_to_menu(own(_("File d'attente"), "directory:queue", "inbox", order=7, count=waiting_count))
    add_to_menu(MenuItem("work", _("Mes fiches"), "directory:own_sheets", "pencil", order=8, shown=_looks_after))
    add_to_menu(listed(_("Acteurs"), "directory:actor_table", "building-2", order=10))
    add_to_menu(listed(_("Doublons"), "directory:pair_list", "copy", order=13))
    below = ("directory:actors_to_place", "directory:contributor_list")
    add_to_menu(listed(_("Fraîcheur"), "directory:freshness", "clock", order=14, covers=below))
    add_to_menu(listed(_("Charte"), "directory:charter_work", "badge-check", order=15))
    add_to_menu(MenuItem("account", _("Mes demandes"), "directory:own_claims", "key-round", order=30, shown=_signed_in))


add_to_menu(MenuItem("public", _("Annuaire"), "directory:actor_list", "map-pin", order=10))
add_to_menu(
    MenuItem(
        "public", _("Lieux à visiter"), "directory:place_list", "map-pin", 38, shown=_has_visits, under="publications"
    )
)
add_to_menu(MenuItem("public", _("Charte"), "directory:charter_show", "badge-check", order=60))
add_work_menu()
read_changes_with("directory.Actor", differences_of)


def _links_to_sheets(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    """A sheet that went into another leads to that one."""
    keys = set(keys)
    merged = dict(Merge.objects.visible_to(viewer).in_force().filter(gone_id__in=keys).values_list("gone_id", "kept"))
    listed = Listing.objects.visible_to(viewer).filter(actor__in=keys | set(merged.values()))
    present = set(listed.values_list("actor", flat=True))
    found = {key: merged.get(key, key) for key in keys}
    return {key: reverse("directory:actor_work", args=[pk]) for key, pk in found.items() if pk in present}


lead_to("directory.Actor", _links_to_sheets)


def _links_to_claims(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Claim.objects.visible_to(viewer).filter(pk__in=keys).values_list("pk", flat=True)
    return {pk: reverse("directory:claim_show", args=[pk]) for pk in seen}


def _links_to_suggestions(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Suggestion.objects.visible_to(viewer).filter(pk__in=keys).values_list("pk", flat=True)
    return {pk: reverse("directory:suggestion_show", args=[pk]) for pk in seen}


def _links_to_revisions(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Revision.objects.visible_to(viewer).filter(pk__in=keys).values_list("pk", flat=True)
    return {pk: reverse("directory:revision_show", args=[pk]) for pk in seen}


lead_to("directory.Revision", _links_to_revisions)
lead_to("directory.Claim", _links_to_claims)
lead_to("directory.Suggestion", _links_to_suggestions)
add_to_queue(CLAIMS)
add_to_queue(SUGGESTIONS)
add_dealings(DealingKind("sheet", _("Fiche et charte"), "file-text", acts_on))
add_dealings(DealingKind("note", _("Notes"), "square-pen", notes_on))
add_to_queue(REVISIONS)
add_to_queue(CASES)
add_to_queue(SHARES)
add_to_queue(PAIRS)


def charter_context(viewer: Viewer, actor: Actor, **forms: Any) -> dict[str, Any]:
    """What the team does of an actor and the charter, on its sheet and on a page of its own; `forms` come back wrong."""
    found = standing(viewer, actor)
    return {
        "standing": found,
        "membership": found.membership,
        "may_follow": rules.may_follow_signatures(viewer, actor),
        "paper_form": forms.get("paper") or (PaperForm(viewer=viewer, auto_id="papier-%s") if found.latest else None),
        "withdraw_form": forms.get("withdrawal") or WithdrawForm(auto_id="retrait-%s"),
    }


@actor_work.fill(order=5)
def freshness_of_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    """What came of asking whether the sheet is up to date, for the team that may change it."""
    if not rules.may_edit(viewer, actor):
        return None
    (asked,) = asked_rows([actor], viewer.network_id)
    context = {"actor": actor, "asked": asked, "why_not": why_not(viewer.network, actor)}
    return Panel("directory/freshness/_panel.html", context)


@actor_work.fill(order=10)
def charter_of_actor(viewer: Viewer, actor: Actor) -> Panel | None:
    return Panel("directory/charter/_work_panel.html", charter_context(viewer, actor))


@actor_side.fill(order=10)
def signatory_since(viewer: Viewer, actor: Actor) -> Panel | None:
    """On the public sheet, of members alone."""
    if actor.archived_at is not None or viewer.network is None or not who_signed(viewer.network, [actor.pk]):
        return None
    held = membership(viewer.network, actor)
    return Panel("directory/charter/_badge.html", {"since": held.since}) if held.is_member else None
