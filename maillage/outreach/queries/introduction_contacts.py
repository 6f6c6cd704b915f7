"""What each side is told of the other once both agreed, and to whom the team has to pass it on by itself."""

from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.viewer import Viewer
from maillage.outreach.enums import IntroductionState
from maillage.outreach.models import IntroductionSide
from maillage.outreach.queries.introductions import address_of, introductions, pair_of
from maillage.outreach.registry.week import Due


def contact_of(side: IntroductionSide) -> list[tuple[str, str]]:
    """(what, value) of what the other is told once both agreed."""
    if side.actor is None:
        told = [(_("Nom"), side.name), (_("Structure"), side.structure), (_("E-mail"), side.email)]
    else:
        actor = side.actor
        told = [
            (_("Structure"), actor.name),
            (_("Commune"), str(actor.commune or "")),
            (_("À qui s'adresser"), actor.contact_name),
            (_("E-mail"), actor.email),
            (_("Téléphone"), actor.phone),
            (_("Site"), actor.website),
        ]
    return [(label, value) for label, value in told if value]


def may_be_joined(side: IntroductionSide) -> bool:
    """Whether an address or a telephone number is known: otherwise the team stands between the two."""
    return bool(address_of(side) or (side.actor is not None and side.actor.phone))


def contacts_due(viewer: Viewer, until: date, everyone: bool, limit: int) -> list[Due]:
    """Sides that no message told whom to join: the team passes it on, and says so."""
    untold = IntroductionSide.objects.filter(introduction=OuterRef("pk"), contact_at=None)
    found = introductions(viewer).filter(Exists(untold), state=IntroductionState.MET, closed_at=None)
    if not everyone:
        found = found.filter(author=viewer.user_id)
    return [
        Due(
            timezone.localdate(introduction.met_at),
            _("Transmettre les coordonnées : %(sides)s")
            % {"sides": ", ".join(side.label for side in introduction.sides.all() if side.contact_at is None)},
            _("Mise en relation : %(pair)s") % {"pair": pair_of(introduction)},
            introduction.get_absolute_url(),
            str(introduction.author or ""),
        )
        for introduction in found.order_by("met_at", "pk")[:limit]
    ]
