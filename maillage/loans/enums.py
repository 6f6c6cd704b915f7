"""Closed lists of the loans."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoanState(models.TextChoices):
    """Where a loan stands. `COUNTERED`: its lender proposes other dates, which wait for the borrower and hold the copies."""

    ASKED = "asked", _("demandé")
    COUNTERED = "countered", _("autres dates proposées")
    ACCEPTED = "accepted", _("accepté")
    PREPARED = "prepared", _("préparé")
    OUT = "out", _("en cours")
    PARTLY = "partly", _("rendu en partie")
    RETURNED = "returned", _("rendu")
    CLOSED = "closed", _("clos")
    REFUSED = "refused", _("refusé")
    CANCELLED = "cancelled", _("annulé")
    EXPIRED = "expired", _("resté sans réponse")


# Where one may go from each state.
NEXT: dict[str, tuple[LoanState, ...]] = {
    LoanState.ASKED: (
        LoanState.ACCEPTED,
        LoanState.REFUSED,
        LoanState.COUNTERED,
        LoanState.CANCELLED,
        LoanState.EXPIRED,
    ),
    LoanState.COUNTERED: (LoanState.ACCEPTED, LoanState.REFUSED, LoanState.CANCELLED, LoanState.EXPIRED),
    LoanState.ACCEPTED: (LoanState.PREPARED, LoanState.CANCELLED),
    LoanState.PREPARED: (LoanState.OUT, LoanState.CANCELLED),
    LoanState.OUT: (LoanState.PARTLY, LoanState.RETURNED),
    LoanState.PARTLY: (LoanState.RETURNED,),
    LoanState.RETURNED: (LoanState.CLOSED,),
    LoanState.CLOSED: (),
    LoanState.REFUSED: (),
    LoanState.CANCELLED: (),
    LoanState.EXPIRED: (),
}

WAITING_ANSWER = (LoanState.ASKED, LoanState.COUNTERED)
PROMISED = (LoanState.ACCEPTED, LoanState.PREPARED)
AWAY = (LoanState.OUT, LoanState.PARTLY)
HOLDING = (*WAITING_ANSWER, *PROMISED, *AWAY)
"""States in which copies are held."""
OPEN = (*HOLDING, LoanState.RETURNED)


class AgreementState(models.TextChoices):
    """How far the agreement of a loan is. `NOT_NEEDED`: its lender asks for none."""

    NOT_NEEDED = "not_needed", _("sans convention")
    TO_SIGN = "to_sign", _("à signer")
    HALF_SIGNED = "half_signed", _("signée d'un côté")
    SIGNED = "signed", _("signée des deux côtés")


class Outcome(models.TextChoices):
    """How a copy came back."""

    FIT = "fit", _("en état")
    DAMAGED = "damaged", _("abîmé")
    LOST = "lost", _("perdu")


class Condition(models.TextChoices):
    """What is seen of a copy, as a report asks it."""

    FIT = "fit", _("en état")
    MISSING = "missing", _("il manque des pièces")
    DAMAGED = "damaged", _("abîmé")
    LOST = "lost", _("perdu")


OUTCOME_OF = {
    Condition.FIT: Outcome.FIT,
    Condition.MISSING: Outcome.DAMAGED,
    Condition.DAMAGED: Outcome.DAMAGED,
    Condition.LOST: Outcome.LOST,
}


class ReportKind(models.TextChoices):
    OUT = "out", _("au départ")
    IN = "in", _("au retour")
    TRANSFER = "transfer", _("à la remise au suivant")
    LATER = "later", _("après le retour")


class Side(models.TextChoices):
    """The two who sign: the value is the start of the names of fields, and what the personal link is made of."""

    LENDER = "lender", _("le prêteur")
    BORROWER = "borrower", _("l'emprunteur")


class DocumentKind(models.TextChoices):
    INSURANCE = "insurance", _("attestation d'assurance")
    DEPOSIT = "deposit", _("caution")
    AGREEMENT = "agreement", _("convention signée sur papier")
    OTHER = "other", _("autre pièce")


class DocumentState(models.TextChoices):
    """`BACK`: the deposit was given back."""

    GIVEN = "given", _("à vérifier")
    ACCEPTED = "accepted", _("acceptée")
    REFUSED = "refused", _("à refaire")
    BACK = "back", _("rendue")


class WaitingState(models.TextChoices):
    """Of an entry of a waiting list. `OFFERED`: copies are held for it until its time limit."""

    WAITING = "waiting", _("en attente")
    OFFERED = "offered", _("proposé")
    TAKEN = "taken", _("devenu un prêt")
    DECLINED = "declined", _("décliné")
    EXPIRED = "expired", _("proposition restée sans réponse")
    WITHDRAWN = "withdrawn", _("retiré")
    PAST = "past", _("dates passées")


WAITS = (WaitingState.WAITING, WaitingState.OFFERED)


class ExtensionState(models.TextChoices):
    ASKED = "asked", _("demandée")
    ACCEPTED = "accepted", _("acceptée")
    REFUSED = "refused", _("refusée")
    WITHDRAWN = "withdrawn", _("retirée")


class TransferState(models.TextChoices):
    """A copy that goes from a borrower to the next: agreed by its lender, then signed by both."""

    PLANNED = "planned", _("prévue")
    DONE = "done", _("faite")
    CANCELLED = "cancelled", _("annulée")


class CaseState(models.TextChoices):
    """What is done about a copy that came back damaged, or did not."""

    OPEN = "open", _("à traiter")
    CLAIMED = "claimed", _("réparation demandée")
    SETTLED = "settled", _("réglé")
    DROPPED = "dropped", _("sans suite")


OPEN_CASES = (CaseState.OPEN, CaseState.CLAIMED)


class Moment(models.TextChoices):
    """Messages that go once for an end of loan: one for each sentence, so that none keeps another from leaving. `UNFIT` may go again
    once the loan was safe in between."""

    BEFORE = "before", _("trois jours avant")
    THAT_DAY = "that_day", _("le jour même")
    AFTER = "after", _("deux jours après")
    ESCALATED = "escalated", _("transmis à l'équipe")
    ENDANGERED = "endangered", _("l'emprunt d'avant n'est pas revenu")
    UNFIT = "unfit", _("un exemplaire prévu n'est plus en état")
    AWAITED = "awaited", _("attendu par l'emprunt suivant")
    PAPERS = "papers", _("pièces à compléter après une prolongation")


class Unmet(models.TextChoices):
    """Why nobody could be served."""

    TAKEN = "taken", _("déjà pris à ces dates")
    TERMS = "terms", _("conditions du prêteur")
    REFUSED = "refused", _("refusé par le prêteur")
    EXPIRED = "expired", _("resté sans réponse")
    WAITED = "waited", _("liste d'attente jamais servie")
