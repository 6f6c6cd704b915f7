"""Who is in a community: the list, requests, invitations, who animates."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.communities import actions, rules
from maillage.communities.enums import MemberState
from maillage.communities.forms import InviteForm, RefusalForm
from maillage.communities.models import Community, CommunityMember
from maillage.communities.queries import reading
from maillage.communities.views.asked import managed_community
from maillage.core.doors import network_of, signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.throttle import hit, too_many

_MOST, _AN_HOUR = 500, 40


@signed_in
@require_safe
def list_members(request: Request, slug: str) -> HttpResponse:
    """For members, and for those who run it; others read on its home the names of those who agreed."""
    return _page(request, _opened(request, slug))


def _opened(request: Request, slug: str) -> Community:
    community = managed_community(request, slug)
    if not rules.may_animate(request.viewer, community):
        rules.may_read_inside(request.viewer, community).require()
    return community


def _page(request: Request, community: Community, status: int = 200, **context: Any) -> HttpResponse:
    viewer = request.viewer
    may_change = bool(rules.may_change(viewer, community))
    context = {
        "community": community,
        "people": reading.people_of(community, inside=True, most=_MOST),
        "may_change": may_change,
        "asked": reading.waiting_in(community, MemberState.ASKED) if may_change else [],
        "invited": reading.waiting_in(community, MemberState.INVITED) if may_change else [],
        "form": None,
        "refusal": RefusalForm(),
        "refused": None,
        **context,
    }
    return render(request, "communities/work/members.html", context, status=status)


def _row(request: Request, slug: str, pk: int) -> CommunityMember:
    community = managed_community(request, slug)
    rules.may_change(request.viewer, community).require()
    row = reading.row_of(community, pk)
    if row is None:
        raise Http404
    return row


@signed_in
@require_POST
def answer(request: Request, slug: str, pk: int) -> HttpResponse:
    """A request: accepted, or refused with a reason."""
    row = _row(request, slug, pk)
    if request.POST.get("acte") == "accepter":
        actions.accept_request(by=request.viewer, row=row)
        messages.success(request, _("La personne est membre ; elle est prévenue."))
        return redirect("communities:member_list", slug)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, row.community, 422, refusal=form, refused=row.pk, form=form)
    actions.refuse_request(by=request.viewer, row=row, **form.cleaned_data)
    messages.success(request, _("La demande est refusée ; la personne reçoit vos raisons."))
    return redirect("communities:member_list", slug)


@signed_in
@require_POST
def change(request: Request, slug: str, pk: int) -> HttpResponse:
    """A member removed, named to animate or no longer; an invitation cancelled."""
    row, act = _row(request, slug, pk), request.POST.get("acte", "")
    if act == "retirer":
        actions.remove_member(by=request.viewer, row=row, reason=request.POST.get("reason", ""))
        messages.success(request, _("La personne ne fait plus partie de la communauté ; elle est prévenue."))
    elif act == "annuler":
        actions.cancel_invitation(by=request.viewer, row=row)
        messages.success(request, _("L'invitation est annulée."))
    elif act in ("animer", "ne-plus-animer"):
        actions.set_animator(by=request.viewer, row=row, animates=act == "animer")
        messages.success(request, _("C'est enregistré."))
    else:
        raise Http404
    return redirect("communities:member_list", slug)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def invite(request: Request, slug: str) -> HttpResponse:
    viewer, community = request.viewer, managed_community(request, slug)
    rules.may_change(viewer, community).require()
    form = InviteForm(request.POST if request.method == "POST" else None, viewer=viewer)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if wait := hit("communities.invite", str(viewer.user_id), limit=_AN_HOUR, seconds=3600):
                return too_many(request, wait)
            given = form.cleaned_data
            try:
                if given["person"]:
                    actions.invite_person(by=viewer, community=community, user=given["person"], words=given["words"])
                else:
                    actions.invite(by=viewer, community=community, email=given["email"], words=given["words"])
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("L'invitation est partie."))
                return redirect("communities:member_list", slug)
    return render(request, "communities/work/invite.html", {"community": community, "form": form}, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: Request, token: str) -> HttpResponse:
    """The link of an invitation: a button takes it, then the charter is read; opening the page changes nothing."""
    row = reading.invitation_at(network_of(request).pk, token)
    if row is None or (row.user_id is not None and row.user_id != request.viewer.user_id):
        return render(request, "communities/public/invitation_gone.html", status=404)
    if request.method == "POST":
        community = actions.take_invitation(by=request.viewer, row=row, token=token)
        return redirect("communities:community_join", community.slug)
    return render(request, "communities/public/invitation.html", {"row": row, "community": row.community})
