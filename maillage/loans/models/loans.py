"""A loan: who asked for what, when, what came of it, which copies left and came back."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.catalogue.models import Booking, Copy, Module, Resource
from maillage.core.models import Dated
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, ActorMember
from maillage.loans.enums import AWAY, HOLDING, OPEN, AgreementState, LoanState, Moment, Outcome
from maillage.networks.models import Network
from maillage.territories.models import Territory


class Wish(Dated):
    """What someone wants to borrow and what for: of a loan, and of an entry of a waiting list. `first` and `last` are half-days
    (`catalogue.engine.halves`) of the use. `contact` asked, for `actor` or (None) as a person; both may be erased."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="%(class)s_set")
    actor = models.ForeignKey(
        Actor, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pour la structure")
    )
    contact = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("demandé par")
    )
    first = models.IntegerField(_("du"))
    last = models.IntegerField(_("au"))
    purpose = models.CharField(_("pour quoi faire"), max_length=300, blank=True)
    place = models.CharField(_("lieu"), max_length=200, blank=True)
    commune = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune")
    )
    expected = models.PositiveIntegerField(_("personnes attendues"), null=True, blank=True)

    class Meta:
        abstract = True


class LoanQuerySet(models.QuerySet["Loan"]):
    def visible_to(self, viewer: Viewer) -> "LoanQuerySet":
        """Both sides, and those who run the network."""
        here = self.filter(network=viewer.network_id)
        if viewer.runs_network:
            return here
        if not viewer.is_authenticated:
            return self.none()
        return here.filter(_borrowed(viewer) | Q(_lent(viewer)))

    def borrowed_by(self, viewer: Viewer) -> "LoanQuerySet":
        """Those that the viewer asked for, or that someone of an actor of theirs did."""
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(_borrowed(viewer), network=viewer.network_id)

    def lent_by(self, viewer: Viewer) -> "LoanQuerySet":
        if not viewer.is_authenticated:
            return self.none()
        return self.filter(_lent(viewer), network=viewer.network_id)

    def holding(self) -> "LoanQuerySet":
        return self.filter(state__in=HOLDING)

    def away(self) -> "LoanQuerySet":
        return self.filter(state__in=AWAY)

    def for_lists(self) -> "LoanQuerySet":
        """What a line of a list shows."""
        return self.select_related("resource__actor", "actor", "contact", "commune", "network")


def _borrowed(viewer: Viewer) -> Q:
    """In one's own name, or for an actor that one still looks after."""
    own = Q(actor=None, contact=viewer.user_id)
    return own | Q(actor__in=ActorMember.objects.filter(user=viewer.user_id).values("actor"))


def _lent(viewer: Viewer) -> Exists:
    return Exists(ActorMember.objects.filter(actor=OuterRef("resource__actor"), user=viewer.user_id))


class Loan(Wish):
    """`original_first` and `original_last` are the dates first agreed, whatever was extended. `expires_at`: until when its lender
    (or, of other dates proposed, its borrower) answers. `fee`, `deposit` and `value` are those of all it takes when it was accepted, in
    euros, as are what is needed before it leaves. `reached` is how many people it reached, told on its return. `booking` holds the copies;
    its end goes on by itself while they are late, that of the loan does not."""

    booking = models.OneToOneField(Booking, models.PROTECT, related_name="loan")
    state = models.CharField(_("état"), max_length=9, choices=LoanState.choices, default=LoanState.ASKED)
    state_at = models.DateTimeField(_("depuis"), default=timezone.now)
    original_first = models.IntegerField(editable=False)
    original_last = models.IntegerField(editable=False)
    renewed = models.PositiveSmallIntegerField(_("prolongations"), default=0)

    expires_at = models.DateTimeField(_("réponse attendue avant le"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("transmis à l'équipe le"), null=True, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    answer = models.CharField(_("réponse du prêteur"), max_length=500, blank=True)
    reason = models.CharField(_("motif"), max_length=500, blank=True)

    fee = models.DecimalField(_("tarif (euros)"), max_digits=12, decimal_places=2, null=True, blank=True)
    deposit = models.DecimalField(_("caution (euros)"), max_digits=12, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(
        _("valeur de remplacement (euros)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    agreement_state = models.CharField(
        _("convention"), max_length=11, choices=AgreementState.choices, default=AgreementState.NOT_NEEDED
    )
    needs_insurance = models.BooleanField(_("une attestation d'assurance est demandée"), default=False)
    needs_deposit = models.BooleanField(_("la caution est reçue avant le départ"), default=False)

    left_at = models.DateTimeField(_("parti le"), null=True, blank=True)
    returned_at = models.DateTimeField(_("rendu le"), null=True, blank=True)
    reached = models.PositiveIntegerField(_("personnes touchées"), null=True, blank=True)
    lender_note = models.TextField(_("note du prêteur, pour lui seul"), max_length=2000, blank=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("prêt")
        ordering = ["first", "pk"]
        indexes = [
            models.Index(fields=["network", "state", "first"]),
            models.Index(fields=["network", "state", "last"]),
            models.Index(fields=["resource", "last"]),
            models.Index(fields=["contact", "-first"]),
            models.Index(fields=["actor", "-first"]),
            models.Index(fields=["state", "expires_at"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="loan_half_days"),
            models.CheckConstraint(condition=Q(original_last__gte=F("original_first")), name="loan_original_half_days"),
            models.CheckConstraint(condition=~Q(state__in=AWAY) | Q(left_at__isnull=False), name="loan_away_has_left"),
            models.CheckConstraint(
                condition=~Q(state__in=(LoanState.RETURNED, LoanState.CLOSED)) | Q(returned_at__isnull=False),
                name="loan_returned_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        """Without who borrows, whom the journal must not keep."""
        return gettext("Prêt n° %(number)s : %(title)s") % {"number": self.pk, "title": self.resource.title}

    def get_absolute_url(self) -> str:
        return reverse("loans:loan_show", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_away(self) -> bool:
        return self.state in AWAY


class Line(models.Model):
    """So many copies of a module (None: of a resource that has none)."""

    quantity = models.PositiveSmallIntegerField(_("quantité"), default=1)

    class Meta:
        abstract = True


class LoanLine(Line):
    loan = models.ForeignKey(Loan, models.CASCADE, related_name="lines")
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "module"], name="loan_line_module"),
            models.UniqueConstraint(fields=["loan"], condition=Q(module=None), name="loan_line_whole"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="loan_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.module_id or '–'}"


class LoanUnitQuerySet(models.QuerySet["LoanUnit"]):
    def away(self) -> "LoanUnitQuerySet":
        """Those that left and did not come back."""
        return self.filter(left_at__isnull=False, returned_at=None)


class LoanUnit(models.Model):
    """A copy prepared for a loan. One that left and did not come back is out with one loan only, says the database; one that is
    lost is returned the moment it is told, with `outcome` lost."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="units")
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="loan_units")
    left_at = models.DateTimeField(_("parti le"), null=True, blank=True)
    returned_at = models.DateTimeField(_("revenu le"), null=True, blank=True)
    outcome = models.CharField(_("revenu"), max_length=7, choices=Outcome.choices, blank=True)
    note = models.CharField(_("remarque"), max_length=300, blank=True)

    objects = LoanUnitQuerySet.as_manager()

    class Meta:
        ordering = ["copy", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "copy"], name="loan_unit_once"),
            models.UniqueConstraint(
                fields=["copy"],
                condition=Q(left_at__isnull=False, returned_at=None),
                name="loan_unit_out_with_one",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, outcome="")
                | (Q(returned_at__isnull=False, left_at__isnull=False) & ~Q(outcome="")),
                name="loan_unit_returned_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None) | Q(returned_at__gte=F("left_at")), name="loan_unit_leaves_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} : {self.copy_id}"

    @property
    def is_away(self) -> bool:
        return self.left_at is not None and self.returned_at is None


class Told(models.Model):
    """A message that goes once for an end of loan (`last`, in half-days): after an extension, all go again."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="told")
    moment = models.CharField(max_length=10, choices=Moment.choices)
    last = models.IntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loan", "moment", "last"], name="loan_told_once")]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.moment}"
