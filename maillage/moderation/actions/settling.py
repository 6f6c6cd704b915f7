"""What the team decides of a reported content, what its author says against it, the last word."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.moderation import rules
from maillage.moderation.actions import telling
from maillage.moderation.actions.reporting import hold, unnamed
from maillage.moderation.enums import CaseState
from maillage.moderation.models import Case
from maillage.moderation.queries import content_of


def settle(*, by: Viewer, case: Case, removed: bool, words: str) -> Case:
    """Keep or remove: who wrote it and who reported it read `words`."""
    with transaction.atomic():
        case = _held(by, case)
        rules.may_settle(by, case).require()
        if case.state == CaseState.APPEALED:
            raise Conflict(_("La décision est prise et contestée : répondez à la contestation."))
        words = _said(words)
        was_hidden = case.state == CaseState.HIDDEN
        case.state = CaseState.REMOVED if removed else CaseState.KEPT
        case.decided_by, case.decided_at, case.words = by.user, timezone.now(), words
        case.save()
        _apply(by, case, removed=removed, shows=was_hidden)
        record("case.removed" if removed else "case.kept", by=by, subject=case)
        telling.tell_authors(case)
        telling.tell_reporters(case)
    return case


def appeal(*, by: Viewer, case: Case, words: str) -> Case:
    """Who wrote what was removed asks for another reading, once."""
    with transaction.atomic():
        case = _held(by, case)
        rules.may_appeal(by, case).require()
        case.appeal = _said(words)
        case.state, case.appealed_by, case.appealed_at = CaseState.APPEALED, by.user, timezone.now()
        case.save()
        record("case.appealed", by=unnamed(by, case), subject=case, touch=False)
        telling.tell_moderators(case)
    return case


def settle_appeal(*, by: Viewer, case: Case, removed: bool, words: str) -> Case:
    """The last word; by another than who decided first, where the network has one."""
    with transaction.atomic():
        case = _held(by, case)
        rules.may_settle(by, case).require()
        if case.state != CaseState.APPEALED:
            raise Conflict(_("Personne ne conteste cette décision."))
        words = _said(words)
        case.state = CaseState.REMOVED if removed else CaseState.KEPT
        case.answered_by, case.answered_at, case.answer = by.user, timezone.now(), words
        case.save()
        _apply(by, case, removed=removed, shows=True)
        record("case.appeal_refused" if removed else "case.appeal_granted", by=by, subject=case)
        telling.tell_authors(case)
        if not removed:
            telling.tell_reporters(case)
    return case


def _held(by: Viewer, case: Case) -> Case:
    hold(by.network)
    return Case.objects.select_related("network").get(pk=case.pk)


def _apply(by: Viewer, case: Case, *, removed: bool, shows: bool) -> None:
    """To the content, by the actions of its app; what nothing hid is not shown, it may be hidden for another reason."""
    found = content_of(case)
    if found.kind is None or found.content is None:
        return
    if removed:
        found.kind.remove(by, found.content, case.answer or case.words)
    elif shows:
        found.kind.restore(by, found.content)


def _said(words: str) -> str:
    if not words.strip():
        raise Refused(_("Dites pourquoi : on le lira."), status=422)
    return words.strip()
