"""Who may report, decide, contest."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import Role, User
from maillage.accounts.queries import viewer_for
from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import RoleKind, Viewer
from maillage.moderation.enums import CaseState
from maillage.moderation.models import Case, Report
from maillage.moderation.registry import Found, ReportableKind, found_at
from maillage.networks.models import Network

_TEAM = (RoleKind.ANIMATOR, RoleKind.NETWORK_ADMIN)


def may_work(viewer: Viewer) -> Answer:
    return allow_if(viewer.runs_network, _("Cette page est réservée à l'équipe d'animation du réseau."))


def may_report(viewer: Viewer, kind: ReportableKind, content: Any) -> Answer:
    """Anyone who reads it, but for who wrote it; an account once until somebody decides."""
    if viewer.system or viewer.network is None:
        return Denied(_("Un signalement vient d'une personne."))
    if viewer.is_authenticated and viewer.user_id in {person.pk for person in kind.authors(content)}:
        return Denied(_("C'est vous qui l'avez écrit : corrigez-le, ou écrivez à l'équipe pour le retirer."))
    if _has_reported(viewer, kind.name, content.pk):
        return Denied(_("Vous l'avez déjà signalé : l'équipe l'étudie, et vous recevrez sa réponse."), status=409)
    return Allowed()


def _has_reported(viewer: Viewer, kind: str, pk: int) -> bool:
    if not viewer.is_authenticated:
        return False
    waiting = Case.objects.filter(network=viewer.network_id).about(kind, pk).waiting()
    return Report.objects.filter(case__in=waiting, reporter=viewer.user_id).exists()


def may_settle(viewer: Viewer, case: Case) -> Answer:
    """The rule of the app that has the content. Nobody decides of what they wrote, nor twice on the same, unless alone."""
    if case.network_id != viewer.network_id:
        return Denied(_("Ce signalement est celui d'un autre réseau."), status=404)
    if not case.is_open:
        return Denied(_("Ce signalement a déjà reçu sa réponse."), status=409)
    found = found_at(case.kind, case.object_id)
    if not (answer := found.may_settle(viewer)) or viewer.system:
        return answer
    wrote = case.authors.filter(user=viewer.user_id).exists()
    decided = case.state == CaseState.APPEALED and case.decided_by_id == viewer.user_id
    if (wrote or decided) and any(each.pk != viewer.user_id for each in moderators_of(found, case.network)):
        return Denied(
            _("Quelqu'un d'autre que vous doit répondre : vous l'avez écrit.")
            if wrote
            else _("Quelqu'un d'autre que vous doit répondre : vous avez pris la première décision.")
        )
    return answer


def may_appeal(viewer: Viewer, case: Case) -> Answer:
    """Who wrote what was removed, once, in time."""
    wrote = case.authors.filter(user=viewer.user_id, case__network=viewer.network_id)
    if not viewer.is_authenticated or not wrote.exists():
        return Denied(_("Seule la personne qui a écrit ce contenu peut contester la décision."))
    if (
        case.state != CaseState.REMOVED
        or case.appealed_at is not None
        or found_at(case.kind, case.object_id).content is None
    ):
        return Denied(_("Cette décision ne se conteste pas, ou plus."), status=409)
    if case.contest_until is None or case.contest_until < timezone.now():
        return Denied(_("Le délai pour contester cette décision est passé."), status=409)
    others = Case.objects.filter(network=case.network_id).about(case.kind, case.object_id).waiting()
    return Denied(_("Ce contenu est de nouveau à l'étude."), status=409) if others.exists() else Allowed()


def is_of_the_team(people: Iterable[Any], network: Network | None) -> bool:
    """Whether one of them runs the network: reports alone never hide what they wrote."""
    return _running(network).filter(user__in=[person.pk for person in people]).exists()


def moderators_of(found: Found, network: Network) -> list[User]:
    """Those of the team who may decide of a content."""
    team = User.objects.filter(pk__in=_running(network).values("user"), is_active=True)
    return [
        person
        for person in team.order_by("pk")
        if (viewer := viewer_for(person, network)).runs_network and found.may_settle(viewer)
    ]


def _running(network: Network | None) -> "QuerySet[Role]":
    return Role.objects.held().filter(network=network, kind__in=_TEAM)
