"""The members of the demonstration's network: accounts that nobody signs in to, their names invented."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from allauth.account.models import EmailAddress

from maillage.accounts.models import Role, User
from maillage.activity.actions import note_refusal
from maillage.activity.models import RefusedAddress
from maillage.core.text import slugged
from maillage.core.viewer import RoleKind
from maillage.portal.management.demo.words import FIRST_NAMES, LAST_NAMES
from maillage.portal.management.demo.world import ACCOUNTS, World

_MEMBERS = 690  # For 1,400 actors; with those who have a password, some 700.
_LEAST = 24


def tell_accounts(world: World) -> None:
    """Before they write, sign and comment; two of their addresses refuse messages since."""
    world.chronicle.add(world.chronicle.ago(41, 8), lambda at: _join(world, at))
    for rank, days in enumerate((19, 6)):
        world.chronicle.add(world.chronicle.ago(days, 4), partial(_refuse, world, rank))


def _refuse(world: World, rank: int, at: datetime) -> None:
    address = world.members[rank].email
    note_refusal(address=address, detail="550 5.1.1 Recipient address rejected: User unknown")
    RefusedAddress.objects.filter(address=address).update(at=at)


def _join(world: World, at: datetime) -> None:
    """They joined over three years; each came back within the last ten months."""
    random = Random(1901)  # noqa: S311  (a demonstration, the same each time)
    taken = {name for _address, name, *_rest in ACCOUNTS}
    names = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    names = [name for name in random.sample(names, len(names)) if name not in taken]
    total = max(_LEAST, round(_MEMBERS * len(world.planned) / 1400))
    people = []
    for name in names[:total]:
        joined = world.chronicle.ago(random.randint(42, 1100), random.randint(7, 21), random.randrange(60))
        seen = max(joined, world.chronicle.ago(random.randint(0, 300), random.randint(7, 21), random.randrange(60)))
        user = User(
            email=f"{slugged(name, 60).replace('-', '.')}@courriel.example", name=name, home_network=world.south
        )
        user.joined_at, user.last_login = joined, min(seen, world.chronicle.now - timedelta(hours=1))
        user.set_unusable_password()
        people.append(user)
    world.members = User.objects.bulk_create(people, batch_size=500)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people], batch_size=500
    )
    roles = Role.objects.bulk_create(
        [Role(user=user, network=world.south, kind=RoleKind.MEMBER) for user in people], batch_size=500
    )
    for role in roles:
        role.created_at = role.updated_at = role.user.joined_at
    Role.objects.bulk_update(roles, ["created_at", "updated_at"], batch_size=200)
