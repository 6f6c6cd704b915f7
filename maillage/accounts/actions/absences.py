"""Accounts that nobody opens: told a month and a week before, then erased, unless their owner signs in (GDP-3)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from maillage.accounts import queries, rules, signals
from maillage.accounts.actions.erasing import erase
from maillage.accounts.enums import AbsenceStep
from maillage.accounts.models import Absence, User
from maillage.accounts.queries import Absent
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.networks.models import Network

REASON = "absence"


@task(every=timedelta(hours=24))
def mind_absences(job: Job) -> None:
    """What `queries.absences` announced, each in its own transaction; then tell the administrators."""
    told: dict[int, list[int]] = {}
    for absent in queries.absences():
        networks = queries.networks_of(absent.user)
        warned, erased = _mind(absent, networks[0] if networks else absent.user.home_network)
        for network in networks:
            counts = told.setdefault(network.pk, [0, 0])
            counts[0] += warned
            counts[1] += erased
    for network in Network.objects.filter(pk__in=[pk for pk, counts in told.items() if any(counts)]):
        warned, erased = told[network.pk]
        signals.absences_minded.send(sender=Absence, network=network, warned=warned, erased=erased)


def _mind(absent: Absent, network: Network | None) -> tuple[int, int]:
    """Do the step of a person, whose row is locked: a sign-in that came meanwhile wins."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=absent.user.pk)
        if user.erased_at is not None or (user.last_login or user.joined_at) != absent.since:
            return 0, 0
        match absent.step:
            case AbsenceStep.CANCEL:
                end_absence(user=user)
            case AbsenceStep.WARN | AbsenceStep.REMIND:
                _warn(user, absent, network)
                return int(absent.step == AbsenceStep.WARN), 0
            case AbsenceStep.ERASE if not rules.why_kept(user):
                erase(by=Viewer.as_system(network, REASON), user=user, verb="account.expired", asked=False)
                return 0, 1
    return 0, 0


def _warn(user: User, absent: Absent, network: Network | None) -> None:
    now, last = timezone.now(), absent.step == AbsenceStep.REMIND
    facts = {"reminded_at": now, "erased_on": absent.erased_on} if last else {"erased_on": absent.erased_on}
    absence, _created = Absence.objects.update_or_create(
        user=user, defaults=facts, create_defaults={**facts, "since": absent.since, "warned_at": now}
    )
    signals.absent.send(sender=Absence, absence=absence, network=network, last=last)


def end_absence(*, user: User) -> None:
    """They signed in: nothing is erased any more."""
    Absence.objects.filter(user=user).delete()
