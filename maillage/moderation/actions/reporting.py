"""What people say of a content, gathered in its case; enough of them hide it until somebody decides."""

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.moderation import rules
from maillage.moderation.actions import telling
from maillage.moderation.enums import CaseState, ReportReason
from maillage.moderation.models import Case, CaseAuthor, Report
from maillage.moderation.queries import authors_of, content_of, counted
from maillage.moderation.registry import THRESHOLD, ReportableKind
from maillage.networks.models import Network


def report(*, by: Viewer, kind: ReportableKind, content: Model, reason: str, words: str = "") -> Report:
    """`content` is one that `by` may see."""
    with transaction.atomic():
        hold(by.network)
        rules.may_report(by, kind, content).require()
        if reason == ReportReason.OTHER and not words.strip():
            raise Refused(_("Dites en quelques mots ce qui ne va pas."), status=422)
        case, is_new = _case_of(by, kind, content)
        made = Report(case=case, reporter=by.user, reason=ReportReason(reason), words=words.strip())
        made.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError as error:
            raise Conflict(_("Vous l'avez déjà signalé : l'équipe l'étudie.")) from error
        record("report.made", by=unnamed(by, case), subject=case, details={"reason": made.reason}, touch=False)
        telling.tell_received(made)
        if not _hidden_by_now(case, kind, content) and is_new:
            telling.tell_moderators(case)
    return made


def unnamed(by: Viewer, case: Case) -> Viewer:
    """Who acts, as the journal, which the whole team reads, may say it: nobody by name of a secret content."""
    secret = content_of(case).is_secret and not by.runs_network
    return Viewer.as_system(by.network, _("Une personne qui le lit")) if secret else by


def hold(network: Network | None) -> None:
    """First in the transaction of an action: reports and decisions of a network come one after the other, and the contents'
    own actions lock it first too."""
    if network is not None:
        list(Network.objects.filter(pk=network.pk).select_for_update().values_list("pk", flat=True))


def _case_of(by: Viewer, kind: ReportableKind, content: Model) -> tuple[Case, bool]:
    """The one that waits, else a new one with those who wrote the content."""
    here = Case.objects.filter(network=by.network).about(kind.name, content.pk).waiting()
    if (case := here.select_related("network").first()) is not None:
        return case, False
    case = Case(network=by.network, kind=kind.name, object_id=content.pk, title=str(content)[:200])
    case.save()
    CaseAuthor.objects.bulk_create([CaseAuthor(case=case, user=person) for person in kind.authors(content)])
    return case, True


def _hidden_by_now(case: Case, kind: ReportableKind, content: Model) -> bool:
    """Hide it when enough accounts said so; never what the team wrote."""
    enough = int(case.network.setting(THRESHOLD.name))
    if case.state != CaseState.OPEN or not enough or counted(case) < enough:
        return False
    if rules.is_of_the_team(authors_of(case), case.network):
        return False
    by = Viewer.as_system(case.network, "Maillage")
    kind.suspend(by, content)
    case.state, case.hidden_at = CaseState.HIDDEN, timezone.now()
    case.save(update_fields=["state", "hidden_at", "updated_at"])
    record("case.suspended", by=by, subject=case)
    telling.tell_authors(case)
    telling.tell_moderators(case)
    return True
