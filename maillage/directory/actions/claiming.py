"""Claims of a sheet: proof by the domain of an address or by a code, else a person decides.

A proof gives the sheet at once when nobody is responsible for it. Where someone is, even a proof waits for them: whoever
shares the domain of a university is not of each of its laboratories, and the page then says the same as for any other
request, so that nobody learns from it whether the sheet is looked after (CLM-2).
"""

import secrets
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import new_nonce
from maillage.activity.actions import record
from maillage.core.dates import date_format
from maillage.core.errors import Conflict, Refused
from maillage.core.mail import absolute_url, send
from maillage.core.throttle import hit
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions import telling
from maillage.directory.actions.marking import hold
from maillage.directory.actions.members import join
from maillage.directory.enums import ClaimState, ClaimWay, MemberRole, RefusalReason
from maillage.directory.models import Actor, Claim, ClaimCode
from maillage.directory.models.claims import CODE_LIFE
from maillage.directory.queries.claims import proving_address, rests_until

_HOUR, _DAY = 3600, 86_400
_ASKED_BY_PERSON, _CODES_BY_PERSON, _CODES_BY_ACTOR = 20, 5, 10


def claim_by_domain(*, by: Viewer, actor: Actor) -> Claim:
    """With a proved address of the domain that the sheet publishes."""
    with transaction.atomic():
        _begin(by, actor)
        if not proving_address(by.user, actor):
            raise Refused(
                _(
                    "Aucune de vos adresses vérifiées ne suffit ici comme preuve : demandez un code, ou envoyez une demande."
                ),
                status=409,
            )
        return _proved(by, actor, ClaimWay.DOMAIN)


def send_code(*, by: Viewer, actor: Actor) -> ClaimCode:
    """Six digits to the contact address of the sheet, whether it is shown or not; a new code kills the former one."""
    with transaction.atomic():
        _begin(by, actor)
        if not actor.email:
            raise Refused(_("Cette fiche n'a pas d'adresse de contact : envoyez plutôt une demande."), status=409)
        if until := rests_until(actor, "email"):
            raise Refused(
                _(
                    "L'adresse de contact de cette fiche a changé il y a peu : jusqu'au %(day)s, envoyez plutôt une demande."
                )
                % {"day": date_format(timezone.localtime(until), "j F Y")},
                status=409,
            )
        wait = hit("claims.code", f"u{by.user_id}", limit=_CODES_BY_PERSON, seconds=_HOUR)
        if wait or hit("claims.code.actor", str(actor.pk), limit=_CODES_BY_ACTOR, seconds=_DAY):
            raise Refused(_("Trop de codes demandés : réessayez plus tard, ou envoyez une demande."), status=429)
        digits = f"{secrets.randbelow(10**6):06}"
        code = ClaimCode(actor=actor, user=by.user, nonce=new_nonce(), expires_at=timezone.now() + CODE_LIFE)
        code.code_hash, code.address_hash = code.hash_of(digits), code.hash_of(actor.email)
        ClaimCode.objects.filter(actor=actor, user=by.user).delete()
        code.save()
        send(
            "directory/mail/claim_code.html",
            to=actor.email,
            network=by.network,
            context={
                "actor": actor,
                "code": digits,
                "actor_url": absolute_url(by.network, actor.get_absolute_url()),
            },
        )
        record("claim.code", by=by, subject=actor, touch=False)
    return code


def claim_by_code(*, by: Viewer, actor: Actor, digits: str) -> Claim | None:
    """None when the code is not the right one, or no longer is one: a try is then spent, whatever else fails."""
    with transaction.atomic():
        _begin(by, actor)
        code = ClaimCode.objects.select_for_update().filter(actor=actor, user=by.user_id).first()
        if code is None or not code.is_alive():
            return None
        if not code.opens(digits, actor.email):
            code.tries += 1
            code.save(update_fields=["tries", "updated_at"])
            return None
        code.delete()
        return _proved(by, actor, ClaimWay.CODE)


def ask(
    *, by: Viewer, actor: Actor, message: str, document: ContentFile | None = None, document_type: str = ""
) -> Claim:
    """With an explanation, and a document where there is one: those responsible for the sheet answer, else the team."""
    with transaction.atomic():
        _begin(by, actor)
        claim = _new(by, actor, ClaimWay.DOCUMENT if document is not None else ClaimWay.DECISION)
        claim.message, claim.document_type = message, document_type
        if document is not None:
            claim.document.save("document", document, save=False)
        _wait(by, claim)
    return claim


def cancel(*, by: Viewer, claim: Claim) -> Claim:
    """The claimant changes their mind."""
    with transaction.atomic():
        claim = _held(by, claim)
        if claim.user_id != by.user_id:
            raise Refused(_("Seule la personne qui a fait la demande peut l'annuler."))
        if not claim.is_open:
            raise Conflict(_("Cette demande a déjà reçu sa réponse."))
        claim.state, claim.decided_at = ClaimState.CANCELLED, timezone.now()
        claim.save()
        record("claim.cancelled", by=by, subject=claim, touch=False)
    return claim


def contest(*, by: Viewer, claim: Claim, message: str) -> Claim:
    """Once: the team looks again, whoever refused."""
    with transaction.atomic():
        claim = _held(by, claim)
        rules.may_contest(by, claim).require()
        now = timezone.now()
        claim.state, claim.contest, claim.contested_at = ClaimState.CONTESTED, message, now
        claim.deadline = now + timedelta(days=int(claim.network.setting("claim_days")))
        claim.escalated_at = None
        _save_open(claim)
        record("claim.contested", by=by, subject=claim, touch=False)
        telling.tell_team_of_claim(claim)
    return claim


def decide(
    *,
    by: Viewer,
    claim: Claim,
    accepted: bool,
    role: str = MemberRole.EDITOR,
    code: str = RefusalReason.OTHER,
    reason: str = "",
) -> Claim:
    """Accept with a role, or refuse with a reason that the claimant reads."""
    with transaction.atomic():
        claim = _held(by, claim)
        if not claim.is_open:
            raise Conflict(_("Cette demande a déjà reçu sa réponse."))
        rules.may_decide(by, claim).require()
        if not accepted and not reason.strip():
            raise Refused(_("Dites pourquoi : la personne le lira."), status=422)
        claim.decided_by, claim.reason = by.user, reason
        claim.code = "" if accepted else RefusalReason(code)
        if accepted:
            _accept(by, claim, MemberRole(role))
        else:
            claim.state, claim.decided_at = ClaimState.REFUSED, timezone.now()
            claim.save()
            details = {"reason": str(RefusalReason(claim.code).label)}
            record("claim.refused", by=by, subject=claim, details=details, touch=False)
        telling.tell_claimant(claim)
    return claim


def _begin(by: Viewer, actor: Actor) -> None:
    """The sheet is held before anything is counted: two requests at once make one, two proofs one responsible person."""
    hold([actor.pk], by=by)
    actor.refresh_from_db()
    rules.may_claim(by, actor).require()


def _held(by: Viewer, claim: Claim) -> Claim:
    hold([claim.actor_id], by=by)
    found = Claim.objects.select_for_update(of=("self",)).select_related(
        "actor__commune__department", "network", "user"
    )
    return found.get(pk=claim.pk)


def _new(by: Viewer, actor: Actor, way: ClaimWay) -> Claim:
    recent = Claim.objects.filter(user=by.user_id, created_at__gt=timezone.now() - timedelta(days=1))
    if recent.count() >= _ASKED_BY_PERSON:
        raise Refused(_("Trop de demandes en un jour : réessayez demain."), status=429)
    deadline = timezone.now() + timedelta(days=int(by.network.setting("claim_days")))
    return Claim(network=by.network, actor=actor, user=by.user, way=way, deadline=deadline)


def _proved(by: Viewer, actor: Actor, way: ClaimWay) -> Claim:
    claim = _new(by, actor, way)
    if rules.has_responsible(actor):
        _wait(by, claim)
        return claim
    claim.state, claim.decided_at, claim.role = ClaimState.ACCEPTED, timezone.now(), MemberRole.ADMIN
    claim.save()
    record("claim.asked", by=by, subject=claim, details={"way": claim.way}, touch=False)
    join(by=by, actor=actor, user=claim.user, role=MemberRole.ADMIN)
    telling.tell_claimant(claim)
    return claim


def _wait(by: Viewer, claim: Claim) -> None:
    _save_open(claim)
    record("claim.asked", by=by, subject=claim, details={"way": claim.way}, touch=False)
    telling.tell_of_claim(claim)


def _save_open(claim: Claim) -> None:
    claim.full_clean(exclude=["document"], validate_constraints=False)
    try:
        with transaction.atomic():
            claim.save()
    except IntegrityError as error:
        raise Conflict(_("Vous avez déjà une demande en cours pour cette fiche.")) from error


def _accept(by: Viewer, claim: Claim, role: MemberRole) -> None:
    claim.state, claim.decided_at, claim.role = ClaimState.ACCEPTED, timezone.now(), role
    claim.save()
    record("claim.accepted", by=by, subject=claim, details={"given": str(role)}, touch=False)
    join(by=Viewer(network=claim.network, user=claim.user), actor=claim.actor, user=claim.user, role=role)
