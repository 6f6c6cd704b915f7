"""Registering, without an account or with one; confirming, taking fewer places, cancelling, answering what is offered.

Without an account, what is asked answers the same whatever is known of the address: a place is held for it in any case, and the
address alone reads that it had one already.
"""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.agenda.enums import EventStatus
from maillage.attendance import rules
from maillage.attendance.actions.marking import held, held_registration, touch
from maillage.attendance.actions.serving import settle
from maillage.attendance.actions.telling import tell_cancelled, tell_settled, tell_to_confirm
from maillage.attendance.enums import HOLDING, State
from maillage.attendance.models import Registration, Session
from maillage.attendance.queries.facts import facts_of
from maillage.attendance.queries.links import active_twin
from maillage.attendance.queries.standing import taken_of
from maillage.attendance.registry import HOLD, MOST_A_DAY, MOST_WAITS
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.throttle import hit
from maillage.core.viewer import Viewer

_MOST_UNCONFIRMED = 10  # Places, of the smallest events.


def proved_account(by: Viewer) -> User | None:
    """Whose address needs no confirmation."""
    if by.user is None or by.user.erased_at is not None:
        return None
    proved = EmailAddress.objects.filter(user=by.user, email__iexact=by.user.email, verified=True)
    return by.user if proved.exists() else None


def register(
    *, by: Viewer, session: Session, name: str, email: str, places: int, is_group: bool = False, group_name: str = "",
    level: str = "", at: datetime | None = None,
) -> Registration | None:  # fmt: skip
    """None when the address was written to too often today: whoever asks reads the same."""
    now = at or timezone.now()
    user = proved_account(by)
    with transaction.atomic():
        session = held(session)
        settle(session, at=now)
        rules.may_register(session, taken_of(session, now), now).require()
        _check_places(session, places, is_group=is_group)
        registration = Registration(
            session=session, user=user, name=legible(name).strip(), email=user.email if user is not None else email,
            places=places, is_group=is_group, group_name=legible(group_name).strip() if is_group else "",
            level=legible(level).strip() if is_group else "",
        )  # fmt: skip
        if user is not None:
            registration.email = registration.email.lower()
            if active_twin(registration) is not None:
                raise Conflict(_("Vous êtes déjà inscrit·e pour cette date : changez plutôt votre inscription."))
            _take_or_wait(registration, now)
            tell_settled(registration)
        else:
            network = session.event.network_id
            if hit("attendance.address", f"{network}:{email.strip().lower()}", limit=MOST_A_DAY, seconds=86400):
                return None
            _hold(registration, now)
            tell_to_confirm(registration)
        touch(session.opening)
    return registration


def _check_places(session: Session, places: int, *, is_group: bool) -> None:
    opening = session.opening
    if is_group and not opening.groups:
        raise Refused(_("Cet événement n'accueille pas de groupe scolaire."), status=422)
    most = min(opening.most_group if is_group else opening.most, session.size)
    if not 1 <= places <= most:
        raise Refused(_("Demandez de 1 à %d places.") % most, status=422)


def _fits(registration: Registration, at: datetime) -> bool:
    """Those who wait and would fit were served before: what is left goes to who comes."""
    session = registration.session
    if session.event.status == EventStatus.FULL:
        return False
    return bool(registration.places <= session.size - taken_of(session, at))


def _hold(registration: Registration, at: datetime) -> None:
    registration.state = State.ASKED
    if _fits(registration, at) and _may_be_held(registration, at):
        hours = int(registration.event.network.setting(HOLD.name))
        registration.state = State.PENDING
        registration.expires_at = min(at + timedelta(hours=hours), registration.session.starts_at)
    registration.full_clean(validate_unique=False, validate_constraints=False)
    registration.save()


def _may_be_held(registration: Registration, at: datetime) -> bool:
    """Half of the places, or ten, are kept for addresses that nobody confirmed yet: the rest goes to who confirms first, so that
    invented addresses empty no event. One that comes first is always kept its places."""
    session = registration.session
    pending = session.registrations.filter(state=State.PENDING, expires_at__gt=at)
    held = pending.aggregate(places=Sum("places"))["places"] or 0
    return not held or held + registration.places <= max(session.size // 2, _MOST_UNCONFIRMED)


def _take_or_wait(registration: Registration, at: datetime) -> None:
    """Places, else a turn in the list. Saves."""
    session = registration.session
    registration.expires_at = registration.ended_at = None
    registration.told, registration.confirmed_at = facts_of(session), at
    if _fits(registration, at):
        registration.state = State.CONFIRMED
    else:
        waiting = session.registrations.filter(state=State.WAITING).count()
        if waiting >= MOST_WAITS:
            raise Conflict(_("La liste d'attente est pleine elle aussi."))
        last = session.registrations.aggregate(last=Max("turn"))["last"] or 0
        registration.state, registration.turn = State.WAITING, last + 1
    registration.full_clean(validate_unique=False, validate_constraints=False)
    registration.save()


def confirm_registration(*, registration: Registration, at: datetime | None = None) -> Registration:
    """By whoever holds the link; twice is once. A place that was kept too long is taken again if one is left."""
    now = at or timezone.now()
    with transaction.atomic():
        registration = held_registration(registration)
        if registration.is_active:
            return registration
        if not registration.is_unconfirmed:
            raise Conflict(_("Cette inscription est annulée : inscrivez-vous de nouveau."))
        session = registration.session
        if active_twin(registration) is not None:
            raise Conflict(_("Cette adresse est déjà inscrite pour cette date."))
        keeps = registration.state == State.PENDING and registration.expires_at and registration.expires_at > now
        if keeps:
            rules.may_keep(session, now).require()
            registration.state, registration.expires_at = State.CONFIRMED, None
            registration.told, registration.confirmed_at = facts_of(session), now
            registration.save()
        else:
            settle(session, at=now)
            registration = _again(registration)
            rules.may_register(session, taken_of(session, now), now).require()
            _take_or_wait(registration, now)
        registration.user = _account_of(registration.email)
        registration.save(update_fields=["user", "updated_at"])
        tell_settled(registration)
        touch(session.opening)
    return registration


def _again(registration: Registration) -> Registration:
    """After `settle`, which may have changed its row."""
    fresh = Registration.objects.get(pk=registration.pk)
    fresh.session = registration.session
    return fresh


def _account_of(email: str) -> User | None:
    found = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    return found.user if found is not None and found.user.erased_at is None else None


def reduce_registration(*, registration: Registration, places: int, at: datetime | None = None) -> Registration:
    """Fewer places, never more: more would pass before those who wait."""
    now = at or timezone.now()
    with transaction.atomic():
        registration = held_registration(registration)
        rules.may_change(registration, now).require()
        if registration.state not in (State.CONFIRMED, State.WAITING):
            raise Conflict(_("Répondez d'abord à la place qui vous est proposée."))
        if not 1 <= places < registration.places:
            raise Refused(_("Gardez au moins une place, et moins que maintenant."), status=422)
        freed = registration.places - places if registration.state == State.CONFIRMED else 0
        registration.places = places
        registration.save()
        settle(registration.session, at=now, freed=freed)
        touch(registration.session.opening)
    return _again(registration)


def cancel_registration(*, registration: Registration, at: datetime | None = None) -> Registration:
    """By its person; what it held goes to the next at once."""
    now = at or timezone.now()
    with transaction.atomic():
        registration = held_registration(registration)
        if not registration.is_active and registration.state not in (State.PENDING, State.ASKED):
            return registration
        if registration.is_active:
            rules.may_change(registration, now).require()
        was_active = registration.is_active
        give_back(registration, State.CANCELLED, at=now)
        if was_active:
            tell_cancelled(registration)
    return registration


def give_back(registration: Registration, state: State, *, at: datetime) -> None:
    """In a transaction that holds the session: end it, and serve the next."""
    takes = registration.state == State.CONFIRMED or registration.state in HOLDING
    registration.state, registration.expires_at, registration.ended_at = state, None, at
    registration.save()
    settle(registration.session, at=at, freed=registration.places if takes else 0)
    touch(registration.session.opening)


def accept_offer(*, registration: Registration, at: datetime | None = None) -> Registration:
    now = at or timezone.now()
    with transaction.atomic():
        registration = held_registration(registration)
        if registration.state == State.CONFIRMED:
            return registration
        if registration.state != State.OFFERED or registration.expires_at is None or registration.expires_at <= now:
            raise Conflict(_("Le délai est passé : la place est allée à la personne suivante."))
        rules.may_keep(registration.session, now).require()
        registration.state, registration.expires_at, registration.confirmed_at = State.CONFIRMED, None, now
        registration.told = facts_of(registration.session)
        registration.save()
        tell_settled(registration)
        touch(registration.session.opening)
    return registration


def decline_offer(*, registration: Registration, at: datetime | None = None) -> Registration:
    """It goes to the next at once."""
    now = at or timezone.now()
    with transaction.atomic():
        registration = held_registration(registration)
        if registration.state == State.DECLINED:
            return registration
        if registration.state != State.OFFERED:
            raise Conflict(_("Aucune place ne vous est proposée."))
        give_back(registration, State.DECLINED, at=now)
    return registration
