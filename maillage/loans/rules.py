"""Who may do what with loans: who borrows, who lends, and the team of the network when a lender does not answer."""

from django.utils.translation import gettext as _

from maillage.catalogue.enums import Form
from maillage.catalogue.models import Resource
from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, ActorMember
from maillage.directory.rules import in_reach, represents
from maillage.loans.enums import (
    AWAY,
    NEXT,
    OPEN_CASES,
    PROMISED,
    WAITING_ANSWER,
    LoanState,
    ReportKind,
    Side,
    TransferState,
)
from maillage.loans.models import Loan, Transfer, WaitingEntry
from maillage.loans.registry.pieces import lacking

_BY_LENDER = (
    LoanState.ACCEPTED,
    LoanState.REFUSED,
    LoanState.COUNTERED,
    LoanState.PREPARED,
    LoanState.OUT,
    LoanState.PARTLY,
    LoanState.RETURNED,
    LoanState.CLOSED,
)


def lends(viewer: Viewer, loan: Loan) -> bool:
    """Whether the viewer is of those who lend it."""
    return bool(viewer.system) or represents(viewer, loan.resource.actor)


def borrows(viewer: Viewer, loan: Loan) -> bool:
    """The people of the actor that borrows, whoever of them asked; of a loan in one's own name, oneself."""
    if bool(viewer.system):
        return True
    if not viewer.is_authenticated:
        return False
    return represents(viewer, loan.actor) if loan.actor is not None else loan.contact_id == viewer.user_id


def stands_in(viewer: Viewer, loan: Loan) -> bool:
    """The team where the lender is, in the place of one who did not answer in time, or of whom nobody is here."""
    if not viewer.runs_network or not in_reach(viewer, loan.resource.actor):
        return False
    if loan.escalated_at is not None:
        return True
    return not ActorMember.objects.filter(actor=loan.resource.actor_id, user__is_active=True).exists()


def may_lend(viewer: Viewer, loan: Loan) -> Answer:
    """What is done on the side of the lender."""
    if viewer.network_id != loan.network_id:
        return Denied(_("Ce prêt appartient à un autre réseau."))
    return allow_if(
        lends(viewer, loan) or stands_in(viewer, loan), _("C'est à celles et ceux qui prêtent de le faire.")
    )


def may_borrow(viewer: Viewer, loan: Loan) -> Answer:
    """What is done on the side of the borrower."""
    if viewer.network_id != loan.network_id:
        return Denied(_("Ce prêt appartient à un autre réseau."))
    return allow_if(borrows(viewer, loan), _("C'est à celles et ceux qui empruntent de le faire."))


def may_ask(viewer: Viewer, resource: Resource) -> Answer:
    """To borrow it, whatever the terms of its lender (`queries.terms.objections`)."""
    if not viewer.is_authenticated and not viewer.system:
        return Denied(_("Connectez-vous pour demander un prêt."))
    if viewer.network_id != resource.network_id:
        return Denied(_("Cette ressource appartient à un autre réseau."))
    if resource.form != Form.LOAN or not resource.is_shown:
        return Denied(_("Cette ressource ne se prête pas pour l'instant."), status=409)
    return Allowed()


def may_ask_for(viewer: Viewer, actor: Actor | None) -> Answer:
    if actor is None or viewer.system or represents(viewer, actor):
        return Allowed()
    return Denied(_("Vous n'empruntez que pour les structures dont vous tenez la fiche."))


def may_become(viewer: Viewer, loan: Loan, state: str) -> Answer:
    """Whether it may go to that state now, and who takes it there; the sentence says what lacks."""
    if state not in NEXT[loan.state]:
        return Denied(_("Ce prêt ne peut pas passer à cet état maintenant."), status=409)
    if state == LoanState.CANCELLED:
        return may_cancel(viewer, loan)
    if state == LoanState.EXPIRED:
        return allow_if(bool(viewer.system), _("C'est le temps qui passe qui le dit."))
    if state == LoanState.ACCEPTED and loan.state == LoanState.COUNTERED:
        return may_borrow(viewer, loan)  # The dates are those of the lender: it is for the borrower to take them.
    if state == LoanState.REFUSED and loan.state == LoanState.COUNTERED and borrows(viewer, loan):
        return Allowed()
    if state in _BY_LENDER and not (answer := may_lend(viewer, loan)):
        return answer
    return may_leave(loan) if state == LoanState.OUT else Allowed()


def may_leave(loan: Loan) -> Answer:
    """LOAN-9: nothing leaves before all that was agreed is there."""
    found = lacking(loan)
    if not found:
        return Allowed()
    return Denied(_("Il manque encore : %s") % " ; ".join(each.sentence for each in found), status=409)


def may_cancel(viewer: Viewer, loan: Loan) -> Answer:
    """Either side, as long as nothing left."""
    if loan.state not in (*WAITING_ANSWER, *PROMISED):
        return Denied(_("Ce prêt ne s'annule plus."), status=409)
    return Allowed() if may_borrow(viewer, loan) or may_lend(viewer, loan) else may_borrow(viewer, loan)


def may_ask_extension(viewer: Viewer, loan: Loan, renewals: int) -> Answer:
    if not (answer := may_borrow(viewer, loan)):
        return answer
    if loan.state not in (*PROMISED, *AWAY):
        return Denied(_("Ce prêt ne se prolonge pas maintenant."), status=409)
    if loan.renewed >= renewals:
        return Denied(_("Ce prêt a été prolongé autant de fois que son prêteur l'accepte."), status=409)
    return Allowed()


def may_wait(viewer: Viewer, entry: WaitingEntry) -> Answer:
    """To take, decline or leave one's place."""
    own = bool(viewer.system) or (viewer.is_authenticated and entry.contact_id == viewer.user_id)
    return allow_if(own, _("Cette place en liste d'attente n'est pas la vôtre."))


def may_suspend(viewer: Viewer, lender: Actor | None) -> Answer:
    """A lender from its own loans; the team from those of the lenders that it animates, from all when it animates the whole network."""
    if lender is not None and represents(viewer, lender):
        return Allowed()
    if not viewer.runs_network:
        return Denied(_("Vous ne suspendez que de vos propres prêts."))
    if lender is not None:
        return in_reach(viewer, lender)
    return allow_if(
        viewer.animates(""),
        _("Une suspension vaut dans tout le réseau : une personne qui l'anime en entier la décide."),
    )


def may_see_board(viewer: Viewer) -> Answer:
    """The pages of lenders: those who look after an actor, and the team."""
    if viewer.runs_network:
        return Allowed()
    mine = viewer.is_authenticated and viewer.user.actor_memberships.exists()
    return allow_if(mine, _("Cette page est celle des structures qui prêtent."))


def may_report(viewer: Viewer, loan: Loan, kind: str) -> Answer:
    """To write the condition report of its departure, of a return, or of what is seen once it is back."""
    if not (answer := may_lend(viewer, loan)):
        return answer
    if kind == ReportKind.LATER:
        back = loan.state in (LoanState.PARTLY, LoanState.RETURNED, LoanState.CLOSED)
        return Allowed() if back else Denied(_("Rien de ce prêt n’est encore revenu."), status=409)
    if kind == ReportKind.OUT:
        if loan.state != LoanState.PREPARED:
            return Denied(_("Le constat de départ se fait quand le prêt est préparé et pas encore parti."), status=409)
        return may_leave(loan)
    if loan.state not in AWAY:
        return Denied(_("Rien de ce prêt n'est à reprendre maintenant."), status=409)
    return Allowed()


def may_answer_case(viewer: Viewer, loan: Loan, state: str) -> Answer:
    """What its borrower says of a damage, until its lender has said what comes of it."""
    if state not in OPEN_CASES:
        return Denied(_("Ce dommage est traité : sa réponse ne change plus."), status=409)
    return may_borrow(viewer, loan)


def may_sign(viewer: Viewer, loan: Loan, side: str) -> Answer:
    """The agreement of a loan, with one's account, for a side."""
    if loan.state not in (*PROMISED, *AWAY):
        sentence = _(
            "La convention se signe entre l'accord du prêteur et le départ, l'avenant d'une prolongation avant le retour."
        )
        return Denied(sentence, status=409)
    return may_lend(viewer, loan) if side == Side.LENDER else may_borrow(viewer, loan)


def may_give_document(viewer: Viewer, loan: Loan) -> Answer:
    if not loan.is_open:
        return Denied(_("Ce prêt n'attend plus de pièce."), status=409)
    return Allowed() if may_lend(viewer, loan) else may_borrow(viewer, loan)


def may_write_agreements(viewer: Viewer, actor: Actor | None) -> Answer:
    """The text of a lender, by those who look after it; of the network (None), by those who run it."""
    if actor is None:
        return allow_if(
            viewer.runs_network and viewer.animates(""),
            _("Ce texte vaut dans tout le réseau : une personne qui l'anime en entier l'écrit."),
        )
    return allow_if(bool(viewer.system) or represents(viewer, actor), _("Ce texte est celui d'une autre structure."))


def may_see_network_figures(viewer: Viewer) -> Answer:
    return allow_if(viewer.runs_network, _("Ces chiffres sont ceux de l'équipe du réseau."))


def may_plan_transfer(viewer: Viewer, giving: Loan, receiving: Loan) -> Answer:
    """LOAN-10: by their lender, from what is out to what is promised."""
    for loan in (giving, receiving):
        if not (answer := may_lend(viewer, loan)):
            return answer
    same = giving.resource_id == receiving.resource_id and giving.pk != receiving.pk
    if not same or giving.state not in AWAY or receiving.state not in PROMISED:
        return Denied(_("Une remise directe va d'un prêt en cours à un prêt accepté de la même ressource."), status=409)
    return Allowed()


def may_sign_transfer(viewer: Viewer, giving: Loan, receiving: Loan) -> Answer:
    """On the device of either borrower, or of their lender."""
    if may_lend(viewer, giving) or may_borrow(viewer, giving):
        return Allowed()
    return may_borrow(viewer, receiving)


def sides_to_confirm(viewer: Viewer, transfer: Transfer) -> list[str]:
    """The sides of a transfer that was signed on the device of somebody else, and that the viewer signs for."""
    if transfer.state != TransferState.DONE:
        return []
    loans = {"giver": transfer.giving, "receiver": transfer.receiving}
    waiting = [side for side in loans if getattr(transfer, f"{side}_confirmed_at") is None]
    return [side for side in waiting if viewer.network_id == loans[side].network_id and borrows(viewer, loans[side])]
