"""The erasure of an account, the addresses never to be recorded again, and both done again after a restoration."""

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from maillage.accounts import queries, rules, signals
from maillage.accounts.actions import tombstones
from maillage.accounts.actions.telling import tell_act
from maillage.accounts.models import Export, Invitation, Role, Suppression, User
from maillage.accounts.registry import Erasure, PersonalField, declared
from maillage.core import mail
from maillage.core.models import Job, JobStatus
from maillage.core.viewer import Viewer


def erase_account(*, by: Viewer, user: User) -> None:
    """Erase a person: what the declared policy says, at once. The emptied account stays as « Personne supprimée » so
    that what others share with it keeps an author; the address goes to the suppression list."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        rules.may_erase(by, user).require()
        addresses = queries.addresses_of(user)
        erase(by=by, user=user)
        for email in addresses:
            forbid_address(email=email, reason="erasure")


def erase(*, by: Viewer, user: User, verb: str = "account.erased", asked: bool = True) -> None:
    """The erasure itself, of a person whose row is locked, for those who have asked the rule."""
    former_name = str(user)
    addresses = queries.addresses_of(user)
    now = timezone.now()
    signals.erasing.send(sender=User, user=user, by=by, asked=asked)
    Role.objects.held().filter(user=user).update(revoked_at=now)
    Invitation.objects.open().filter(email__in=addresses).update(revoked_at=now)
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    for export in Export.objects.filter(user=user):
        export.file.delete(save=False)
    Invitation.objects.filter(email__in=addresses).update(email="")
    # Messages that wait or failed hold the address and their words.
    letters = Job.objects.filter(task=mail.deliver.name, arguments__to__in=addresses)
    letters.exclude(status=JobStatus.RUNNING).delete()
    for field in declared():
        _apply(field, user)
    User.objects.filter(pk=user.pk).update(
        email=f"supprime-{user.pk}@invalid", name="", is_active=False, erased_at=now, home_network=None
    )
    user.refresh_from_db()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    tombstones.raise_on_commit(*(tombstones.of_person(each) for each in [user, *user.merged.order_by("pk")]))
    signals.erased.send(sender=User, user=user, former_name=former_name, by=by)
    tell_act(verb, by=by, subject=user)


def _apply(field: PersonalField, user: User) -> None:
    if field.model == "accounts.User" or not queries.owner_path(field):
        return
    rows = queries.rows_of(user, field)
    if field.erasure == Erasure.DELETE_ROW:
        rows.delete()
    elif field.erasure == Erasure.DETACH:
        rows.update(**{field.field: None})
    elif field.erasure == Erasure.EMPTY:
        column = apps.get_model(field.model)._meta.get_field(field.field)
        rows.update(**{field.field: None if column.null else ""})


def forbid_address(*, email: str, reason: str) -> Suppression:
    """Never record nor write to this address again: imports and mailings ask `queries.is_suppressed`."""
    with transaction.atomic():
        line, created = Suppression.objects.get_or_create(
            email_hash=Suppression.hash_of(email), defaults={"reason": reason}
        )
        if created:
            tombstones.raise_on_commit(tombstones.of_address(line))
        received = Invitation.objects.filter(email__iexact=email)
        received.open().update(revoked_at=timezone.now())
        received.update(email="")
        signals.suppressed.send(sender=Suppression, email=email)
    return line


def readmit_address(*, email: str) -> None:
    """Its owner came back: their own act lifts the suppression."""
    email_hash = Suppression.hash_of(email)
    if Suppression.objects.filter(email_hash=email_hash).delete()[0]:
        tombstones.raise_on_commit(tombstones.of_return(email_hash))


def replay_erasures() -> int:
    """Erase again whoever has a tombstone, after an older state of the database was put back; how many there were.

    No rule is asked: what was allowed the first time is only done again. Doing it twice changes nothing.
    """
    stones = tombstones.stones()
    buried = {stone["person"] for stone in stones if "person" in stone}
    # Whoever asked to be erased is on the suppression list too; whoever was absent for long is not.
    suppressed = {email_hash for email_hash, stone in tombstones.of_addresses(stones).items() if "address" in stone}
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    by = Viewer.as_system(None, "restauration")
    count = 0
    for user in User.objects.filter(erased_at=None).order_by("pk"):
        if any(tombstones.hash_of(user, key) in buried for key in keys):
            with transaction.atomic():
                locked = User.objects.select_for_update().get(pk=user.pk)
                asked = Suppression.hash_of(user.email) in suppressed
                erase(by=by, user=locked, verb="account.erased_again", asked=asked)
            count += 1
    _replay_addresses(stones)
    tombstones.complete()
    return count


def _replay_addresses(stones: list[tombstones.Stone]) -> None:
    """A return lifts only a suppression older than it: the archive may know of a later one."""
    for email_hash, stone in tombstones.of_addresses(stones).items():
        if "address" in stone:
            facts = {"reason": stone.get("reason", ""), "at": parse_datetime(stone["at"]) or timezone.now()}
            Suppression.objects.get_or_create(email_hash=email_hash, defaults=facts)
        else:
            Suppression.objects.filter(email_hash=email_hash, at__lte=stone["at"]).delete()
