"""Settings of the loans in a network, the words of their acts, what becomes of them when two sheets or two accounts are made one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import follow as follow_person
from maillage.activity.registry import name_task, say
from maillage.core.panels import Slot
from maillage.directory.registry.relations import Relation, Values, follow
from maillage.networks.registry import Setting, declare

loan_main = Slot("loans.loan_main")

ANSWER = declare(Setting("loan_answer_days", 10, _("Prêts : une demande sans réponse tombe après (jours)"), 1, 60))
FALLBACK = declare(
    Setting("loan_fallback_days", 4, _("Prêts : l'équipe peut répondre à la place du prêteur après (jours)"), 1, 60)
)
LATE = declare(Setting("loan_late_days", 7, _("Prêts : un retard est transmis à l'équipe après (jours)"), 3, 60))
KEPT = declare(
    Setting(
        "loan_kept_months", 12, _("Prêts : durée pendant laquelle les noms sont gardés après le retour (mois)"), 3, 60
    )
)
FOUND_LATE = declare(
    Setting("loan_damage_days", 14, _("Prêts : un dommage découvert après le retour se déclare pendant (jours)"), 1, 90)
)

say(
    loan__asked=_("a demandé : %(label)s"),
    loan__accepted=_("a accepté : %(label)s"),
    loan__refused=_("a refusé : %(label)s"),
    loan__countered=_("a proposé d'autres dates : %(label)s"),
    loan__expired=_("a laissé sans réponse : %(label)s"),
    loan__escalated=_("a transmis à l'équipe : %(label)s"),
    loan__prepared=_("a préparé : %(label)s"),
    loan__unprepared=_("a repris la préparation : %(label)s"),
    loan__exchanged=_("a échangé un exemplaire : %(label)s"),
    loan__out=_("a remis : %(label)s"),
    loan__partly=_("a repris une partie : %(label)s"),
    loan__returned=_("a tout repris : %(label)s"),
    loan__closed=_("a clos : %(label)s"),
    loan__cancelled=_("a annulé : %(label)s"),
    loan__extension_asked=_("a demandé une prolongation : %(label)s"),
    loan__extended=_("a prolongé : %(label)s"),
    loan__extension_refused=_("a refusé une prolongation : %(label)s"),
    loan__noted=_("a annoté : %(label)s"),
    loan__reported=_("a fait un constat d'état : %(label)s"),
    loan__agreement_drawn=_("a établi la convention : %(label)s"),
    loan__agreement_signed=_("a signé la convention : %(label)s"),
    loan__agreement_sent=_("a envoyé un lien pour signer : %(label)s"),
    loan__document_given=_("a remis une pièce : %(label)s"),
    loan__document_answered=_("a répondu sur une pièce : %(label)s"),
    loan__agreement_text=_("a réécrit le texte des conventions de prêt"),
    loan__case=_("a dit la suite d'un dommage : %(label)s"),
    loan__case_answered=_("a répondu sur un dommage : %(label)s"),
    loan__transfer_planned=_("a prévu une remise directe : %(label)s"),
    loan__transfer_cancelled=_("a annulé une remise directe : %(label)s"),
    loan__transfer_confirmed=_("a confirmé sa signature d'une remise directe : %(label)s"),
    loan__transferred=_("a remis directement à l'emprunteur suivant : %(label)s"),
    waiting__joined=_("s'est inscrit en liste d'attente"),
    waiting__left=_("a quitté une liste d'attente"),
    waiting__offered=_("a proposé une place libérée"),
    waiting__expired=_("a laissé passer une place libérée"),
    suspension__made=_("a suspendu un emprunteur"),
    suspension__lifted=_("a levé une suspension"),
)
name_task("maillage.loans.actions.minding.mind_loans", _("Prêts : rappels, réponses attendues, listes d'attente"))
name_task("maillage.loans.actions.forgetting.forget_loans", _("Oubli des noms des prêts à leur terme"))
name_task("maillage.loans.actions.forgetting.forget_papers", _("Oubli des pièces et des photos des prêts à leur terme"))


def _not_to_itself(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """Of two that are one, none suspends the other."""
    actor, lender = (kept if pk == gone else pk for pk in (row.actor_id, row.lender_id))
    return None if actor == lender else {f"{field}_id": kept}


_NOBODY = _("La suspension de l'une des deux fiches par l'autre tombe.")
follow(Relation("loans.Loan.actor", _("emprunts")))
follow(
    Relation(
        "loans.AgreementText.actor",
        _("texte des conventions de prêt"),
        rule=_("celui de la fiche gardée reste"),
        settle=lambda row, held: {},
    )
)
follow(Relation("loans.WaitingEntry.actor", _("inscriptions en liste d'attente")))
follow(Relation("loans.UnmetRequest.actor", _("demandes de prêt non satisfaites")))
follow(Relation("loans.Suspension.actor", _("suspensions d'emprunt"), _NOBODY, rewrite=_not_to_itself))
follow(Relation("loans.Suspension.lender", _("suspensions décidées"), _NOBODY, rewrite=_not_to_itself))

_ONCE = _("Ce que les deux comptes ont demandé une fois chacun ne compte qu'une fois.")
follow_person(Relation("loans.WaitingEntry.contact", _("inscriptions en liste d'attente"), _ONCE))
follow_person(Relation("loans.UnmetRequest.user", _("demandes de prêt non satisfaites"), _ONCE))
follow_person(
    Relation("loans.CalendarKey.user", _("adresse du calendrier des prêts"), _("Celle du compte gardé reste."))
)
