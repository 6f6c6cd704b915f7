"""What changes a loan on its way: a later end, a hand-over to the next borrower."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.models import Dated
from maillage.loans.enums import ExtensionState, TransferState
from maillage.loans.models.loans import Loan, LoanUnit


class Extension(Dated):
    """A later end, asked by the borrower, answered by the lender; `previous_last` is what it replaces."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="extensions")
    previous_last = models.IntegerField(editable=False)
    asked_last = models.IntegerField(_("jusqu'au"))
    reason = models.CharField(_("pourquoi"), max_length=300, blank=True)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("état"), max_length=9, choices=ExtensionState.choices, default=ExtensionState.ASKED)
    answer = models.CharField(_("réponse du prêteur"), max_length=300, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["loan"], condition=Q(state=ExtensionState.ASKED), name="loan_extension_one_asked"
            ),
            models.CheckConstraint(condition=Q(asked_last__gt=F("previous_last")), name="loan_extension_later"),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} → {self.asked_last}"


class Transfer(Dated):
    """The units of `giving` that go straight to `receiving`, the lender having agreed. Done once both signed, perhaps on the device of
    one: `…_confirmed_at` is when an account of that side did or confirmed it. Names and accounts may be erased, that they signed stays."""

    giving = models.ForeignKey(Loan, models.PROTECT, related_name="given_on")
    receiving = models.ForeignKey(Loan, models.PROTECT, related_name="received_from")
    units = models.ManyToManyField(LoanUnit, related_name="transfers")
    state = models.CharField(_("état"), max_length=9, choices=TransferState.choices, default=TransferState.PLANNED)
    planned_for = models.IntegerField(_("demi-journée prévue"))
    place = models.CharField(_("lieu de la remise"), max_length=200, blank=True)
    agreed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    giver_name = models.CharField(_("remis par"), max_length=120, blank=True)
    giver = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    giver_signed_at = models.DateTimeField(null=True, blank=True)
    giver_confirmed_at = models.DateTimeField(null=True, blank=True)
    receiver_name = models.CharField(_("reçu par"), max_length=120, blank=True)
    receiver = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    receiver_signed_at = models.DateTimeField(null=True, blank=True)
    receiver_confirmed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(_("faite le"), null=True, blank=True)

    class Meta:
        ordering = ["planned_for", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(giving=F("receiving")), name="loan_transfer_to_another"),
            models.UniqueConstraint(
                fields=["giving", "receiving"],
                condition=Q(state=TransferState.PLANNED),
                name="loan_transfer_one_planned",
            ),
            models.CheckConstraint(
                condition=~Q(state=TransferState.DONE)
                | Q(giver_signed_at__isnull=False, receiver_signed_at__isnull=False, done_at__isnull=False),
                name="loan_transfer_done_is_signed_twice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giving_id} → {self.receiving_id}"
