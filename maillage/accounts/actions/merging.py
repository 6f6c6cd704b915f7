"""Two accounts of one person become one: all that pointed to the one that goes follows, both addresses open the one that
stays, and the row that goes stays empty and closed, because the sealed journal names it."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts import queries, rules, signals
from maillage.accounts.actions.people import require_willing
from maillage.accounts.actions.security import end_sessions
from maillage.accounts.actions.telling import tell_act
from maillage.accounts.models import Consent, Export, User
from maillage.accounts.queries.merging import account_at, following, no_more_agreed
from maillage.core import mail
from maillage.core.errors import Conflict
from maillage.core.following import Planned, column_of
from maillage.core.viewer import Viewer

ORIGIN = "account.merged"


def merge_accounts(*, by: Viewer, other: User, address: str) -> User:
    """Make `other`, whose address its owner proved to read, one with the viewer's account. It cannot be undone."""
    rules.may_merge_accounts(by, other).require()
    with transaction.atomic():
        # By key, so that two mergings at once come one after the other: the second finds an account that is closed. Both rows stay:
        # others may write what refers to them.
        locked = User.objects.select_for_update(no_key=True).filter(pk__in=[by.user.pk, other.pk]).order_by("pk")
        rows = {user.pk: user for user in locked}
        kept, gone = rows.get(by.user.pk), rows.get(other.pk)
        # What the address opens is asked again: whoever proved it too may have taken the account meanwhile.
        if kept is None or kept.erased_at is not None or gone is None or account_at(address) != gone:
            raise Conflict(_("L'un des deux comptes vient d'être fermé ou réuni à un autre : rien n'est changé."))
        rules.may_merge_accounts(by, gone).require()
        former = gone.email
        signals.merging.send(sender=User, kept=kept, gone=gone, by=by)
        _prove(gone, address)
        _keep_the_stricter(kept, gone)
        end_sessions(user=gone)
        for export in Export.objects.filter(user=gone):
            export.file.delete(save=False)
        _carry(following(kept, gone), kept)
        EmailAddress.objects.get_or_create(user=kept, email=address.lower(), defaults={"verified": True})
        _close(kept, gone)
        networks = queries.networks_of(kept)
        for network in networks or [by.network]:
            tell_act("account.merged", by=by.in_network(network), subject=kept)
        for recipient in dict.fromkeys([kept.email, former, address.lower()]):
            mail.send("accounts/mail/accounts_merged.html", to=recipient, network=by.network)
    return kept


def invite_to_merge(*, by: Viewer, user: User) -> None:
    """Tell someone who seems to have two accounts where they make one of them. Nothing says what makes it seem so, nor
    changes: the proof is theirs to give."""
    rules.may_invite_to_merge(by, user).require()
    require_willing(by=by, emails=[user.email])
    with transaction.atomic():
        tell_act("account.merge_suggested", by=by, subject=user)
        mail.send(
            "accounts/mail/merge_suggested.html",
            to=user.email,
            network=by.network,
            unasked=True,
            context={
                "button_url": mail.absolute_url(by.network, reverse("accounts:merge_ask")),
                "button_label": _("Réunir mes comptes"),
            },
        )


def _prove(gone: User, address: str) -> None:
    """The code that its owner read proves an address that the account had not proved."""
    waiting = EmailAddress.objects.filter(user=gone, email__iexact=address, verified=False).first()
    if waiting is not None:
        waiting.set_verified()


def _keep_the_stricter(kept: User, gone: User) -> None:
    """What one account alone agreed to is withdrawn, by a line like any other withdrawal."""
    Consent.objects.bulk_create(
        Consent(
            user=kept,
            network_id=line.network_id,
            purpose=line.purpose,
            text_version=line.text_version,
            given=False,
            origin=ORIGIN,
        )
        for line in no_more_agreed(kept, gone)
    )


def _carry(plans: list[Planned], kept: User) -> None:
    """Rows that leave go first: what takes their place may have what they alone could have."""
    for each in plans:
        rows: QuerySet[Any] = QuerySet(each.model)
        leaving = [fate.row.pk for fate in each.fates if fate.values is None]
        rows.filter(pk__in=leaving).delete()
        if each.follow:
            rows.filter(pk__in=each.follow).update(**{column_of(each.model, each.field): kept.pk})
        for fate in each.fates:
            for row, values in ((fate.row, fate.values), (fate.held, fate.settled)):
                if values:
                    rows.filter(pk=row.pk).update(**values)


def _close(kept: User, gone: User) -> None:
    if not kept.name or kept.home_network_id is None:
        kept.name = kept.name or gone.name
        kept.home_network_id = kept.home_network_id or gone.home_network_id
        kept.save(update_fields=["name", "home_network"])
    gone.refresh_from_db()
    gone.email, gone.name, gone.home_network = f"reuni-{gone.pk}@invalid", "", None
    gone.is_active, gone.erased_at, gone.merged_into = False, timezone.now(), kept
    gone.set_unusable_password()
    gone.save()
