"""The contact log: noting, reading, correcting; the history of a relation; who went silent."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.directory.enums import Circle
from maillage.directory.registry.dealings import Dealing, DealingKind, dealing_kinds
from maillage.exchange.kit import export_response
from maillage.networks.queries import departments_of, terms_of
from maillage.outreach import rules
from maillage.outreach.actions import contacts as actions
from maillage.outreach.enums import Channel
from maillage.outreach.forms.contacts import ContactForm
from maillage.outreach.models import Contact
from maillage.outreach.queries import contacts as queries
from maillage.outreach.views.team import actor_of, asked_actor, asked_official, asked_return, say_done, team_page
from maillage.topics.enums import Vocabulary

_PER_PAGE = 30
_LINES = 30
_EXPORTED = 10_000


@team_page
@require_safe
def list_contacts(request: Request) -> HttpResponse:
    asked = queries.filters_of(request.GET)
    found = queries.contacts(request.viewer, asked)
    context = {
        "page": paginate(found, request.GET, per_page=_PER_PAGE),
        "asked": asked,
        "tallies": queries.by_mission(request.viewer, found),
        "missions": terms_of(request.network, Vocabulary.MISSION),
        "channels": Channel.choices,
        "today": timezone.localdate(),
        "is_filtered": asked != queries.ContactFilters(),
        "query": with_params(request.GET, page=None),
    }
    return render(request, "outreach/contacts/list.html", context)


@team_page
@require_safe
def export_contacts(request: Request, kind: str) -> HttpResponse:
    """The list as it is filtered, at most ten thousand lines: the words of the team, for the team."""
    found = queries.contacts(request.viewer, queries.filters_of(request.GET))
    columns = [
        _("date"), _("moyen"), _("acteurs"), _("élus"), _("personne jointe"), _("à propos de"), _("mission"), _("minutes"), _("suite"),
        _("pour le"), _("faite le"), _("notée par"),
    ]  # fmt: skip
    rows = (
        (
            contact.on,
            contact.get_channel_display(),
            ", ".join(actor.name for actor in contact.actors.all()),
            ", ".join(map(str, contact.officials.all())),
            contact.person,
            contact.about,
            contact.mission.label if contact.mission else "",
            contact.minutes,
            contact.next_step,
            contact.next_on,
            contact.next_done_at and timezone.localdate(contact.next_done_at),
            str(contact.author or ""),
        )
        for contact in found[:_EXPORTED]
    )
    return export_response(kind, columns=columns, rows=rows, filename="contacts")


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def log_contact(request: Request) -> HttpResponse:
    """Two fields suffice; the actor, or the elected official, comes with the address from its sheet."""
    viewer = request.viewer
    actor = asked_actor(request)
    initial: dict[str, Any] = {"actor": actor}
    if (official := asked_official(request)) is not None:
        initial |= {"official": official, "channel": Channel.MEETING}
    form = ContactForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=initial)
    if actor is not None:
        form.fields["about"].widget.attrs["autofocus"] = True
    elif official is None and not form.is_bound:
        form.fields["actor"].widget.attrs["autofocus"] = True
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                contact = actions.log_contact(
                    by=viewer,
                    actors=form.actors(),
                    officials=form.chosen_officials(),
                    promise=form.promise(),
                    **form.values(),
                )
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Le contact est noté."))
                return redirect("directory:actor_work", actor.pk) if actor is not None else redirect(contact)
    context = {"form": form, "contact": None, "actor": actor}
    return render(request, "outreach/contacts/form.html", context, status=status)


def _contact(request: Request, pk: int) -> Contact:
    visible = Contact.objects.visible_to(request.viewer).select_related("author", "next_for", "mission")
    with_whom = ("actors__commune__department", "actors__family", "officials__mandates__territory__department")
    return get_object_or_404(visible.prefetch_related(*with_whom, "promises__official"), pk=pk)


@team_page
@require_safe
def show_contact(request: Request, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    context = {
        "contact": contact,
        "may_change": rules.may_change_contact(request.viewer, contact),
        "may_finish": rules.may_finish_step(request.viewer, contact),
        "is_late": contact.is_late(timezone.localdate()),
        "today": timezone.localdate(),
    }
    return render(request, "outreach/contacts/show.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_contact(request: Request, pk: int) -> HttpResponse:
    contact, viewer = _contact(request, pk), request.viewer
    rules.may_change_contact(viewer, contact).require()
    form = ContactForm(request.POST if request.method == "POST" else None, viewer=viewer, contact=contact)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.change_contact(
                    by=viewer,
                    contact=contact,
                    actors=form.actors(),
                    officials=form.chosen_officials(),
                    **form.values(),
                )
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("Le contact est corrigé."))
                return redirect("outreach:contact_show", pk)
    return render(
        request, "outreach/contacts/form.html", {"form": form, "contact": contact, "actor": None}, status=status
    )


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def remove_contact(request: Request, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    rules.may_change_contact(request.viewer, contact).require()
    if request.method != "POST":
        return render(request, "outreach/contacts/remove.html", {"contact": contact})
    actions.remove_contact(by=request.viewer, contact=contact)
    messages.success(request, _("Le contact est supprimé."))
    return redirect("outreach:contact_list")


@team_page
@require_POST
def finish_step(request: Request, pk: int) -> HttpResponse:
    """Done, or to be done again (`encore`); back to where the button was."""
    contact = _contact(request, pk)
    done = not request.POST.get("encore")
    actions.finish_step(by=request.viewer, contact=contact, done=done)
    back = asked_return(request)
    if done and back:
        undo = reverse("outreach:contact_step", args=[pk])
        say_done(request, _("La suite est donnée."), undo=undo, encore="1", retour=back)
    else:
        messages.success(request, _("La suite est donnée.") if done else _("La suite est de nouveau à donner."))
    return redirect(back or contact)


@team_page
@require_safe
def show_relation(request: Request, pk: int) -> HttpResponse:
    """All that the network did with an actor, whatever feature it comes from, newest first."""
    actor, viewer = actor_of(request, pk), request.viewer
    kinds = dealing_kinds()
    chosen = [kind for kind in kinds if request.GET.get("nature", kind.name) == kind.name] or kinds
    before = _moment(request.GET.get("avant", ""))
    lines = sorted(_lines(request, actor, chosen, before), key=lambda pair: pair[1].at, reverse=True)
    shown = lines[:_LINES]
    while len(lines) > len(shown) and lines[len(shown)][1].at == shown[-1][1].at:
        shown.append(lines[len(shown)])  # The next page begins strictly before: lines of one moment stay together.
    context = {
        "actor": actor,
        "lines": shown,
        "kinds": [(kind, with_params(request.GET, nature=kind.name, avant=None), chosen == [kind]) for kind in kinds],
        "all_kinds": (with_params(request.GET, nature=None, avant=None), len(chosen) == len(kinds)),
        "older": with_params(request.GET, avant=shown[-1][1].at.isoformat()) if len(lines) > _LINES else "",
        "newer": with_params(request.GET, avant=None) if before else "",
        "last": queries.last_contact(viewer, actor),
        "may_follow": rules.may_follow(viewer, actor),
    }
    return render(request, "outreach/contacts/relation.html", context)


def _lines(
    request: Request, actor: Any, kinds: list[DealingKind], before: datetime | None
) -> list[tuple[DealingKind, Dealing]]:
    return [(kind, line) for kind in kinds for line in kind.lines(request.viewer, actor, before, _LINES + 1)]


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    is_moment = timezone.is_aware(at) and 1900 < at.year < 9000  # Beyond, no time zone can be told.
    return at if is_moment else None


@team_page
@require_safe
def list_silent(request: Request) -> HttpResponse:
    """Who has not been heard of for a while, the longest first; or who was never spoken to (`qui=jamais`)."""
    viewer = request.viewer
    asked = request.GET
    never = asked.get("qui") == "jamais"
    after = whole_number(asked.get("mois", "")) or 0
    since = after if 0 < after < 1000 else queries.silent_after(viewer)
    families = terms_of(request.network, Vocabulary.FAMILY)
    family = next((term for term in families if term.slug == asked.get("famille")), None)
    places = departments_of(request.network)
    place = next((each.code for each in places if each.code == asked.get("departement")), "")
    circle = int(asked["cercle"]) if asked.get("cercle") in {"1", "2", "3"} else None
    found = queries.silent(
        viewer,
        since=since,
        never=never,
        circle=circle,
        family=family.pk if family else None,
        department=place,
    )
    context = {
        "page": paginate(found, asked, per_page=50),
        "since": since,
        "never": never,
        "spoken": not never,
        "silent_url": with_params(asked, qui=None, page=None),
        "never_url": with_params(asked, qui="jamais", page=None),
        "families": families,
        "family": family,
        "departments": places,
        "place": place,
        "circles": Circle.choices,
        "circle": circle,
    }
    return render(request, "outreach/contacts/silent.html", context)
