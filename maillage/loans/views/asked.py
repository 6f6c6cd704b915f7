"""The loan, the entry or the resource of an address, as far as the viewer may see them."""

from django.http import Http404

from maillage.catalogue.models import Resource
from maillage.core.requests import Request
from maillage.loans.models import Loan, WaitingEntry


def resource_of(request: Request, slug: str) -> Resource:
    found = Resource.objects.visible_to(request.viewer).select_related("actor", "network").filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def loan_of(request: Request, pk: int) -> Loan:
    found = (
        Loan.objects.visible_to(request.viewer).for_lists().select_related("booking__resource").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def entry_of(request: Request, pk: int) -> WaitingEntry:
    rows = WaitingEntry.objects.visible_to(request.viewer).select_related("resource__actor", "network", "actor", "loan")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
