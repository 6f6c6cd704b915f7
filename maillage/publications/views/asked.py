"""The publication of an address, and what its working pages share."""

from django.http import Http404

from maillage.core.doors import allowed
from maillage.core.requests import Request
from maillage.publications import rules
from maillage.publications.models import Publication

team_page = allowed(rules.may_work)


def publication_of(request: Request, pk: int) -> Publication:
    """The one of the address, if the viewer may see it."""
    visible = Publication.objects.visible_to(request.viewer).select_related(
        "network", "author", "decided_by", "replaced_by"
    )
    if (found := visible.filter(pk=pk).first()) is None:
        raise Http404
    return found


def own_publication(request: Request, pk: int) -> Publication:
    """The one of the address, if the viewer may change it; the rule's sentence otherwise."""
    found = publication_of(request, pk)
    rules.may_edit(request.viewer, found).require()
    return found
