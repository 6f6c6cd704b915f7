"""The running order of an episode: what it is made of, in order, and the words of each item."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from maillage.agenda.models import Event
from maillage.core.errors import Conflict, Refused
from maillage.core.once import once
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.queries import departments_of, vocabularies
from maillage.publications.models import Publication
from maillage.radio import rules
from maillage.radio.actions import (
    add_free_item,
    add_heard,
    add_items,
    edit_item,
    move_item,
    remove_heard,
    remove_item,
)
from maillage.radio.enums import NEXT
from maillage.radio.forms.episodes import FreeItemForm, HeardForm, ItemForm, WordsForm
from maillage.radio.models import Episode
from maillage.radio.queries.candidates import asked_of, candidates, dates_of
from maillage.radio.queries.fields import item_fields
from maillage.radio.queries.order import order_of
from maillage.radio.views.asked import episode_of, item_of, team_page
from maillage.radio.views.episodes import kept
from maillage.topics.enums import Vocabulary


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def compose(request: Request, pk: int) -> HttpResponse:
    """The episode at work: its order, its length, what comes next. Items move and leave by buttons."""
    viewer, episode = request.viewer, episode_of(request, pk)
    act = request.POST.get("acte", "")
    form = FreeItemForm(request.POST if act == "ajouter" else None)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if act == "ajouter" and form.is_valid():
                item = add_free_item(by=viewer, episode=episode, **form.cleaned_data)
                messages.success(request, _("« %s » est dans le conducteur.") % item.title)
                return redirect(f"{request.path}#sequence-{item.pk}")
            if act in ("monter", "descendre", "retirer"):
                item = item_of(request, episode, whole_number(request.POST.get("element", "")))
                if act == "retirer":
                    remove_item(by=viewer, item=item)
                    messages.success(request, _("« %s » n'est plus dans le conducteur.") % item.title)
                    return redirect(f"{request.path}#conducteur")
                move_item(by=viewer, item=item, up=act == "monter")
                return redirect(f"{request.path}#sequence-{item.pk}")
        except Refused as refusal:
            form.add_error(None, refusal.sentence) if form.is_bound else messages.error(request, refusal.sentence)
            status = refusal.status
    return _order_page(request, episode, form, status)


def _order_page(
    request: Request, episode: Episode, form: FreeItemForm, status: int = 200, told: dict[int, WordsForm] | None = None
) -> HttpResponse:
    """`told`: forms of words that were not saved, by the key of their item."""
    viewer, order = request.viewer, order_of(episode)
    context = {
        "episode": episode,
        "order": order,
        "rows": [(line, (told or {}).get(line.item.pk) or WordsForm(item=line.item)) for line in order.lines],
        "conflict": bool(told),
        "form": form,
        "may_compose": rules.may_compose(viewer, episode),
        "may_delete": bool(rules.may_delete(viewer, episode)),
        "steps": [(state, state.label, rules.may_become(viewer, episode, state)) for state in NEXT[episode.state]],
    }
    return render(request, "radio/work/episode.html", context, status=status)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
@once
def choose(request: Request, pk: int) -> HttpResponse:
    """What the period offers, ticked all at once; each becomes an item with a first draft of its words."""
    viewer, episode = request.viewer, episode_of(request, pk)
    asked = asked_of(request.POST if request.method == "POST" else request.GET, request.network, episode)
    status = 200
    if request.method == "POST":
        try:
            made = add_items(by=viewer, episode=episode, **_ticked(request, asked.period))
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            status = refusal.status
        else:
            if made:
                said = _("%d séquences ajoutées : leurs lancements sont à relire.") % len(made)
                messages.success(
                    request, said if len(made) > 1 else _("« %s » est dans le conducteur.") % made[0].title
                )
                return redirect("radio:episode_work", pk)
            messages.error(request, _("Cochez au moins un événement, un acteur ou un texte."))
            status = 422
    words = vocabularies(request.network)
    context = {
        "episode": episode,
        "asked": asked,
        "found": candidates(viewer, episode, asked),
        "departments": departments_of(request.network),
        "themes": words[Vocabulary.THEME],
        "may_compose": rules.may_compose(viewer, episode),
    }
    return render(request, "radio/work/candidates.html", context, status=status)


def _ticked(request: Request, period: Any) -> dict[str, Any]:
    """The objects whose keys were sent, in the order of the page; those that everyone may read alone."""
    anyone = Viewer(network=request.network)

    def of(name: str, rows: Any) -> list[Any]:
        keys = [key for key in map(whole_number, request.POST.getlist(name)[:200]) if key]
        found = {row.pk: row for row in rows.filter(pk__in=keys)}
        return [found[key] for key in dict.fromkeys(keys) if key in found]

    events = of("evenement", Event.objects.told_in(request.network).select_related("commune__department", "venue"))
    return {
        "events": events,
        "timings": dates_of(events, period),
        "actors": of("acteur", Actor.objects.visible_to(anyone).current().select_related("commune__department")),
        "publications": of("texte", Publication.objects.told_in(request.network)),
    }


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: Request, pk: int, item: int) -> HttpResponse:
    """One item whole. With the header `X-Autosave` the answer is JSON."""
    viewer, episode = request.viewer, episode_of(request, pk)
    found = item_of(request, episode, item)
    act = request.POST.get("acte", "")
    if request.method == "POST" and act in ("entendre", "ne-plus-entendre"):
        return _hear(request, episode, found, act)
    form = ItemForm(request.POST if request.method == "POST" else None, item=found, viewer=viewer)
    quiet = request.method == "POST" and request.headers.get("X-Autosave") == "1"
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                edit_item(by=viewer, item=found, fields=form.changed(), seen=form.seen)
                if quiet:
                    return kept(ItemForm(item=item_of(request, episode, item), viewer=viewer).vu)
                messages.success(request, _("« %s » est enregistré.") % form.cleaned_data["title"])
                return redirect(_order_url(episode, found.pk))
            except Conflict as conflict:
                status = 409
                if quiet:
                    return JsonResponse({"sentence": conflict.sentence}, status=409)
                form.tell(item_fields(item_of(request, episode, item)))
            except (Refused, ValidationError) as refusal:
                form.add_error(None, getattr(refusal, "sentence", refusal))
                status = getattr(refusal, "status", 422)
        if quiet:
            return JsonResponse({"sentence": _("Pas enregistré : un champ est à corriger.")}, status=status)
    return _item_page(request, episode, found, status, form)


def _item_page(
    request: Request, episode: Episode, found: Any, status: int, form: ItemForm, heard_form: HeardForm | None = None
) -> HttpResponse:
    order = order_of(episode)
    context = {
        "episode": episode,
        "item": found,
        "line": next(line for line in order.lines if line.item.pk == found.pk),
        "form": form,
        "heard_form": heard_form or HeardForm(viewer=request.viewer),
        "heard": [each.actor for each in found.heard.select_related("actor")],
        "conflict": status == 409,
    }
    return render(request, "radio/work/item.html", context, status=status)


def _hear(request: Request, episode: Episode, found: Any, act: str) -> HttpResponse:
    viewer = request.viewer
    here = redirect("radio:item", episode.pk, found.pk)
    if act == "ne-plus-entendre":
        key = whole_number(request.POST.get("acteur", ""))
        each = found.heard.select_related("actor").filter(actor=key).first() if key else None
        if each is not None:
            remove_heard(by=viewer, item=found, actor=each.actor)
            messages.success(request, _("« %s » n'est plus compté dans cette séquence.") % each.actor.name)
        return here
    form = HeardForm(request.POST, viewer=viewer)
    if form.is_valid() and form.cleaned_data["actor"] is not None:
        add_heard(by=viewer, item=found, actor=form.cleaned_data["actor"])
        messages.success(request, _("« %s » est compté dans cette séquence.") % form.cleaned_data["actor"].name)
        return here
    return _item_page(request, episode, found, 422, ItemForm(item=found, viewer=viewer), form)


@team_page
@require_POST
def words(request: Request, pk: int, item: int) -> HttpResponse:
    """The words of an item, from the running order."""
    episode = episode_of(request, pk)
    found = item_of(request, episode, item)
    form = WordsForm(request.POST, item=found)
    quiet = request.headers.get("X-Autosave") == "1"
    if not form.is_valid():
        if quiet:
            return JsonResponse({"sentence": _("Pas enregistré : ce lancement est trop long.")}, status=422)
        messages.error(request, _("Ce lancement est trop long : 12 000 signes au plus."))
        return redirect(_order_url(episode, found.pk))
    try:
        edit_item(by=request.viewer, item=found, fields=form.changed(), seen=form.seen)
    except Conflict as conflict:
        if quiet:
            return JsonResponse({"sentence": conflict.sentence}, status=409)
        form.tell({"words": item_of(request, episode, item).words})
        return _order_page(request, episode, FreeItemForm(), 409, {found.pk: form})
    except Refused as refusal:
        if quiet:
            return JsonResponse({"sentence": refusal.sentence}, status=refusal.status)
        messages.error(request, refusal.sentence)
        return redirect(_order_url(episode, found.pk))
    if quiet:
        return kept(WordsForm(item=item_of(request, episode, item)).vu)
    messages.success(request, _("Le lancement de « %s » est enregistré.") % found.title)
    return redirect(_order_url(episode, found.pk))


def _order_url(episode: Episode, key: int) -> str:
    return f"{reverse('radio:episode_work', args=[episode.pk])}#sequence-{key}"
