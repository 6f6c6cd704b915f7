"""The events of a person: written by them, or organised by an actor that they look after."""

from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.agenda.enums import EventState
from maillage.agenda.models import Event
from maillage.agenda.queries.table import next_date
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor

STATES: dict[str, Any] = {
    EventState.DRAFT.value: gettext_lazy("Brouillons"),
    EventState.PROPOSED.value: gettext_lazy("À valider"),
    EventState.REFUSED.value: gettext_lazy("À corriger"),
    EventState.PUBLISHED.value: gettext_lazy("Publiés"),
    EventState.SUSPENDED.value: gettext_lazy("Masqués en attendant"),
    EventState.HIDDEN.value: gettext_lazy("Retirés"),
}
_MOST = 30


def own_actors(viewer: Viewer, *, first: int | None = None) -> list[Actor]:
    """Those that the viewer looks after in this network, by name; `first` before the others."""
    visible = (
        Actor.objects.visible_to(viewer).filter(members__user=viewer.user_id).select_related("commune__department")
    )
    found = list(visible.distinct().order_by("name_key", "pk")[:_MOST])
    return sorted(found, key=lambda actor: actor.pk != first)


def _own(viewer: Viewer) -> "QuerySet[Event]":
    organised = Event.objects.filter(
        organisers__actor__in=viewer.user.actor_memberships.values("actor"), organisers__withdrawn_at=None
    )
    mine = Q(author=viewer.user_id) | Q(pk__in=organised.values("pk"))
    return Event.objects.visible_to(viewer).filter(mine)


def own_events(viewer: Viewer, state: str = "") -> "QuerySet[Event]":
    """What one has something to do with first, then those to come, the soonest first, then those past; with `next_at`, as in
    the table of the team."""
    now = timezone.now()
    found = _own(viewer).filter(state=state) if state else _own(viewer)
    asks = Q(state__in=[EventState.DRAFT, EventState.REFUSED])
    over = Q(last_at__lt=now)
    rank = Case(When(asks, then=Value(0)), When(over, then=Value(2)), default=Value(1), output_field=IntegerField())
    ranked = found.annotate(rank=rank, next_at=next_date()).select_related("commune", "venue")
    return ranked.order_by("rank", F("next_at").asc(nulls_last=True), "pk")


def state_counts(viewer: Viewer) -> dict[str, int]:
    return dict(_own(viewer).order_by().values_list("state").annotate(count=Count("pk")))


def coming_of(viewer: Viewer, actor: Actor) -> list[Event]:
    """What an actor organises or receives, in any state, to come or without a date: the soonest first."""
    of_actor = Event.objects.filter(organisers__actor=actor, organisers__withdrawn_at=None)
    coming = Q(last_at__gt=timezone.now()) | Q(last_at=None)
    found = Event.objects.visible_to(viewer).filter(Q(pk__in=of_actor.values("pk")) | Q(venue=actor), coming)
    return list(found.order_by(F("first_at").asc(nulls_last=True), "pk")[:6])
