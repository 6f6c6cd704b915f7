"""What the pages of the letters share: the network, the letter of an address, the subscription of a link."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from maillage.core.doors import allowed, network_of
from maillage.core.requests import Request
from maillage.newsletters import rules
from maillage.newsletters.models import Letter, Subscription
from maillage.newsletters.queries.links import opened_by

team_page = allowed(rules.may_work)
admin_page = allowed(rules.may_read_addresses)


def letter_of(request: Request, pk: int) -> Letter:
    """The one of the address, if the viewer may see it."""
    visible = Letter.objects.visible_to(request.viewer).select_related("network", "author")
    return get_object_or_404(visible, pk=pk)


def subscription_of(request: Any, pk: int, token: str, *, confirming: bool = False) -> Subscription:
    """The one that the link opens; 404 for any other, known or not."""
    found = opened_by(network_of(request), pk, token, confirming=confirming)
    if found is None:
        raise Http404
    return found
