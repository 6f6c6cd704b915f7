"""One's own account: profile, sessions, tokens, proof of identity, invitations received."""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accounts import actions, kit, queries, rules
from maillage.accounts.forms import IdentityCodeForm, ProfileForm, TokenForm
from maillage.accounts.models import ApiToken
from maillage.core import mail
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.text import whole_number
from maillage.core.viewer import RoleKind


@signed_in
@never_cache
def show_profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        actions.save_profile(by=request.viewer, name=form.cleaned_data["name"])
        messages.success(request, _("Votre profil est enregistré."))
        return redirect("accounts:profile")
    viewer = request.viewer
    context = {
        "form": form,
        "roles": viewer.user.roles.held().in_network(viewer.network),
        "others": [network for network in queries.networks_of(viewer.user) if network != viewer.network],
        "can_join": viewer.network is not None
        and not viewer.user.roles.held().filter(network=viewer.network).exists()
        and viewer.network.is_public,
        "needs_factor": queries.lacks_second_factor(viewer.user, viewer.network),
        "factors": viewer.user.authenticator_set.exclude(type="recovery_codes").count(),
        "has_password": viewer.user.has_usable_password(),
    }
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def join_network(request: HttpRequest) -> HttpResponse:
    actions.join_network(by=request.viewer)
    messages.success(request, _("Vous êtes membre de ce réseau."))
    return redirect("accounts:profile")


@signed_in
@never_cache
def list_sessions(request: HttpRequest) -> HttpResponse:
    """Sessions that are over (hash changed, row gone) are not shown; the hourly purge removes them."""
    current = request.session.session_key
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        if chosen == "others":
            ended = actions.end_sessions(user=request.user, but=current)
        elif (only := whole_number(chosen)) is not None:
            ended = actions.end_sessions(user=request.user, only=only, but=current)
        else:
            ended = 0
        if ended:
            messages.success(request, _("Session fermée.") if ended == 1 else _("Les autres sessions sont fermées."))
        return redirect("usersessions_list")
    sessions = [(session, queries.device_named(session.user_agent)) for session in queries.sessions_of(request.user)]
    return render(request, "accounts/sessions.html", {"sessions": sessions, "current": current})


@kit.recently_confirmed
@never_cache
@once
def list_tokens(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    text = ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, text = actions.create_token(by=request.viewer, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            form = TokenForm()
    tokens = ApiToken.objects.visible_to(request.viewer).live()
    context = {"form": form, "tokens": tokens, "text": text}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.viewer), pk=pk)
    actions.revoke_token(by=request.viewer, token=token)
    messages.success(request, _("Le jeton « %(name)s » est révoqué.") % {"name": token.name})
    return redirect("accounts:token_list")


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_identity(request: HttpRequest) -> HttpResponse:
    """For those who have neither password nor second factor: a code by e-mail, sent when they ask for it."""
    target = request.GET.get("next") or request.POST.get("next") or ""
    target = target if get_adapter().is_safe_url(target) else reverse("accounts:profile")
    form = IdentityCodeForm(request.POST if request.POST.get("action") == "check" else None)
    if request.method == "POST" and request.POST.get("action") == "send":
        if not ratelimit.consume(request, action="request_login_code", key=request.user.email):
            raise Refused(_("Trop de codes demandés : réessayez dans quelques minutes."), status=429)
        code = kit.new_identity_code(request)
        mail.send(
            "accounts/mail/identity_code.html", to=request.user.email, context={"code": code}, network=request.network
        )
        return redirect(f"{reverse('accounts:identity_confirm')}?{urlencode({'next': target})}")
    if form.is_bound and form.is_valid():
        if kit.check_identity_code(request, form.cleaned_data["code"]):
            return redirect(target)
        form.add_error("code", _("Ce code n'est pas le bon, ou il n'est plus valable."))
    context = {"form": form, "next": target, "sent": kit.awaits_identity_code(request)}
    return render(request, "accounts/identity.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The page of the link: nothing changes until its button is pressed (scanners open links)."""
    invitation = queries.invitation_opened_by(request.network, pk, token)
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
        actions.accept_invitation(by=viewer, invitation=invitation)
        messages.success(
            request, _("Bienvenue ! Vous êtes maintenant : %(role)s.") % {"role": invitation.get_kind_display()}
        )
        return redirect("accounts:profile")
    answer = rules.may_accept(viewer, invitation)
    context = {
        "invitation": invitation,
        "refusal": "" if answer or (not viewer.is_authenticated and invitation.is_open) else answer.sentence,
        "needs_factor": invitation.kind in (RoleKind.ANIMATOR, RoleKind.NETWORK_ADMIN),
    }
    return render(request, "accounts/invitation.html", context)
