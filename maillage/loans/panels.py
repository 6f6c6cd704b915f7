"""What the loans bring to the site: « Mes prêts », the lender's pages, the button of a resource, the team's queue."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import lead_to
from maillage.catalogue.enums import Form
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.lending import terms_of
from maillage.catalogue.registry import resource_side, resource_work
from maillage.core.panels import MenuItem, Panel, add_to_menu
from maillage.core.viewer import Viewer
from maillage.directory.registry.waiting import Waiting, WaitingKind, add_to_queue
from maillage.loans import rules
from maillage.loans.enums import WAITING_ANSWER, AgreementState, LoanState, ReportKind, TransferState
from maillage.loans.models import Loan
from maillage.loans.queries.board import to_answer
from maillage.loans.queries.conditions import conditions_of
from maillage.loans.queries.halves import span_said
from maillage.loans.queries.reports import cases_of, reports_of, units_to_report
from maillage.loans.queries.transfers import transfers_of
from maillage.loans.registry import loan_main


def _signed_in(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.system and viewer.network is not None


def _lends(viewer: Viewer) -> bool:
    return _signed_in(viewer) and bool(rules.may_see_board(viewer))


add_to_menu(MenuItem("account", _("Mes prêts"), "loans:own_list", "hand-helping", order=29, shown=_signed_in))
add_to_menu(
    MenuItem(
        "work", _("Prêts"), "loans:board", "hand-helping", 25, _lends, to_answer,
        covers=("loans:loan_table", "loans:month", "loans:suspension_list", "loans:label_list", "loans:whereabouts", "loans:figures"), under="catalogue",
    )
)  # fmt: skip


def _links(viewer: Viewer, keys: Iterable[int]) -> dict[int, str]:
    seen = Loan.objects.visible_to(viewer).filter(pk__in=list(keys)).values_list("pk", flat=True)
    return {pk: reverse("loans:loan_show", args=[pk]) for pk in seen}


lead_to("loans.Loan", _links)


@resource_side.fill(order=10)
def ask_for_resource(viewer: Viewer, resource: Resource) -> Panel | None:
    """« Demander » and on what terms, on the page of what is lent: signed in or not."""
    if not resource.is_lent or resource.form != Form.LOAN or not resource.is_shown:
        return None
    if viewer.is_authenticated and not rules.may_ask(viewer, resource):
        return None
    conditions = conditions_of(resource, terms_of(resource), to_anyone=not viewer.is_authenticated)
    return Panel("loans/_ask.html", {"resource": resource, "conditions": conditions})


@resource_work.fill(order=10)
def lend_resource(viewer: Viewer, resource: Resource) -> Panel | None:
    """What its lender does with it, beside its working page."""
    if not resource.is_lent or not rules.may_see_board(viewer):
        return None
    may_write = bool(rules.may_write_agreements(viewer, resource.actor))
    return Panel("loans/_of_resource.html", {"resource": resource, "may_write": may_write})


def _unanswered(viewer: Viewer) -> Any:
    """Requests that their lender left without an answer too long."""
    found = Loan.objects.visible_to(viewer).filter(state=LoanState.ASKED, escalated_at__isnull=False)
    place = Coalesce("resource__actor__commune__department__code", Value("", CharField()))
    return found.annotate(since=F("escalated_at"), department=place)


def _told(viewer: Viewer, keys: list[int]) -> Mapping[int, Waiting]:
    loans = Loan.objects.visible_to(viewer).filter(pk__in=keys).for_lists()
    return {
        loan.pk: Waiting(loan.resource.title, span_said(loan.first, loan.last), loan.get_absolute_url(), is_late=True)
        for loan in loans
    }


add_to_queue(WaitingKind("loan", _("Prêts sans réponse"), "hand-helping", _unanswered, _told))


@loan_main.fill(order=20)
def hand_over(viewer: Viewer, loan: Loan) -> Panel | None:
    """Condition reports, papers and damages; nothing before there is something to hand over."""
    reports, cases, transfers = list(reports_of(loan)), list(cases_of(loan)), transfers_of(loan)
    planned = [each for each in transfers if each.state == TransferState.PLANNED]
    may_return = rules.may_report(viewer, loan, ReportKind.IN)
    has_papers = loan.agreement_state != AgreementState.NOT_NEEDED or loan.needs_insurance or loan.needs_deposit
    context = {
        "loan": loan,
        "reports": reports,
        "cases": cases,
        "has_papers": has_papers and loan.state not in WAITING_ANSWER,
        "may_leave_report": bool(rules.may_report(viewer, loan, ReportKind.OUT)),
        "may_return_report": bool(may_return),
        "may_tell_damage": bool(rules.may_report(viewer, loan, ReportKind.LATER))
        and bool(units_to_report(loan, ReportKind.LATER)),
        "may_transfer": bool(may_return) and not planned,
        "transfers": planned,
        "to_confirm": [each for each in transfers if rules.sides_to_confirm(viewer, each)],
    }
    return Panel("loans/_handing.html", context) if any(list(context.values())[1:]) else None
