"""The texts of a person: written by them, signed by them or by an actor that they look after; what is asked of them."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy

from maillage.core.viewer import Viewer
from maillage.publications.enums import CreditState, State
from maillage.publications.models import Credit, Publication

STATES: dict[str, Any] = {
    State.DRAFT.value: gettext_lazy("Brouillons"),
    State.PROPOSED.value: gettext_lazy("À valider"),
    State.REFUSED.value: gettext_lazy("À corriger"),
    State.PUBLISHED.value: gettext_lazy("Publiés"),
    State.TAKEN_BACK.value: gettext_lazy("Dépubliés"),
    State.SUSPENDED.value: gettext_lazy("Masqués en attendant"),
    State.HIDDEN.value: gettext_lazy("Retirés"),
}


def _own(viewer: Viewer) -> "QuerySet[Publication]":
    signed = Credit.objects.accepted().filter(
        Q(user=viewer.user_id) | Q(actor__in=viewer.user.actor_memberships.values("actor"))
    )
    mine = Q(author=viewer.user_id) | Q(pk__in=signed.values("publication"))
    return Publication.objects.visible_to(viewer).filter(mine)


def own_publications(viewer: Viewer, state: str = "") -> "QuerySet[Publication]":
    """The last changed first."""
    found = _own(viewer).filter(state=state) if state else _own(viewer)
    return found.order_by("-updated_at", "-pk")


def state_counts(viewer: Viewer) -> dict[str, int]:
    return dict(_own(viewer).order_by().values_list("state").annotate(count=Count("pk")))


def asked_of(viewer: Viewer) -> "QuerySet[Credit]":
    """Signatures that wait for the viewer, or for the actors that they look after."""
    own = viewer.user.actor_memberships.values("actor")
    waiting = Credit.objects.filter(state=CreditState.WAITING, publication__network=viewer.network_id)
    found = waiting.filter(Q(user=viewer.user_id) | Q(actor__in=own) | Q(email__iexact=viewer.user.email))
    return (
        found.exclude(user=None, actor=None, email="").select_related("publication", "actor", "added_by").order_by("pk")
    )


def given_by(viewer: Viewer) -> "QuerySet[Credit]":
    """Signatures that the viewer or their actors gave, and may take back."""
    own = viewer.user.actor_memberships.values("actor")
    given = Credit.objects.accepted().filter(publication__network=viewer.network_id)
    found = given.filter(Q(user=viewer.user_id) | Q(actor__in=own)).exclude(publication__author=viewer.user_id)
    return found.select_related("publication", "actor").order_by("-answered_at", "-pk")


def answerable(viewer: Viewer, pk: int) -> Credit | None:
    """The signature of that key, if the viewer may answer it or take their agreement back."""
    for found in (asked_of(viewer), given_by(viewer)):
        if (
            credit := found.select_related("publication__network", "actor", "added_by").filter(pk=pk).first()
        ) is not None:
            return credit
    return None
