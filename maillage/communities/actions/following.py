"""Following and no longer following: a plain line of one's own, that nobody is told of and the journal does not keep."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from maillage.communities import rules
from maillage.communities.models import Follow
from maillage.communities.queries.targets import kind_of
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer

MOST = 300


def follow(*, by: Viewer, target: Any) -> Follow:
    """`target`: a term, an actor, a territory, a community, a person; the same twice is one."""
    rules.may_follow(by).require()
    kept: dict[str, Any] = {"network": by.network, "user": by.user, kind_of(target): target}
    row = Follow(**kept)
    row.full_clean(validate_unique=False, validate_constraints=False)
    if Follow.objects.filter(network=by.network, user=by.user).count() >= MOST:
        raise Refused(_("Trois cents suivis au plus : cessez d'abord d'en suivre un."), status=422)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return Follow.objects.get(**kept)
    return row


def unfollow(*, by: Viewer, code: str) -> Follow | None:
    """The one that a form names (`term-12`), whatever became of what was followed."""
    rules.may_follow(by).require()
    own = Follow.objects.filter(network=by.network, user=by.user)
    found = next((row for row in own if row.code == code), None)
    if found is not None:
        Follow.objects.filter(pk=found.pk).delete()
    return found
