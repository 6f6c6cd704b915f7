"""The people of a network, for its administrators: roles given and taken back, invitations."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from maillage.accounts import actions, queries, rules
from maillage.accounts.forms import InvitationForm, PeopleFilterForm, RoleForm
from maillage.accounts.models import Invitation, Role, User
from maillage.accounts.registry import ABSENCE, person_panels
from maillage.core.doors import allowed
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import page_links, paginate
from maillage.core.throttle import hit
from maillage.core.viewer import RoleKind
from maillage.networks import actions as network_actions
from maillage.networks import rules as network_rules
from maillage.networks.kit import NewNetworkForm
from maillage.networks.queries import departments_of


@allowed(rules.may_manage_people)
def list_people(request: HttpRequest) -> HttpResponse:
    filters = PeopleFilterForm(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {"q": "", "role": ""}
    people = queries.people_of(request.viewer, words=chosen.get("q", ""), kind=chosen.get("role", ""))
    page = paginate(people, request.GET, per_page=50)
    context = {
        "filters": filters,
        "page": page,
        "links": page_links(page, request.GET),
        "waiting": Invitation.objects.visible_to(request.viewer).open().count(),
    }
    return render(request, "accounts/people.html", context)


@allowed(rules.may_manage_people)
def show_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(queries.people_of(request.viewer), pk=pk)
    return _person_page(request, person, RoleForm(viewer=request.viewer))


def _person_page(request: HttpRequest, person: User, form: RoleForm, status: int = 200) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "departments": {place.code: place.name for place in departments_of(request.viewer.network)},
        "may_invite_to_merge": rules.may_invite_to_merge(request.viewer, person),
        "panels": person_panels.panels(request.viewer, person),
    }
    return render(request, "accounts/person.html", context, status=status)


@allowed(rules.may_manage_people)
@require_POST
def grant_role(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(queries.people_of(request.viewer), pk=pk)
    form = RoleForm(request.POST, viewer=request.viewer)
    if not form.is_valid():
        return _person_page(request, person, form, status=422)
    actions.grant_role(by=request.viewer, user=person, **form.cleaned_data)
    messages.success(request, _("Le rôle est donné à %(person)s.") % {"person": person})
    return redirect("people:person_detail", pk=person.pk)


@allowed(rules.may_manage_people)
@require_POST
def revoke_role(request: HttpRequest, pk: int) -> HttpResponse:
    held = Role.objects.visible_to(request.viewer).held().select_related("user")
    role = get_object_or_404(held, pk=pk)
    try:
        actions.revoke_role(by=request.viewer, role=role)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request, _("Le rôle est retiré à %(person)s ; ses sessions sont fermées.") % {"person": role.user}
        )
    if queries.people_of(request.viewer).filter(pk=role.user_id).exists():
        return redirect("people:person_detail", pk=role.user_id)
    return redirect("people:person_list")


@allowed(rules.may_manage_people)
@require_POST
def invite_to_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Once a day for a person, whoever administers."""
    person = get_object_or_404(queries.people_of(request.viewer), pk=pk)
    rules.may_invite_to_merge(request.viewer, person).require()
    if queries.objecting_among(request.viewer, [person.email]):
        messages.error(request, _("Cette personne ne veut pas de message qu'elle n'a pas demandé : appelez-la."))
    elif hit("merge_suggested", f"{request.viewer.network_id}:{person.pk}", limit=1, seconds=86400):
        messages.error(request, _("Un message est déjà parti à cette personne aujourd'hui."))
    else:
        actions.invite_to_merge(by=request.viewer, user=person)
        messages.success(request, _("Le message est parti ; rien ne change tant que la personne n'a rien fait."))
    return redirect("people:person_detail", pk=person.pk)


@allowed(rules.may_manage_people)
def list_absences(request: HttpRequest) -> HttpResponse:
    """What the coming nights will do to the accounts that nobody opens, before anything is done."""
    found = queries.absences(request.viewer.network)
    rows = [(absent, rules.why_kept(absent.user) if absent.administers else "") for absent in found]
    page = paginate(rows, request.GET, per_page=50)
    context = {
        "page": page,
        "links": page_links(page, request.GET),
        "months": request.viewer.network.setting(ABSENCE.name),
    }
    return render(request, "accounts/absences.html", context)


@allowed(rules.may_manage_people)
@once
def invite_people(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        try:
            sent = actions.invite(by=request.viewer, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            count = len(sent)
            messages.success(request, ngettext("%d invitation envoyée.", "%d invitations envoyées.", count) % count)
            return redirect("people:invitation_list")
    return render(request, "accounts/invite.html", {"form": form}, status=422 if form.errors else 200)


@allowed(rules.may_manage_people)
def list_invitations(request: HttpRequest) -> HttpResponse:
    invitations = Invitation.objects.visible_to(request.viewer).select_related("invited_by", "accepted_by")
    page = paginate(invitations, request.GET, per_page=50)
    return render(request, "accounts/invitations.html", {"page": page, "links": page_links(page, request.GET)})


@allowed(rules.may_manage_people)
@require_POST
def resend_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.viewer), pk=pk)
    try:
        actions.resend_invitation(by=request.viewer, invitation=invitation)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("L'invitation est repartie avec un nouveau lien ; l'ancien ne marche plus."))
    return redirect("people:invitation_list")


@allowed(rules.may_manage_people)
@require_POST
def cancel_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.viewer), pk=pk)
    actions.cancel_invitation(by=request.viewer, invitation=invitation)
    messages.success(request, _("L'invitation est annulée : son lien ne marche plus."))
    return redirect("people:invitation_list")


@allowed(network_rules.may_create)
@once
def create_network(request: HttpRequest) -> HttpResponse:
    """A network and the invitation of its first administrator, together."""
    form = NewNetworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.require_willing(by=request.viewer, emails=[values["admin_email"]])
        except Refused as refusal:
            form.add_error("admin_email", refusal.sentence)
        else:
            with transaction.atomic():
                network = network_actions.create_network(
                    by=request.viewer, name=values["name"], host=values["host"], perimeter=values["perimeter"]
                )
                by = request.viewer.in_network(network)
                actions.invite(by=by, emails=[values["admin_email"]], kind=RoleKind.NETWORK_ADMIN)
            messages.success(request, _("Le réseau est créé ; son administration est invitée."))
            return redirect("networks:network_list")
    return render(request, "accounts/network_create.html", {"form": form}, status=422 if form.errors else 200)
