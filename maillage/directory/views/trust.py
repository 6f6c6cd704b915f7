"""The people who look after sheets, and those that the network trusts to write at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.directory import rules
from maillage.directory.actions import trusting
from maillage.directory.forms.revisions import TrustForm
from maillage.directory.models import Actor, Trust
from maillage.directory.queries.trust import contributors_of, record_of
from maillage.directory.views.work import team_page

_PER_PAGE = 25


@team_page
@require_safe
def list_contributors(request: Request) -> HttpResponse:
    words, trusted = request.GET.get("q", "")[:100], request.GET.get("confiance") == "oui"
    page = paginate(contributors_of(request.viewer, words=words, trusted=trusted), request.GET, per_page=_PER_PAGE)
    every = contributors_of(request.viewer, words=words)
    context = {
        "page": page,
        "words": words,
        "trusted": trusted,
        "tabs": [
            (_("Tous"), with_params(request.GET, page=None, confiance=None), not trusted, every.count()),
            (
                _("De confiance"),
                with_params(request.GET, page=None, confiance="oui"),
                trusted,
                every.filter(trusted=True).count(),
            ),
        ],
    }
    return render(request, "directory/revisions/contributors.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def show_contributor(request: Request, pk: int) -> HttpResponse:
    """Who they are for the network, what became of their revisions; trust is given or taken back from here."""
    viewer = request.viewer
    person = get_object_or_404(contributors_of(viewer), pk=pk)
    trusts = Trust.objects.visible_to(viewer).filter(user=person).select_related("given_by", "revoked_by")
    held = trusts.in_force().first()
    form, status = TrustForm(), 200
    if request.method == "POST":
        rules.may_trust(viewer).require()
        form, status = TrustForm(request.POST), 422
        if form.is_valid():
            try:
                _act(request, person, held, form.cleaned_data["reason"])
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return redirect("directory:contributor_show", pk)
    sheets = Actor.objects.visible_to(viewer).filter(members__user=person, home_network=viewer.network_id).distinct()
    context = {
        "person": person,
        "held": held,
        "trusts": trusts,
        "sheets": sheets.order_by("name_key", "pk")[:50],
        "record": record_of(viewer, person),
        "may_trust": rules.may_trust(viewer),
        "form": form,
    }
    return render(request, "directory/revisions/contributor.html", context, status=status)


def _act(request: Request, person: Any, held: Trust | None, reason: str) -> None:
    """What the button of the page said, not what is true by now: of two who press it, the second is told."""
    if request.POST.get("geste") == "retirer":
        if held is None:
            raise Refused(_("Cette confiance est déjà retirée."), status=409)
        trusting.revoke_trust(by=request.viewer, trust=held, reason=reason)
        messages.success(request, _("La confiance est retirée : ses prochaines modifications seront relues."))
    else:
        trusting.give_trust(by=request.viewer, user=person, reason=reason)
        messages.success(request, _("La confiance est donnée : ses modifications paraissent aussitôt."))
