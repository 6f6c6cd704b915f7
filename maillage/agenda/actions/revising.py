"""Words that wait: an editor proposes for a published event, the team takes field by field or refuses with a reason, the
author proposes again. The event is held first, as in every act on it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.agenda import rules
from maillage.agenda.actions import telling
from maillage.agenda.actions.editing import edit_event
from maillage.agenda.actions.marking import hold
from maillage.agenda.actions.writing import check_values
from maillage.agenda.enums import RefusalReason, RevisionState
from maillage.agenda.models import Event, EventRevision
from maillage.agenda.queries.fields import held_fields, recorded
from maillage.agenda.queries.history import labels_of
from maillage.agenda.queries.revisions import PICTURE_WORDS, as_fields, as_json, open_revision, over
from maillage.core import images
from maillage.core.errors import Conflict, Refused
from maillage.core.seen import Seen, mark, require_unmoved
from maillage.core.viewer import Viewer
from maillage.directory.actions.writing import Stamp
from maillage.directory.enums import Origin


def propose_edit(
    *, by: Viewer, event: Event, fields: dict[str, Any], seen: Seen | None, again: EventRevision | None = None
) -> EventRevision | None:
    """`fields` as for `edit_event`, a picture by its stored name. Added to the revision of the author that waits, else to
    `again`, a refused one that is taken up, else to a new one. None when nothing is left to propose."""
    with transaction.atomic():
        hold([event.pk], by.network)
        event = Event.objects.select_related("network", "commune__department", "parent").get(pk=event.pk)
        rules.may_edit(by, event).require()
        revision = _taken_up(by, event, again)
        is_new = not (revision.pk and revision.is_waiting)
        held = held_fields(event, by, fields)
        require_unmoved(over(held, revision), fields, seen)
        check_values(event, recorded(event, by, fields))
        for name, value in fields.items():
            _propose(revision, name, value, held[name])
        if not revision.values:
            if revision.pk:
                _close(by, revision)
            return None
        if not is_new:
            revision.save()
            return revision
        revision.state, revision.sent_at = RevisionState.WAITING, timezone.now()
        revision.full_clean(validate_constraints=False)
        revision.save()
        record("event.revision", by=by, subject=event, touch=False)
        telling.tell_revision_sent(revision)
        return revision


def withdraw_revision(*, by: Viewer, revision: EventRevision) -> EventRevision:
    """The author changes their mind."""
    with transaction.atomic():
        revision = _held(by, revision)
        if revision.author_id != by.user_id:
            raise Refused(_("Seule la personne qui a proposé la modification peut la retirer."))
        if revision.state not in (RevisionState.WAITING, RevisionState.REFUSED):
            raise Conflict(_("Cette modification a déjà reçu sa réponse."))
        _close(by, revision)
    return revision


def accept_revision(
    *, by: Viewer, revision: EventRevision, names: list[str], seen: Seen, word: str = ""
) -> EventRevision:
    """Write the fields `names` as the author's own; those left are forgotten. `seen` is what the page showed: conflict if the
    event moved since."""
    with transaction.atomic():
        revision = _held(by, revision)
        rules.may_review_revision(by, revision).require()
        names = [name for name in revision.values if name in names]
        if "image" in revision.values:  # Its words say what it shows: they are taken with it, and never without.
            names = [name for name in names if name not in PICTURE_WORDS]
            names += [name for name in revision.values if name in PICTURE_WORDS and "image" in names]
        fields = as_fields(revision, names)
        if not fields:
            raise Refused(_("Choisissez au moins un champ à retenir."), status=422)
        stamp = Stamp(Origin.ACTOR, "", revision.author_id)
        edit_event(by=by, event=revision.event, fields=fields, seen=seen, stamp=stamp)
        left = labels_of([name for name in revision.values if name not in fields])
        if "image" not in fields:
            _forget_picture(revision)
        revision.values = {name: value for name, value in revision.values.items() if name in fields}
        text = _("L'événement est à jour.")
        if left:
            text = _("Une partie est retenue. Ne l'est pas : %(fields)s.") % {"fields": ", ".join(left)}
        revision.code = ""
        return _answer(by, revision, RevisionState.ACCEPTED, word.strip(), text, {"left": left})


def refuse_revision(*, by: Viewer, revision: EventRevision, code: str, reason: str) -> EventRevision:
    """The author reads the reason, and may propose again from there."""
    with transaction.atomic():
        revision = _held(by, revision)
        rules.may_review_revision(by, revision).require()
        if not reason.strip():
            raise Refused(_("Dites pourquoi : la personne le lira."), status=422)
        revision.code = RefusalReason(code)
        text = _(
            "L'événement garde ce qu'il dit. Ce que vous avez écrit est encore dans le formulaire : corrigez, puis proposez de nouveau."
        )
        return _answer(by, revision, RevisionState.REFUSED, reason.strip(), text, {"code": revision.code})


# --- pieces -------------------------------------------------------------------------------------------------------------


def _taken_up(by: Viewer, event: Event, again: EventRevision | None) -> EventRevision:
    if waiting := open_revision(by, event):
        return waiting
    if again is not None:
        refused = EventRevision.objects.filter(pk=again.pk, event=event, author=by.user_id)
        if (found := refused.filter(state=RevisionState.REFUSED).first()) is not None:
            return found
    return EventRevision(network=event.network, event=event, author=by.user)


def _propose(revision: EventRevision, name: str, value: Any, held: Any) -> None:
    """What the event says already is no longer proposed."""
    if name == "image":
        _forget_picture(revision)
        revision.values[name], revision.before[name] = value or "", held
    elif mark(value) == mark(held):
        revision.values.pop(name, None)
        revision.before.pop(name, None)
    else:
        revision.values[name], revision.before[name] = as_json(value), as_json(held)


def _forget_picture(revision: EventRevision) -> None:
    """Of one that was proposed and will not be shown, once the transaction is sure."""
    if name := revision.values.get("image"):
        transaction.on_commit(lambda: images.forget(name), robust=True)


def _held(by: Viewer, revision: EventRevision) -> EventRevision:
    hold([revision.event_id], by.network)
    found = EventRevision.objects.select_for_update(of=("self",))
    return found.select_related("event__commune__department", "event__network", "network", "author").get(pk=revision.pk)


def _close(by: Viewer, revision: EventRevision) -> None:
    _forget_picture(revision)
    revision.state, revision.decided_at = RevisionState.WITHDRAWN, timezone.now()
    revision.save()
    record("event.revision_withdrawn", by=by, subject=revision.event, touch=False)


def _answer(
    by: Viewer, revision: EventRevision, state: RevisionState, reason: str, text: str, details: dict[str, Any]
) -> EventRevision:
    accepted = state == RevisionState.ACCEPTED
    revision.state, revision.reason = state, reason
    revision.decided_by, revision.decided_at = by.user, timezone.now()
    revision.save()
    verb = "event.revision_accepted" if accepted else "event.revision_refused"
    record(verb, by=by, subject=revision.event, details=details, touch=False)
    telling.tell_revision_answer(revision, accepted=accepted, text=text)
    return revision
