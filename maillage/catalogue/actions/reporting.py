"""What becomes of what people report in the catalogue: hidden until the team answers, taken out, shown again. Who is told is up to
`moderation`."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from maillage.accounts.models import User
from maillage.activity.actions import record
from maillage.catalogue import rules
from maillage.catalogue.actions.marking import hold, mark_changed
from maillage.catalogue.actions.telling import people_of
from maillage.catalogue.actions.writing import held
from maillage.catalogue.enums import State
from maillage.catalogue.models import Collection, Copy, Feedback, Resource
from maillage.catalogue.signals import stock_changed
from maillage.core.viewer import Viewer


def suspend_resource(*, by: Viewer, resource: Resource) -> None:
    _move(by, resource, (State.PUBLISHED,), State.SUSPENDED, "resource.suspend")


def remove_resource(*, by: Viewer, resource: Resource, reason: str) -> None:
    _move(by, resource, (State.PUBLISHED, State.SUSPENDED, State.RETIRED), State.HIDDEN, "resource.hide", reason)


def restore_resource(*, by: Viewer, resource: Resource) -> None:
    """As everyone found it: nothing was written meanwhile (`rules.may_write`)."""
    _move(by, resource, (State.SUSPENDED, State.HIDDEN), State.PUBLISHED, "resource.resume")


def _move(by: Viewer, resource: Resource, before: tuple[State, ...], after: State, verb: str, reason: str = "") -> None:
    """One in another state than `before` is left as it is."""
    with transaction.atomic():
        resource = held(by, resource)
        rules.may_review(by, resource).require()
        if resource.state not in before:
            return
        # What was hidden, then written again, is read by the team first.
        hidden_at = resource.decided_at if resource.state == State.HIDDEN else None
        if after == State.PUBLISHED and hidden_at is not None and resource.updated_at - hidden_at > _A_MOMENT:
            after = State.PROPOSED
            resource.proposed_at = timezone.now()
        resource.state, resource.code, resource.reason = after, "", reason[:500]
        resource.decided_by, resource.decided_at = by.user, timezone.now()
        resource.save()
        record(verb, by=by, subject=resource)
        mark_changed(resource.pk)
        if after == State.PUBLISHED:  # Those who wait for it were passed over meanwhile.
            stock_changed.send(sender=Copy, resource=resource)


_A_MOMENT = timedelta(seconds=5)


def hide_feedback(*, by: Viewer, feedback: Feedback) -> None:
    _show(by, feedback, "feedback", hidden=True)


def show_feedback(*, by: Viewer, feedback: Feedback) -> None:
    _show(by, feedback, "feedback", hidden=False)


def hide_collection(*, by: Viewer, collection: Collection) -> None:
    _show(by, collection, "collection", hidden=True)


def show_collection(*, by: Viewer, collection: Collection) -> None:
    _show(by, collection, "collection", hidden=False)


def _show(by: Viewer, content: Any, name: str, *, hidden: bool) -> None:
    with transaction.atomic():
        hold(by.network)
        content = type(content).objects.get(pk=content.pk)
        rule: Any = rules.may_moderate_feedback if name == "feedback" else rules.may_moderate_collection
        rule(by, content).require()
        if (content.hidden_at is not None) == hidden:
            return
        content.hidden_at = timezone.now() if hidden else None
        content.save(update_fields=["hidden_at", "updated_at"])
        subject = content.use.resource if name == "feedback" else content
        record(f"{name}.{'hide' if hidden else 'show'}", by=by, subject=subject)


def writers_of(resource: Resource) -> list[User]:
    """Who answers for what it says."""
    return people_of(resource)


def writer_of(content: Any) -> list[User]:
    user = content.use.user if isinstance(content, Feedback) else content.author
    return [user] if user is not None and user.erased_at is None else []
