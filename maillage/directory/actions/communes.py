"""Actors follow their commune when it is merged into another."""

from django.db import transaction
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import hold, mark_changed
from maillage.directory.actions.writing import Stamp, assign
from maillage.directory.enums import Origin
from maillage.directory.models import Actor
from maillage.territories.models import Territory
from maillage.territories.rules import may_load

_WRITTEN = ["commune", "latitude", "longitude", "position_quality", "position_score", "provenance", "updated_at"]


def follow_merger(*, by: Viewer, old: Territory, new: Territory) -> int:
    """Actors of `old`, or that work there, are now of `new`; how many.

    A point that was only the centre of `old` becomes that of `new`; one that was placed better stays. Who wrote the
    commune keeps having written it: what the actor said is said of the new commune, and imports still leave it.
    """
    may_load(by).require()
    with transaction.atomic():
        here = set(Actor.objects.filter(commune=old).values_list("pk", flat=True))
        zone = Actor.zone.through.objects.filter(territory=old)
        working = set(zone.values_list("actor_id", flat=True))
        reason = _("%(old)s fait maintenant partie de %(new)s.") % {"old": old.name, "new": new.name}
        hold(here | working, by=by)
        actors = Actor.objects.select_related("home_network", "commune")
        for actor in actors.filter(pk__in=here | working).order_by("pk"):
            changes = _moved(actor, new, by) if actor.pk in here else {}
            if actor.pk in working:
                before = sorted(actor.zone.values_list("pk", flat=True))
                actor.zone.add(new)
                actor.zone.remove(old)
                changes["zone"] = [before, sorted(actor.zone.values_list("pk", flat=True))]
            home = by.in_network(actor.home_network)
            record("actor.update", by=home, subject=actor, changes=changes, details={"reason": reason})
        if here or working:
            mark_changed(sorted(here | working))
    return len(here | working)


def _moved(actor: Actor, new: Territory, by: Viewer) -> dict[str, list[object]]:
    written = actor.provenance.get("commune")
    changes = assign(actor, {"commune": new}, Stamp(Origin.ANIMATOR, by.system)).changes
    if written is not None:
        actor.provenance["commune"] = written
    actor.save(update_fields=_WRITTEN)
    return changes
