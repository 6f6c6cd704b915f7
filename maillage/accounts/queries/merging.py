"""Two accounts of one person: the one at an address, and all that would follow from it, read and not written.

What becomes of the accounts' own rows is told here; apps above tell theirs with `registry.follow`.
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import Consent, Role, User
from maillage.accounts.registry import declared_field, follow, relation_of
from maillage.core.following import Planned, Relation, Values, name_of, plan

Key = tuple[int | None, str]


def _held_once(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """A role that both hold is held once; the other line stays in the history."""
    there = Role.objects.held().filter(user=kept, network=row.network_id, kind=row.kind, department=row.department)
    ended = {"revoked_at": timezone.now()} if row.revoked_at is None and there.exists() else {}
    return {"user_id": kept, **ended}


def _revoked(row: Any, field: str, gone: int, kept: int) -> Values | None:
    return {"user_id": kept, "revoked_at": row.revoked_at or timezone.now()}


def _as_second_login(row: Any, field: str, gone: int, kept: int) -> Values | None:
    """An address that was never proved opens nothing: it does not follow."""
    return {"user_id": kept, "primary": False} if row.verified else None


def _nowhere(row: Any, field: str, gone: int, kept: int) -> Values | None:
    return None


def _proved(row: Any, held: Any) -> Values:
    return {"verified": True}


for own in (
    Relation(
        "accounts.Role.user",
        _("rôles tenus"),
        _("Un rôle tenu avec les deux comptes ne compte qu'une fois."),
        rewrite=_held_once,
    ),
    Relation(
        "accounts.ApiToken.user",
        _("jetons d'accès"),
        _("Les jetons de l'autre compte sont révoqués : créez-en de nouveaux pour vos outils."),
        rewrite=_revoked,
    ),
    Relation(
        "accounts.Consent.user",
        _("consentements"),
        _("Ce qui n'est pas accepté avec les deux comptes ne l'est plus."),
    ),
    Relation(
        "account.EmailAddress.user",
        _("adresses de connexion"),
        _("Les adresses confirmées ouvrent toutes le compte gardé, dont l'adresse principale ne change pas."),
        rewrite=_as_second_login,
        settle=_proved,
    ),
    Relation("accounts.Absence.user", _("avis de suppression faute de connexion"), rewrite=_nowhere, is_told=False),
    Relation(
        "accounts.Export.user",
        _("copies de données demandées"),
        _("Les copies demandées avec l'autre compte sont supprimées."),
        rewrite=_nowhere,
    ),
    Relation(
        "usersessions.UserSession.user",
        _("sessions ouvertes"),
        _("Les sessions de l'autre compte sont fermées."),
        rewrite=_nowhere,
    ),
    # The password and the second factors are those of the kept account.
    Relation("mfa.Authenticator.user", _("codes de secours"), rewrite=_nowhere, is_told=False),
    Relation("accounts.User.merged_into", _("comptes déjà réunis à celui-ci"), is_told=False),
):
    follow(own)


def account_at(address: str) -> User | None:
    """The account that an address opens: a proved one first, else that of someone who never proved theirs."""
    found = EmailAddress.objects.select_related("user").filter(email__iexact=address, verified=True).first()
    user = found.user if found is not None else User.objects.filter(email__iexact=address).first()
    return user if user is not None and user.erased_at is None else None


def opens(user: User, address: str) -> bool:
    """Whether an address is one of this account already."""
    proved = EmailAddress.objects.filter(user=user, email__iexact=address, verified=True)
    return user.email.lower() == address.lower() or proved.exists()


def following(kept: User, gone: User) -> list[Planned]:
    """All that points to the account that goes, and what becomes of it."""
    return plan(User, kept=kept.pk, gone=gone.pk, relation_of=relation_to_account)


def relation_to_account(model: type[models.Model], field: str) -> Relation:
    """What was told of a link to an account, else that it follows, under the name that the register of data gives it."""
    name = name_of(model, field)
    known = declared_field(model._meta.label, field)
    label = known.label if known is not None and known.label else model._meta.verbose_name_plural
    return relation_of(name) or Relation(name, label)


@dataclass(frozen=True)
class Told:
    """A line of the preview: how many rows follow, how many do not, and the rule when there is one to know."""

    label: str
    moved: int
    left: int
    rule: str


def told(plans: list[Planned]) -> list[Told]:
    found: dict[str, Told] = {}
    for each in plans:
        if not each.relation.is_told:
            continue
        label, rule = str(each.relation.label), str(each.relation.rule)
        label = label[:1].upper() + label[1:]
        before = found.get(label, Told(label, 0, 0, ""))
        found[label] = Told(label, before.moved + each.moved, before.left + each.left, before.rule or rule)
    return sorted(found.values(), key=lambda line: line.label)


def consents_of(user: User) -> dict[Key, Consent]:
    """What someone last said, for each network and purpose."""
    lines: QuerySet[Consent] = Consent.objects.filter(user=user).order_by("at", "pk")
    return {(line.network_id, line.purpose): line for line in lines}


def no_more_agreed(kept: User, gone: User) -> list[Consent]:
    """The last line of what one of two accounts alone agrees to: the stricter of the two holds (MRG-4)."""
    mine, theirs = ({key: line for key, line in consents_of(user).items() if line.given} for user in (kept, gone))
    return [line for key, line in [*mine.items(), *theirs.items()] if (key in mine) != (key in theirs)]
