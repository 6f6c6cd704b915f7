"""What the resource needs, against what the place of a request has."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from maillage.catalogue.enums import Kind, Power
from maillage.tours.models import HostRequest

_STRENGTH = [Power.NONE, Power.SOCKET, Power.SOCKETS, Power.STRONG]


@dataclass(frozen=True)
class Check:
    """`holds`: None when the host did not say."""

    label: str
    needed: str
    given: str
    holds: bool | None


def checks_of(request: HostRequest) -> list[Check]:
    """What is asked of the place, in the order of the form; what the resource does not need is left out."""
    resource, found = request.season.resource, []
    if resource.surface:
        found.append(_least(_("Surface"), resource.surface, request.surface, _("%s m²")))
    if resource.height:
        found.append(_least(_("Hauteur libre"), resource.height, request.height, _("%s m")))
    if resource.power and resource.power != Power.NONE:
        holds = None
        if request.power:
            holds = _STRENGTH.index(Power(request.power)) >= _STRENGTH.index(Power(resource.power))
        given = request.get_power_display() if request.power else _("non précisé")
        found.append(Check(_("Électricité"), resource.get_power_display(), given, holds))
    if resource.kind == Kind.VEHICLE:
        found.append(_yes(_("Accès d'un camion"), request.has_access))
        found.append(_yes(_("Stationnement la nuit"), request.has_parking))
    if resource.people:
        found.append(_least(_("Aide au montage"), resource.people, request.helpers, _("%s personnes")))
    return found


def _least(label: str, needed: Any, given: Any, unit: str) -> Check:
    said = unit % number_format(given) if given is not None else _("non précisé")
    return Check(
        label, _("au moins %s") % (unit % number_format(needed)), said, None if given is None else given >= needed
    )


def _yes(label: str, given: bool | None) -> Check:
    said = _("non précisé") if given is None else _("oui") if given else _("non")
    return Check(label, _("oui"), said, given)
