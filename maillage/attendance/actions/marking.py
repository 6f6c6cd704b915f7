"""Holding a date while its places are counted: the network, whose version the pages that show them follow, then the session."""

from django.db import connection
from django.utils.translation import gettext as _

from maillage.attendance.models import Opening, Registration, Session
from maillage.core.errors import Refused
from maillage.networks.models import Network


def hold_network(key: int) -> None:
    """Always first: acts of the agenda hold it before they tell that a date changed."""
    if connection.features.has_select_for_update:
        list(Network.objects.filter(pk=key).select_for_update().values_list("pk", flat=True))


def held(session: Session) -> Session:
    """First in the transaction of an act."""
    hold_network(session.opening.event.network_id)
    found = Session.objects.select_for_update(of=("self",)).filter(pk=session.pk)
    related = ("opening__event__network", "opening__event__commune", "opening__event__venue", "timing")
    if (locked := found.select_related(*related).first()) is None:
        raise Refused(_("Cette date n'existe plus."), status=409)
    return locked


def held_registration(registration: Registration) -> Registration:
    """With its session."""
    session = held(registration.session)
    if (fresh := Registration.objects.select_for_update().filter(pk=registration.pk).first()) is None:
        raise Refused(_("Cette inscription a été effacée."), status=410)
    fresh.session = session
    return fresh


def touch(opening: Opening) -> None:
    """The pages that say how many places are left are made anew. Registrations are their own trace: no line of the journal."""
    opening.event.network.touch()
