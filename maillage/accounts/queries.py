"""Who someone is in a network; the people of a network; what is held of a person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.enums import SECOND_FACTOR_KINDS, AbsenceStep
from maillage.accounts.models import Absence, ApiToken, Invitation, Role, Suppression, User, hashed
from maillage.accounts.registry import ABSENCE, Erasure, PersonalField, declared, is_declared
from maillage.core.viewer import RoleHeld, RoleKind, Viewer
from maillage.networks.models import Network

_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def _held_by(user: Any, network: Network | None) -> "QuerySet[Role, tuple[str, str, bool]]":
    factor = Authenticator.objects.filter(user=OuterRef("user"), type__in=_FACTORS)
    roles = Role.objects.held().in_network(network).filter(user=user)
    return roles.annotate(has_factor=Exists(factor)).values_list("kind", "department", "has_factor")


def live_token(text: str, network: Network | None) -> ApiToken | None:
    """The token whose text is `text`, if it is alive, of an active person, and of this network."""
    found = ApiToken.objects.live().select_related("user")
    return found.filter(token_hash=hashed(text), network=network, user__is_active=True).first()


def viewer_for(user: Any, network: Network | None) -> Viewer:
    """The viewer of a signed-in or anonymous user in a network (one query when signed in).

    Outside the demonstration, a role that runs the network does not count until the account has a second factor.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return Viewer(network=network)
    roles = frozenset(
        RoleHeld(kind, department)
        for kind, department, has_factor in _held_by(user, network)
        if settings.DEMO or has_factor or kind not in SECOND_FACTOR_KINDS
    )
    return Viewer(network=network, user=user, roles=roles)


def lacks_second_factor(user: Any, network: Network | None) -> bool:
    """Whether roles of `user` here wait for a second factor."""
    if settings.DEMO or user is None or not user.is_authenticated:
        return False
    return any(kind in SECOND_FACTOR_KINDS and not has_factor for kind, _, has_factor in _held_by(user, network))


def people_of(viewer: Viewer, *, words: str = "", kind: str = "") -> QuerySet[User]:
    """Those who hold a role in the viewer's network, with these roles in `roles_here`; platform administrators are
    left out: they are nobody's people."""
    if not viewer.is_network_admin:
        return User.objects.none()
    held = Role.objects.held().filter(network=viewer.network)
    wanted = held.filter(kind=kind) if kind else held
    people = User.objects.filter(pk__in=wanted.values("user"), erased_at=None)
    for word in words.split()[:5]:
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    ordered = held.order_by("kind", "department")
    return people.prefetch_related(Prefetch("roles", ordered, to_attr="roles_here")).order_by("name", "email", "pk")


def networks_of(user: User) -> list[Network]:
    """Networks where a person holds a role."""
    held = Role.objects.held().filter(user=user)
    return list(Network.objects.filter(pk__in=held.values("network")).order_by("name", "pk"))


def sessions_of(user: User) -> list[UserSession]:
    """Sessions that still open something, newest first; the hourly purge removes the others."""
    known = UserSession.objects.filter(user=user).order_by("-created_at", "-pk")[:100]
    open_keys = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in known], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    return [row for row in known if row.session_key in open_keys]


# The first that is found names it: Chrome's own name is in Edge's, Safari's in Chrome's, Linux in Android.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Vivaldi", "Vivaldi"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"), ("curl/", "curl"),
)  # fmt: skip
_SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_named(user_agent: str) -> str:
    """Browser and system in words, as far as they say who they are."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "") or _("Navigateur inconnu")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system} if system else browser


def invitation_opened_by(network: Network | None, pk: int, token: str) -> Invitation | None:
    """The invitation of a link, on the host of its own network."""
    invitation = Invitation.objects.select_related("network", "invited_by").filter(pk=pk, network=network).first()
    return invitation if invitation is not None and invitation.is_opened_by(token) else None


def is_suppressed(email: str) -> bool:
    """Whether the owner of an address asked never to be recorded again: imports and mailings skip it (GDP-6)."""
    return bool(email) and Suppression.objects.filter(email_hash=Suppression.hash_of(email)).exists()


def suppressed_among(emails: list[str]) -> set[str]:
    """The addresses of `emails` that are suppressed (one query per thousand)."""
    hashes = {Suppression.hash_of(email): email for email in emails if email}
    keys = list(hashes)
    found: set[str] = set()
    for start in range(0, len(keys), 1000):
        known = Suppression.objects.filter(email_hash__in=keys[start : start + 1000])
        found.update(hashes[key] for key in known.values_list("email_hash", flat=True))
    return found


# --- accounts that nobody opens (GDP-3) -------------------------------------------------------------------------------
WARNED_DAYS, REMINDED_DAYS = 30, 7


@dataclass(frozen=True)
class Absent:
    """Someone absent for long, what the next night does about it, and the day of the erasure if nothing changes."""

    user: User
    since: datetime
    step: AbsenceStep
    erased_on: date
    administers: bool
    absence: Absence | None = None


def absences(network: Network | None = None) -> list[Absent]:
    """What the next night does, and what comes in the month after: of a network, or of the instance.

    The term of a person is the longest of the networks where they hold a role.
    """
    now = timezone.now()
    terms = {each.pk: int(each.setting(ABSENCE.name)) for each in Network.objects.all()}
    soonest = min([int(ABSENCE.default), *terms.values()])
    seen = Coalesce("last_login", "joined_at")
    people = User.objects.filter(erased_at=None).annotate(seen=seen)
    people = people.filter(
        Q(seen__lt=_before(now, soonest) + timedelta(days=2 * WARNED_DAYS)) | Q(absence__isnull=False)
    )
    if network is not None:
        people = people.filter(pk__in=Role.objects.held().filter(network=network).values("user"))
    people = people.select_related("absence", "home_network").prefetch_related(
        Prefetch("roles", Role.objects.held(), to_attr="held")
    )
    found = []
    for user in people.order_by("seen", "pk"):
        months = max([terms[role.network_id] for role in user.held if role.network_id], default=int(ABSENCE.default))
        if absent := _absent(user, months, now):
            found.append(absent)
    return found


def _before(now: datetime, months: int) -> datetime:
    return now - timedelta(days=months * 365 / 12)


def _absent(user: Any, months: int, now: datetime) -> Absent | None:
    administers = any(role.kind in (RoleKind.NETWORK_ADMIN, RoleKind.PLATFORM_ADMIN) for role in user.held)
    today = timezone.localdate(now)
    term = timezone.localdate(user.seen + (now - _before(now, months)))
    absence: Absence | None = getattr(user, "absence", None)
    due = (term - today).days
    if absence is None:
        if due > 2 * WARNED_DAYS:
            return None
        # Whoever was never told has the whole month, however late the telling is.
        step = AbsenceStep.SOON if due > WARNED_DAYS else AbsenceStep.WARN
        return Absent(user, user.seen, step, max(term, today + timedelta(days=WARNED_DAYS)), administers)
    return Absent(user, user.seen, *_told(absence, user.seen, due, today), administers, absence)


def _told(absence: Absence, seen: datetime, due: int, today: date) -> tuple[AbsenceStep, date]:
    if absence.since != seen or due > WARNED_DAYS:  # Signed in, or given more time by their network.
        return AbsenceStep.CANCEL, absence.erased_on
    left = (absence.erased_on - today).days
    if absence.reminded_at is None:
        step = AbsenceStep.REMIND if left <= REMINDED_DAYS else AbsenceStep.WAIT
        return step, max(absence.erased_on, today + timedelta(days=REMINDED_DAYS))
    return (AbsenceStep.ERASE if left <= 0 else AbsenceStep.WAIT), absence.erased_on


# --- personal data ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Processing:
    """A line of the register: fields that share a purpose."""

    purpose: str
    legal_basis: str
    retentions: list[str]
    data: list[str]


def processing_register() -> list[Processing]:
    """The register of processing (RGPD art. 30) as declared in code, for the privacy page."""
    grouped: dict[str, list[PersonalField]] = {}
    for field in declared():
        grouped.setdefault(str(field.purpose), []).append(field)
    return [
        Processing(
            purpose=purpose,
            legal_basis=", ".join(dict.fromkeys(str(field.legal_basis.label) for field in fields)),
            retentions=list(dict.fromkeys(str(field.retention) for field in fields)),
            data=list(dict.fromkeys(_data_name(field) for field in fields)),
        )
        for purpose, fields in sorted(grouped.items())
    ]


def _data_name(field: PersonalField) -> str:
    if field.label:
        return str(field.label)
    model = apps.get_model(field.model)
    column = model._meta.get_field(field.field)
    return f"{model._meta.verbose_name} : {getattr(column, 'verbose_name', field.field)}"


def owner_path(field: PersonalField) -> str:
    return field.field if field.owner is None else field.owner


def rows_of(user: User, field: PersonalField) -> "QuerySet[Any]":
    """The rows of the field's model that are about `user`."""
    model = apps.get_model(field.model)
    path = owner_path(field)
    if not path:
        return model._default_manager.none()
    return model._default_manager.filter(**{path: user.pk}, **dict(field.only))


@dataclass(frozen=True)
class Fate:
    """What an erasure does with one kind of data of a person."""

    data: str
    count: int
    erasure: Erasure
    retention: str


def erasure_preview(user: User) -> list[Fate]:
    """What would be deleted, emptied or kept, and how much of each; lines without any row are left out."""
    fates = []
    for field in declared():
        count = rows_of(user, field).count()
        if count:
            fates.append(Fate(_data_name(field), count, field.erasure, str(field.retention)))
    order = list(Erasure)
    return sorted(fates, key=lambda fate: (order.index(fate.erasure), fate.data))


_PERSONAL_NAMES = {
    "first_name",
    "last_name",
    "full_name",
    "person_name",
    "contact_name",
    "phone",
    "mobile",
    "ip",
    "user_agent",
    "birth_date",
}


def undeclared_personal_fields() -> list[str]:
    """Fields that look personal (e-mail, name or phone of a person, link to an account) and are not declared."""
    missing = []
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        for field in model._meta.get_fields():
            if not getattr(field, "concrete", False) or (field.auto_created and not field.is_relation):
                continue
            if _looks_personal(model, field) and not is_declared(label, field.name):
                missing.append(f"{label}.{field.name}")
    return sorted(missing)


def _looks_personal(model: type[models.Model], field: Any) -> bool:
    if field.name == "history_user":  # versions of a sheet follow the policy of the journal
        return False
    if field.is_relation:
        return field.related_model is User
    return (
        isinstance(field, models.EmailField)
        or field.name in _PERSONAL_NAMES
        or (model is User and field.name == "name")
    )
