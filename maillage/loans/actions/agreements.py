"""The agreement of a loan: its text by the lender or the network, drawn when the loan is promised, signed by both.

Whoever changes what it says (dates, units, value) makes another: the former, signed or not, stays as it was, out of force. Of a loan
that has left and is extended, what was signed stays in force, and an addendum says the new dates.
"""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import new_nonce
from maillage.accounts.queries import is_suppressed
from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.mail import absolute_url, send
from maillage.core.richtext import as_text, sanitised
from maillage.core.viewer import Viewer
from maillage.directory.enums import SigningWay
from maillage.directory.models import Actor
from maillage.directory.models.charter import print_of
from maillage.loans import rules
from maillage.loans.actions.marking import held, hold_actor
from maillage.loans.actions.telling import tell_borrower, tell_lender
from maillage.loans.enums import AWAY, PROMISED, AgreementState, Side
from maillage.loans.models import Agreement, AgreementText, Loan
from maillage.loans.queries.agreements import addendum_of, amended, in_force, text_of, unknown_names
from maillage.networks.models import Network


@dataclass(frozen=True)
class Signer:
    """Who signs, and as what."""

    name: str
    capacity: str = ""
    email: str = ""


def write_text(*, by: Viewer, actor: Actor | None, body: str) -> AgreementText:
    """The text of a lender's agreements, or (None) of the network's; those already drawn do not change."""
    rules.may_write_agreements(by, actor).require()
    body = sanitised(body, trusted=True)
    if not as_text(body):
        raise Refused(_("Écrivez le texte de la convention."), status=422)
    if unknown := unknown_names(body):
        raise Refused(_("Aucun prêt ne sait ce que veut dire : %s.") % ", ".join(unknown), status=422)
    with transaction.atomic():
        hold_actor(actor)
        Network.objects.select_for_update().get(pk=by.network.pk)
        row = AgreementText.objects.filter(network=by.network, actor=actor).first()
        row = row or AgreementText(network=by.network, actor=actor)
        row.body = body
        row.full_clean()
        row.save()
        record("loan.agreement_text", by=by, subject=actor, touch=False)
    return row


def draw_agreement(*, by: Viewer, loan: Loan) -> Agreement:
    """Anew when what it says has changed; the one in force when it has not."""
    with transaction.atomic():
        loan = held(loan)
        rules.may_lend(by, loan).require()
        if loan.state not in PROMISED:
            raise Conflict(_("La convention s’établit entre l’accord du prêteur et le départ."))
        return _draw(by, loan)


def draw_if_needed(by: Viewer, loan: Loan) -> None:
    """Of a loan just accepted, in the transaction of its acceptance."""
    if loan.agreement_state != AgreementState.NOT_NEEDED:
        _draw(by, loan)


def redraw_if_changed(by: Viewer, loan: Loan) -> None:
    """Of a loan whose dates just changed: another as long as it has not left, then an addendum to the one that was signed."""
    if loan.agreement_state == AgreementState.NOT_NEEDED:
        return
    if loan.state in PROMISED:
        _draw(by, loan)
    elif loan.state in AWAY and (signed := amended(loan)) is not None:
        _write(
            by,
            loan,
            addendum_of(loan, signed),
            loan.agreements.filter(cancelled_at=None, amends=signed).first(),
            signed,
        )


def _draw(by: Viewer, loan: Loan) -> Agreement:
    return _write(by, loan, text_of(loan), in_force(loan))


def _write(by: Viewer, loan: Loan, text: str, before: Agreement | None, amends: Agreement | None = None) -> Agreement:
    if before is not None:
        if before.text == text:
            return before
        before.cancelled_at = timezone.now()
        before.save(update_fields=["cancelled_at", "updated_at"])
    agreement = Agreement(loan=loan, amends=amends, text=text, text_sha256=print_of(text))
    agreement.full_clean()
    agreement.save()
    _now(loan, AgreementState.TO_SIGN)
    record("loan.agreement_drawn", by=by, subject=loan, details={"sha256": agreement.text_sha256}, touch=False)
    return agreement


def _now(loan: Loan, state: AgreementState) -> None:
    loan.agreement_state = state
    loan.save(update_fields=["agreement_state", "updated_at"])


def sign_agreement(*, by: Viewer, agreement: Agreement, side: Side, read: str, signer: Signer) -> Agreement:
    """With an account, by someone of that side. `read` is the print of the text that they were shown."""
    with transaction.atomic():
        loan = held(agreement.loan)
        rules.may_sign(by, loan, side).require()
        return _sign(by, loan, agreement, side, read, signer, SigningWay.ACCOUNT)


def sign_with_link(*, by: Viewer, agreement: Agreement, side: Side, read: str, signer: Signer) -> Agreement:
    """Whoever holds the link of that side, without an account."""
    with transaction.atomic():
        loan = held(agreement.loan)
        if not _is_signed_now(loan, agreement):
            raise Refused(_("Ce lien ne permet plus de signer : le prêt est parti, ou n’a plus lieu."), status=410)
        if by.is_authenticated and side == Side.BORROWER and rules.lends(by, loan) and not rules.borrows(by, loan):
            raise Refused(_("C’est à l’emprunteur de signer de ce côté."))
        return _sign(by, loan, agreement, side, read, signer, SigningWay.LINK)


def _sign(
    by: Viewer, loan: Loan, agreement: Agreement, side: Side, read: str, signer: Signer, way: SigningWay
) -> Agreement:
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if agreement.cancelled_at is not None or agreement.text_sha256 != read:
        raise Conflict(_("La convention a changé depuis que vous avez ouvert la page : relisez-la, puis signez."))
    if getattr(agreement, f"{side}_signed_at") is not None:
        raise Conflict(_("La convention est déjà signée de ce côté. Tout est en ordre."))
    put_signature(agreement, side, signer, way, by)
    record("loan.agreement_signed", by=by, subject=loan, details={"side": str(side), "way": str(way)}, touch=False)
    settle(loan, agreement)
    title = _("Convention signée : « %(title)s »")
    if side == Side.LENDER:
        tell_borrower(loan, f"signed:{agreement.pk}:{side}", title, by=by, text=_told(agreement))
    else:
        tell_lender(loan, f"signed:{agreement.pk}:{side}", title, by=by, text=_told(agreement))
        if (
            way == SigningWay.LINK
        ):  # A link goes where its sender said: the borrower learns what was signed in their name.
            text = _("Signée avec un lien par %(name)s.") % {"name": agreement.borrower_name}
            tell_borrower(loan, f"signed-by-link:{agreement.pk}", title, by=by, text=text)
    return agreement


def _is_signed_now(loan: Loan, agreement: Agreement) -> bool:
    return loan.state in PROMISED or (loan.state in AWAY and agreement.is_addendum)


def put_signature(agreement: Agreement, side: Side, signer: Signer, way: SigningWay, by: Viewer) -> None:
    for name, value in (
        ("name", " ".join(signer.name.split())[:120]), ("capacity", signer.capacity[:120]), ("email", signer.email),
        ("way", way), ("signed_by", by.user), ("signed_at", timezone.now()),
    ):  # fmt: skip
        setattr(agreement, f"{side}_{name}", value)
    agreement.full_clean()
    agreement.save()


def settle(loan: Loan, agreement: Agreement) -> None:
    both = all(getattr(agreement, f"{side}_signed_at") for side in Side)
    _now(loan, AgreementState.SIGNED if both else AgreementState.HALF_SIGNED)


def _told(agreement: Agreement) -> str:
    if all(getattr(agreement, f"{side}_signed_at") for side in Side):
        return _("Les deux parties ont signé : chacune peut la télécharger sur la page du prêt.")
    return _("L’autre partie a signé ; il manque votre signature.")


def send_link(*, by: Viewer, agreement: Agreement, side: Side, email: str) -> Agreement:
    """The lender sends the text to whoever signs for a side: their link signs without an account."""
    with transaction.atomic():
        loan = held(agreement.loan)
        rules.may_lend(by, loan).require()
        agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if agreement.cancelled_at is not None or not _is_signed_now(loan, agreement):
            raise Conflict(_("Cette convention ne se signe plus."))
        if getattr(agreement, f"{side}_signed_at") is not None:
            raise Conflict(_("La convention est déjà signée de ce côté. Tout est en ordre."))
        if is_suppressed(email):
            raise Refused(_("La personne qui lit cette adresse a demandé à ne plus recevoir de message."), status=409)
        if getattr(agreement, f"{side}_email") not in ("", email):
            agreement.nonce = new_nonce()  # Sent to somebody else before: the links of then open nothing any more.
        setattr(agreement, f"{side}_email", email)
        agreement.full_clean()
        agreement.save()
        path = reverse("loans:agreement_link", args=[agreement.pk, side, agreement.token(side)])
        send(
            "loans/mail/agreement.html", to=email, network=loan.network, unasked=True,
            reply_to=loan.resource.actor.email,
            context={
                "loan": loan,
                "button_url": absolute_url(loan.network, path),
                "button_label": _("Lire et signer la convention"),
            },
        )  # fmt: skip
        record("loan.agreement_sent", by=by, subject=loan, touch=False)
    return agreement
