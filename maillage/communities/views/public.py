"""Communities for everyone: the list, the home of one, its charter, coming in and going out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.communities import actions, rules
from maillage.communities.enums import MemberState
from maillage.communities.forms import JoinForm
from maillage.communities.models import Community
from maillage.communities.queries import reading
from maillage.communities.queries.targets import offered
from maillage.communities.registry import COMMUNITY
from maillage.communities.views.asked import community_of
from maillage.core.doors import network_of, signed_in
from maillage.core.errors import Refused
from maillage.core.mail import absolute_url
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.richtext import shown
from maillage.moderation.queries import page_about
from maillage.publications.enums import Section


@require_safe
def list_communities(request: HttpRequest) -> HttpResponse:
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    asked = reading.asked_in(request.GET)
    page = paginate(reading.listed(viewer, asked), request.GET, per_page=reading.PER_PAGE)
    themes, departments = reading.choices(viewer)
    context = {
        "asked": asked,
        "page": page,
        "communities": reading.cards(viewer, page.object_list),
        "themes": themes,
        "departments": departments,
        "sections": Section.choices,
        "canonical": absolute_url(network, reverse("communities:community_list")),
    }
    return render(request, "communities/public/list.html", context)


@require_safe
def show_community(request: HttpRequest, slug: str) -> HttpResponse:
    community = community_of(request, slug)
    viewer = request.viewer  # type: ignore[attr-defined]
    row = rules.standing_of(viewer, community)
    inside = bool(rules.may_read_inside(viewer, community))
    reads = inside or not community.is_hidden
    charter = community.charters.first()
    may_animate = viewer.is_authenticated and bool(rules.may_animate(viewer, community))
    context: dict[str, Any] = {
        "community": community,
        "card": reading.cards(viewer, [community])[0],
        "description": shown(community.description),
        "row": row,
        "inside": inside,
        "charter": charter,
        "must_accept": inside and row is not None and charter is not None and row.charter_id != charter.pk,
        "page": reading.contents_page(viewer, community, request.GET.get("page"), inside=inside) if reads else None,
        "coming": reading.coming_events(viewer, community) if reads else [],
        "people": reading.people_of(community, inside=inside) if reads else None,
        "may_join": rules.may_join(viewer, community),
        "asks": row is None and rules.asks_first(viewer, community),
        "may_animate": may_animate,
        "may_change": may_animate and not community.is_closed,
        "waiting": reading.waiting_in(community, MemberState.ASKED).count() if may_animate else 0,
        "targets": offered(viewer, [community]) if viewer.is_authenticated and (inside or not community.is_hidden) else [],
        "reports_url": page_about(viewer, COMMUNITY, community) if may_animate or viewer.runs_network else "",
        "canonical": absolute_url(network_of(request), community.get_absolute_url()),
    }  # fmt: skip
    return render(request, "communities/public/show.html", context)


@require_safe
def show_charter(request: HttpRequest, slug: str) -> HttpResponse:
    """The text in force, and the dates of those before."""
    community = community_of(request, slug)
    charters = list(community.charters.all())
    context = {
        "community": community,
        "charter": charters[0] if charters else None,
        "body": shown(charters[0].body) if charters else "",
        "before": charters[1:],
    }
    return render(request, "communities/public/charter.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def join(request: Request, slug: str) -> HttpResponse:
    """The charter first, then the button."""
    viewer, community = request.viewer, community_of(request, slug)
    answer = rules.may_join(viewer, community)
    if not answer:
        messages.info(request, answer.sentence)  # type: ignore[union-attr]
        return redirect(community)
    row = rules.standing_of(viewer, community)
    asks = row is None and rules.asks_first(viewer, community)
    form = JoinForm(request.POST if request.method == "POST" else None, community=community, asks=asks)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {
                name: form.cleaned_data[name] for name in ("charter", "words", "name_is_public") if name in form.fields
            }
            try:
                made = actions.join_community(by=viewer, community=community, **given)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return _arrived(request, community, made.state)
    context = {"community": community, "form": form, "asks": asks, "row": row, "body": _body(form)}
    return render(request, "communities/public/join.html", context, status=status)


def _body(form: JoinForm) -> str:
    return shown(form.text.body) if form.text is not None else ""


def _arrived(request: Request, community: Community, state: str) -> HttpResponse:
    if state == MemberState.MEMBER:
        messages.success(request, _("Bienvenue : vous êtes membre de « %(name)s ».") % {"name": community.name})
    else:
        messages.success(request, _("Votre demande est envoyée. La réponse vous sera dite ici et par e-mail."))
    return redirect(community)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, slug: str) -> HttpResponse:
    """Also takes a request back."""
    viewer, community = request.viewer, community_of(request, slug)
    answer = rules.may_leave(viewer, community)
    if request.method == "POST":
        hidden = community.is_hidden
        actions.leave_community(by=viewer, community=community)
        messages.success(request, _("Vous ne faites plus partie de « %(name)s ».") % {"name": community.name})
        return redirect("communities:own_communities") if hidden else redirect(community)
    row = rules.standing_of(viewer, community)
    if row is None:
        return redirect(community)
    return render(request, "communities/public/leave.html", {"community": community, "answer": answer, "row": row})


@signed_in
@require_POST
def decline(request: Request, slug: str) -> HttpResponse:
    community = community_of(request, slug)
    actions.decline_invitation(by=request.viewer, community=community)
    messages.success(request, _("Vous avez décliné l'invitation."))
    return redirect("communities:own_communities")


@signed_in
@require_POST
def settle(request: Request, slug: str) -> HttpResponse:
    """One's own line: the name shown or not, the charter that changed."""
    viewer, community = request.viewer, community_of(request, slug)
    if "charte" in request.POST:
        actions.accept_charter(by=viewer, community=community, charter=request.POST["charte"][:64])
        messages.success(request, _("La charte est acceptée."))
    else:
        shows = request.POST.get("nom") == "oui"
        actions.show_name(by=viewer, community=community, shown=shows)
        messages.success(
            request, _("Tout le monde peut lire votre nom ici.") if shows else _("Seuls les membres lisent votre nom.")
        )
    return redirect(community)
