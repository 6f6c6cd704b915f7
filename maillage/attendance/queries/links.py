"""What the personal link of a registration opens, and what it shows."""

from maillage.attendance.enums import ACTIVE, State
from maillage.attendance.models import Registration
from maillage.networks.models import Network


def opened_by(network: Network, pk: int, token: str) -> Registration | None:
    found = Registration.objects.whole().filter(pk=pk, session__opening__event__network=network).first()
    return found if found is not None and found.is_opened_by(token) else None


def rank_of(registration: Registration) -> int:
    """1 for who is served next."""
    ahead = registration.session.registrations.filter(state=State.WAITING, turn__lt=registration.turn or 0)
    return ahead.count() + 1


def active_twin(registration: Registration) -> Registration | None:
    """Another registration of the same address for the same date, which stands."""
    others = registration.session.registrations.filter(email=registration.email, state__in=ACTIVE)
    return others.exclude(pk=registration.pk).first()
