"""What who organises does with the list of a date: one registration cancelled, who came, a copy taken away."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.attendance import rules
from maillage.attendance.actions.marking import held_registration
from maillage.attendance.actions.registering import give_back
from maillage.attendance.actions.telling import tell_removed
from maillage.attendance.enums import State
from maillage.attendance.models import Registration, Session
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer

MOST_CAME = 2000


def remove_registration(
    *, by: Viewer, registration: Registration, message: str, at: datetime | None = None
) -> Registration:
    """Its person reads the message; the place goes to the next."""
    now = at or timezone.now()
    with transaction.atomic():
        registration = held_registration(registration)
        rules.may_remove(by, registration, now).require()
        if not message.strip():
            raise Refused(_("Dites pourquoi : la personne le lira."), status=422)
        was_active = registration.is_active
        give_back(registration, State.REMOVED, at=now)
        if was_active:
            tell_removed(registration, message.strip())
        record("registrations.removed", by=by, subject=registration.session, touch=False)
    return registration


def count_came(*, by: Viewer, registration: Registration, came: int | None, at: datetime | None = None) -> Registration:
    """How many came of those who were to; None: not known any more."""
    now = at or timezone.now()
    with transaction.atomic():
        registration = held_registration(registration)
        rules.may_count(by, registration, now).require()
        if came is not None and not 0 <= came <= MOST_CAME:
            raise Refused(_("Écrivez un nombre de personnes, de 0 à %d.") % MOST_CAME, status=422)
        is_first = not registration.session.registrations.filter(came__isnull=False).exists()
        registration.came = came
        registration.save(update_fields=["came", "updated_at"])
        if is_first:  # One line for a list, not one for each person.
            record("registrations.counted", by=by, subject=registration.session, touch=False)
    return registration


def note_export(*, by: Viewer, session: Session, count: int) -> None:
    """Names and addresses left the site."""
    with transaction.atomic():
        rules.may_manage(by, session.event).require()
        record("registrations.exported", by=by, subject=session, details={"count": count}, touch=False)
