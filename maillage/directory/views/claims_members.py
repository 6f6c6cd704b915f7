"""Who looks after a sheet: for those responsible for it and for the team; leaving it; joining it by a link."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.doors import answers_when_closed, signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.directory import rules
from maillage.directory.actions import members
from maillage.directory.enums import MemberRole
from maillage.directory.forms.claims import InviteForm, LeaveForm, RoleForm
from maillage.directory.models import Actor, ActorInvitation, ActorMember, Claim
from maillage.directory.queries.members import invitation_opened_by
from maillage.directory.queries.trust import trusted_among
from maillage.directory.views.work import actor_of

_SHOWN = 100


def _managed(request: HttpRequest, pk: int) -> Actor:
    actor = actor_of(request, pk)
    rules.may_manage_members(request.viewer, actor).require()
    return actor


@signed_in
@require_safe
def list_members(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _managed(request, pk))


def _page(request: HttpRequest, actor: Actor, status: int = 200, form: InviteForm | None = None) -> HttpResponse:
    viewer = request.viewer
    invitations = ActorInvitation.objects.visible_to(viewer).filter(actor=actor, accepted_at=None).exclude(email="")
    claims = Claim.objects.visible_to(viewer).open().filter(actor=actor).select_related("user").order_by("created_at")
    held = list(actor.members.select_related("user").order_by("role", "created_at", "pk")[:_SHOWN])
    responsible = [member.pk for member in held if member.role == MemberRole.ADMIN and member.user.is_active]
    context = {
        "actor": actor,
        "members": [
            (member, RoleForm(initial={"role": member.role}, auto_id=f"role-{member.pk}-%s")) for member in held
        ],
        "trusted": trusted_among(actor.home_network_id, [member.user_id for member in held]),
        "own": next((member for member in held if member.user_id == viewer.user_id), None),
        "last": responsible[0] if len(responsible) == 1 else None,
        "invitations": invitations.select_related("invited_by")[:_SHOWN],
        "claims": claims[:_SHOWN],
        "form": form or InviteForm(viewer=viewer),
        "back": _back(request, actor),
    }
    return render(request, "directory/claims/members.html", context, status=status)


def _back(request: HttpRequest, actor: Actor) -> str:
    mine = rules.represents(request.viewer, actor)
    return reverse("directory:own_sheet" if mine else "directory:actor_work", args=[actor.pk])


@signed_in
@require_POST
@once
def invite_member(request: HttpRequest, pk: int) -> HttpResponse:
    actor = _managed(request, pk)
    form = InviteForm(request.POST, viewer=request.viewer)
    if not form.is_valid():
        return _page(request, actor, 422, form)
    try:
        members.invite_member(by=request.viewer, actor=actor, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, actor, refusal.status, form)
    messages.success(request, _("L'invitation est partie."))
    return redirect("directory:actor_members", pk)


def _member(request: HttpRequest, pk: int) -> ActorMember:
    visible = ActorMember.objects.visible_to(request.viewer).select_related("actor__commune__department", "user")
    member = get_object_or_404(visible.distinct(), pk=pk)
    rules.may_manage_members(request.viewer, member.actor).require()
    return member


@signed_in
@require_POST
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        act: Any = members.set_role
        done = _("Le rôle de %(person)s est changé.") % {"person": member.user}
        return _acted(request, member, done, act, **form.cleaned_data)
    messages.error(request, _("Choisissez un rôle de la liste."))
    return redirect("directory:actor_members", member.actor_id)


@signed_in
@require_POST
def remove_member(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    done = _("%(person)s ne s'occupe plus de la fiche.") % {"person": member.user}
    return _acted(request, member, done, members.remove_member, releasing="releasing" in request.POST)


def _acted(request: HttpRequest, member: ActorMember, done: str, act: Any, **values: Any) -> HttpResponse:
    """Back to the members, or to one's own sheets after one took oneself away."""
    try:
        act(by=request.viewer, member=member, **values)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    if not rules.may_manage_members(request.viewer, member.actor):
        return redirect("directory:own_sheets")
    return redirect("directory:actor_members", member.actor_id)


def _invitation(request: HttpRequest, pk: int) -> ActorInvitation:
    invitation = get_object_or_404(ActorInvitation.objects.visible_to(request.viewer).select_related("actor"), pk=pk)
    rules.may_manage_members(request.viewer, invitation.actor).require()
    return invitation


@signed_in
@require_POST
def resend_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    try:
        members.resend_invitation(by=request.viewer, invitation=invitation)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("L'invitation est repartie avec un nouveau lien ; l'ancien ne marche plus."))
    return redirect("directory:actor_members", invitation.actor_id)


@signed_in
@require_POST
def cancel_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = members.cancel_invitation(by=request.viewer, invitation=_invitation(request, pk))
    messages.success(request, _("L'invitation est annulée : son lien ne marche plus."))
    return redirect("directory:actor_members", invitation.actor_id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def leave_actor(request: HttpRequest, pk: int) -> HttpResponse:
    """The last responsible person says who comes next, or that nobody does."""
    actor = actor_of(request, pk)
    held = list(actor.members.select_related("user").filter(user__is_active=True).order_by("pk"))
    own = next((member for member in held if member.user_id == request.viewer.user_id), None)
    if own is None:
        raise Http404
    is_last = members.is_last_responsible(own)
    others = [member for member in held if member.pk != own.pk]
    form = LeaveForm(request.POST if request.method == "POST" else None, others=others, is_last=is_last)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            releasing = bool(form.cleaned_data.get("releasing"))
            try:
                members.leave(by=request.viewer, actor=actor, successor=form.heir, releasing=releasing)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Vous ne vous occupez plus de « %(actor)s ».") % {"actor": actor})
                return redirect("directory:own_sheets")
    context = {"actor": actor, "form": form, "is_last": is_last, "others": others}
    return render(request, "directory/claims/leave.html", context, status=status)


@answers_when_closed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def join_actor(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The page of the link: nothing changes until its button is pressed (scanners open links)."""
    invitation = invitation_opened_by(request.network, pk, token)
    if invitation is None:
        raise Http404
    viewer = request.viewer
    if request.method == "POST":
        if not viewer.is_authenticated:
            if not invitation.is_open:
                return redirect(request.path)
            # The link may have been forwarded: it accepts, and proves no address; a new account is asked the usual code.
            door = "account_signup" if request.POST.get("door") == "signup" else "account_login"
            return redirect(f"{reverse(door)}?{urlencode({'next': request.path})}")
        members.accept_invitation(by=viewer, invitation=invitation)
        messages.success(
            request, _("Bienvenue ! Vous vous occupez maintenant de « %(actor)s ».") % {"actor": invitation.actor}
        )
        return redirect("directory:own_sheet", invitation.actor_id)
    answer = rules.may_join(viewer, invitation)
    context = {
        "invitation": invitation,
        "refusal": "" if answer or (not viewer.is_authenticated and invitation.is_open) else answer.sentence,
    }
    return render(request, "directory/claims/join.html", context)
