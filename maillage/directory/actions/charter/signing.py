"""Signing for an actor, recording a paper, withdrawing, forgetting who signed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User, new_nonce
from maillage.accounts.queries import addresses_of
from maillage.activity.actions import record
from maillage.core.dates import date_format
from maillage.core.errors import Conflict, Refused
from maillage.core.mail import absolute_url, send
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.marking import hold, mark_changed
from maillage.directory.enums import SigningWay
from maillage.directory.models import Actor, CharterVersion, Listing, Signature, SigningLink
from maillage.directory.models.charter import begins_on
from maillage.directory.queries.charter import standing_signature

_OLDEST = timedelta(days=30 * 365)  # A date before that is a slip of the hand.


@dataclass(frozen=True)
class Signer:
    """Who signs, and as what; `email` receives the proof."""

    name: str
    capacity: str
    email: str = ""
    name_is_public: bool = False


class AlreadySigned(Conflict):
    """Someone signed for the actor before, perhaps a second ago; `signature` is theirs."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        facts = {
            "actor": signature.actor.name,
            "day": date_format(signature.signed_on, "j F Y"),
            "who": signature.signer_name,
            "capacity": signature.capacity,
        }
        sentence = (
            _("%(who)s (%(capacity)s) a déjà signé la charte pour %(actor)s, le %(day)s. Tout est en ordre.")
            if signature.signer_name
            else _("La charte est déjà signée pour %(actor)s, depuis le %(day)s. Tout est en ordre.")
        )
        super().__init__(sentence % facts)


def sign_as_member(*, by: Viewer, actor: Actor, read: str, signer: Signer) -> Signature:
    """Someone who represents the actor signs with their account. `read` is the print of the text they were shown."""
    rules.may_sign(by, actor).require()
    with transaction.atomic():
        hold([actor.pk], by=by)
        version = _version_read(by, read)
        return _write(by, actor, version, signer, way=SigningWay.ACCOUNT, signed_by=by.user)


def sign_with_link(*, by: Viewer, link: SigningLink, read: str, signer: Signer) -> Signature:
    """Whoever holds the link signs once with it, without an account; the account is kept when there is one."""
    with transaction.atomic():
        hold([link.actor_id], by=by)
        link = SigningLink.objects.select_for_update(of=("self",)).select_related("actor").get(pk=link.pk)
        version = _version_read(by, read)
        if (before := standing_signature(by.network, link.actor, version.major)) is not None:
            raise AlreadySigned(before)
        if not link.is_open:
            raise Refused(
                _("Ce lien ne permet plus de signer : demandez-en un autre à l'équipe du réseau."), status=410
            )
        if link.actor.archived_at is not None:
            raise Refused(_("Cet acteur est archivé : il ne signe plus."), status=409)
        signed = _write(by, link.actor, version, signer, way=SigningWay.LINK, signed_by=by.user)
        link.used_at, link.signature = timezone.now(), signed
        link.save(update_fields=["used_at", "signature", "updated_at"])
    return signed


def record_paper(*, by: Viewer, actor: Actor, version: CharterVersion, signer: Signer, on: date) -> Signature:
    """The team enters a signature given on paper; it counts from the day written there."""
    rules.may_follow_signatures(by, actor).require()
    if on > timezone.localdate():
        raise Refused(_("Une signature ne se date pas dans l'avenir."), status=422)
    if on < (first := _first_day(version)):
        day = date_format(first, "j F Y")
        raise Refused(_("Cette version ne se signe que depuis le %(day)s.") % {"day": day}, status=422)
    with transaction.atomic():
        hold([actor.pk], by=by)
        ended = Signature.objects.filter(actor=actor, network=by.network_id, withdrawn_on__gt=on)
        if (last := ended.aggregate(last=Max("withdrawn_on"))["last"]) is not None:
            day = date_format(last, "j F Y")
            raise Refused(_("La signature précédente a été retirée le %(day)s.") % {"day": day}, status=422)
        return _write(by, actor, version, signer, way=SigningWay.PAPER, on=on, recorded_by=by.user)


def withdraw(*, by: Viewer, signature: Signature, reason: str, on: date | None = None) -> Signature:
    """End a signature on a day; the row stays, with its reason."""
    rules.may_follow_signatures(by, signature.actor).require()
    on = on or timezone.localdate()
    with transaction.atomic():
        hold([signature.actor_id], by=by)
        signature = Signature.objects.select_related("actor", "version").get(pk=signature.pk)
        if signature.withdrawn_on is not None:
            raise Conflict(_("Cette signature est déjà retirée."))
        if not signature.signed_on <= on <= timezone.localdate():
            raise Refused(_("Choisissez un jour entre celui de la signature et aujourd'hui."), status=422)
        signature.withdrawn_on, signature.withdrawal_reason = on, reason
        signature.save()
        _tell(
            "charter.withdraw",
            by,
            signature,
            {"version": signature.version.number, "on": on.isoformat(), "reason": reason},
        )
    return signature


def show_name(*, signature: Signature, shown: bool) -> Signature:
    """Whoever signed and holds the link of the proof chooses whether the public list names them; as often as they like."""
    with transaction.atomic():
        hold([signature.actor_id], by=Viewer.as_system(signature.network, "Signataire"))
        signature = Signature.objects.select_related("actor", "version", "network").get(pk=signature.pk)
        if signature.name_is_public != shown:
            signature.name_is_public = shown
            signature.save(update_fields=["name_is_public", "updated_at"])
            _tell("charter.name", Viewer.as_system(signature.network, "Signataire"), signature, {"shown": shown})
    return signature


def forget_signer(*, by: Viewer, signature: Signature) -> None:
    """On request of someone without an account: the signature stays the actor's, the person's name goes (CHR-5)."""
    rules.may_follow_signatures(by, signature.actor).require()
    with transaction.atomic():
        hold([signature.actor_id], by=by)
        _forget(Signature.objects.filter(pk=signature.pk))
        _tell("charter.forget", by, signature, {})


def forget_signatures_of(*, user: User) -> None:
    """Inside the transaction of an erasure: signed with the account, or under its address before there was one."""
    _forget(Signature.objects.filter(signed_by=user))
    for address in addresses_of(user):
        _forget(Signature.objects.filter(email__iexact=address))
        SigningLink.objects.filter(email__iexact=address).delete()


def _forget(signatures: Any) -> None:
    for signature in signatures.order_by("pk"):
        # A new nonce: the personal link of the proof dies with the name.
        Signature.objects.filter(pk=signature.pk).update(
            signer_name="", email="", name_is_public=False, signed_by=None, nonce=new_nonce()
        )


def _version_read(by: Viewer, read: str) -> CharterVersion:
    """The text to be signed, provided that it is the one that was read."""
    version = CharterVersion.objects.filter(network=by.network_id).published().first()
    if version is None:
        raise Refused(_("Ce réseau n'a pas encore publié de charte."), status=409)
    if version.sha256 != read:
        raise Conflict(
            _("La charte a changé depuis que vous avez ouvert la page : lisez son nouveau texte, puis signez.")
        )
    return version


def _write(
    by: Viewer,
    actor: Actor,
    version: CharterVersion,
    signer: Signer,
    *,
    way: str,
    on: date | None = None,
    **who: User | None,
) -> Signature:
    """Written without looking first: of two at the same instant, the database keeps one, and the other learns of it."""
    if not Listing.objects.filter(actor=actor, network=by.network_id).exists():
        raise Refused(_("Cet acteur n'est pas dans l'annuaire de ce réseau."), status=404)
    signature = Signature(
        actor=actor, version=version, network=by.network, major=version.major, text_sha256=version.sha256,
        signer_name=signer.name, capacity=signer.capacity, email=signer.email, name_is_public=signer.name_is_public,
        way=way, signed_on=on or timezone.localdate(), **who,
    )  # fmt: skip
    signature.clean_fields(exclude=["network"])
    try:
        with transaction.atomic():
            signature.save()
    except IntegrityError as clash:
        before = standing_signature(by.network, actor, version.major)
        if before is None:
            raise
        raise AlreadySigned(before) from clash
    verb = "charter.paper" if way == SigningWay.PAPER else "charter.sign"
    _tell(verb, by, signature, {"version": version.number, "way": str(way), "sha256": version.sha256})
    if signature.email and way != SigningWay.PAPER:
        _send_proof(by, signature)
    return signature


def _first_day(version: CharterVersion) -> date:
    """The first day on which it could be signed; the first text of a network may be older than its use of the program."""
    before = CharterVersion.objects.filter(
        network=version.network_id, published_at__lt=version.published_at
    ).published()
    if version.published_at is None or not before.exists():
        return timezone.localdate() - _OLDEST
    return min(begins_on(version), timezone.localdate(version.published_at))


def _tell(verb: str, by: Viewer, signature: Signature, details: dict[str, Any]) -> None:
    record(verb, by=by, subject=signature.actor, details=details)
    mark_changed([signature.actor_id], only_in=by.network_id)


def _send_proof(by: Viewer, signature: Signature) -> None:
    path = reverse("directory:charter_proof", args=[signature.pk, signature.token])
    send(
        "directory/mail/charter_signed.html",
        to=signature.email,
        network=by.network,
        context={
            "signature": signature,
            "actor": signature.actor,
            "button_url": absolute_url(by.network, path),
            "button_label": _("Voir et télécharger la preuve"),
        },
    )
