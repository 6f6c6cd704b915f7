"""The season or the request of an address, and who may open the working pages."""

from django.http import Http404

from maillage.core.doors import allowed, network_of
from maillage.core.requests import Request
from maillage.tours import rules
from maillage.tours.models import HostRequest, Season

team_page = allowed(rules.may_work)


def season_of(request: Request, pk: int | None = None, slug: str = "") -> Season:
    found = Season.objects.visible_to(request.viewer).select_related("resource__actor", "copy", "base")
    season = (found.filter(slug=slug) if slug else found.filter(pk=pk)).first()
    if season is None:
        raise Http404
    season.network = network_of(request)
    return season


def request_of(request: Request, season: Season | None, pk: int) -> HostRequest:
    """One that the viewer may see; of the season, when it is said."""
    found = HostRequest.objects.visible_to(request.viewer).for_rows().select_related("season__resource", "season__base")
    if season is not None:
        found = found.filter(season=season)
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    if season is not None:
        row.season = season
    row.season.network = network_of(request)
    return row
