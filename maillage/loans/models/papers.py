"""What a loan needs on paper before it leaves: its agreement, signed by both, and the documents of its borrower."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User, new_nonce
from maillage.core.models import Dated
from maillage.core.storage import WholeFiles
from maillage.directory.enums import SigningWay
from maillage.directory.models import Actor
from maillage.loans.enums import DocumentKind, DocumentState
from maillage.loans.models.loans import Loan
from maillage.networks.models import Network
from maillage.networks.validators import validate_one_line


def private_storage() -> WholeFiles:
    """Outside every folder that a web server may serve: a checked view alone opens what is there."""
    return WholeFiles(location=settings.VAR / "loans", base_url=None, file_permissions_mode=0o600)


def random_name(row: models.Model, name: str) -> str:
    """Nothing of the given name reaches the disk."""
    return f"{timezone.localdate():%Y-%m}/{secrets.token_hex(16)}"


class AgreementText(Dated):
    """The text proposed for the agreements of a lender, else (`actor` None) for those of its network; `registry.agreement` lists what
    it may name between braces."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    actor = models.ForeignKey(Actor, models.CASCADE, null=True, blank=True, related_name="+")
    body = models.TextField(_("texte"), max_length=50_000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "actor"], name="loan_agreement_text_actor"),
            models.UniqueConstraint(fields=["network"], condition=Q(actor=None), name="loan_agreement_text_network"),
        ]

    def __str__(self) -> str:
        return f"{self.network_id} {self.actor_id or '–'}"


class Agreement(Dated):
    """What both sides sign. Its text never changes once someone signed: `text_sha256` is the print of its exact text. One is in force
    for a loan; when dates or units change, it is cancelled and another made. Once it left, what is signed stands: a later end is an
    addendum (`amends`), signed likewise; one is in force too. Names, addresses and accounts may be erased: that it was
    signed stays. `nonce` makes the personal links that sign (`borrower`'s and `lender`'s)."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="agreements")
    amends = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="addenda")
    text = models.TextField(_("texte"))
    text_sha256 = models.CharField(_("empreinte du texte"), max_length=64)
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    cancelled_at = models.DateTimeField(_("remplacée le"), null=True, blank=True)

    lender_name = models.CharField(_("nom"), max_length=120, blank=True, validators=[validate_one_line])
    lender_capacity = models.CharField(_("qualité"), max_length=120, blank=True, validators=[validate_one_line])
    lender_email = models.EmailField(_("adresse e-mail"), blank=True)
    lender_way = models.CharField(_("moyen"), max_length=10, choices=SigningWay.choices, blank=True)
    lender_signed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    lender_signed_at = models.DateTimeField(_("signée par le prêteur le"), null=True, blank=True)

    borrower_name = models.CharField(_("nom"), max_length=120, blank=True, validators=[validate_one_line])
    borrower_capacity = models.CharField(_("qualité"), max_length=120, blank=True, validators=[validate_one_line])
    borrower_email = models.EmailField(_("adresse e-mail"), blank=True)
    borrower_way = models.CharField(_("moyen"), max_length=10, choices=SigningWay.choices, blank=True)
    borrower_signed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    borrower_signed_at = models.DateTimeField(_("signée par l'emprunteur le"), null=True, blank=True)

    class Meta:
        verbose_name = _("convention de prêt")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["loan"], condition=Q(cancelled_at=None, amends=None), name="loan_agreement_in_force"
            ),
            models.UniqueConstraint(
                fields=["loan"], condition=Q(cancelled_at=None, amends__isnull=False), name="loan_addendum_in_force"
            ),
            models.CheckConstraint(
                condition=Q(lender_signed_at=None, lender_way="")
                | (Q(lender_signed_at__isnull=False) & ~Q(lender_way="")),
                name="loan_agreement_lender_way",
            ),
            models.CheckConstraint(
                condition=Q(borrower_signed_at=None, borrower_way="")
                | (Q(borrower_signed_at__isnull=False) & ~Q(borrower_way="")),
                name="loan_agreement_borrower_way",
            ),
        ]

    def __str__(self) -> str:
        title = (
            gettext("Avenant du prêt n° %(number)s") if self.amends_id else gettext("Convention du prêt n° %(number)s")
        )
        return title % {"number": self.loan_id}

    @property
    def is_addendum(self) -> bool:
        return self.amends_id is not None

    def token(self, side: str) -> str:
        """Of the personal link of a side ("lender" or "borrower")."""
        digest = salted_hmac("maillage.loans.agreement", f"{self.pk}:{side}:{self.nonce}", algorithm="sha256")
        return digest.hexdigest()

    def is_opened_by(self, token: str, side: str) -> bool:
        return constant_time_compare(self.token(side), token)


class LoanDocument(Dated):
    """A document of a loan; `file` is kept under a random name, out of reach of web servers (a deposit may have none). `kind_of_file` is
    its MIME type, `digest` its SHA-256. One of each kind stands, others are refused ones."""

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="documents")
    kind = models.CharField(_("pièce"), max_length=10, choices=DocumentKind.choices)
    state = models.CharField(_("état"), max_length=8, choices=DocumentState.choices, default=DocumentState.GIVEN)
    file = models.FileField(_("document"), storage=private_storage, upload_to=random_name, blank=True)
    name = models.CharField(_("nom donné au téléchargement"), max_length=140, blank=True)
    kind_of_file = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    valid_until = models.DateField(_("valable jusqu'au"), null=True, blank=True)
    amount = models.DecimalField(_("montant (euros)"), max_digits=8, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("ce qui ne va pas"), max_length=300, blank=True)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    checked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(_("vérifiée le"), null=True, blank=True)

    class Meta:
        ordering = ["kind", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "kind"],
                condition=~Q(state=DocumentState.REFUSED) & ~Q(kind=DocumentKind.OTHER),
                name="loan_document_one_stands",
            )
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} : {self.get_kind_display()}"
