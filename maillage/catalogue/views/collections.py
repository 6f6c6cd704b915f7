"""Collections: the list, the page of one, composing them."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.catalogue import actions, rules
from maillage.catalogue.forms.acts import AddressForm, CollectionForm
from maillage.catalogue.models import Collection, Resource
from maillage.catalogue.queries import reaching
from maillage.catalogue.queries.gathering import items_of, own_collections, rows_of
from maillage.catalogue.registry import COLLECTION
from maillage.catalogue.views.asked import done, filled
from maillage.core.doors import network_of, signed_in
from maillage.core.errors import Refused
from maillage.core.mail import absolute_url
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.core.throttle import hit, too_many
from maillage.core.viewer import Viewer
from maillage.moderation.queries import page_about

_GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def list_collections(request: HttpRequest) -> HttpResponse:
    network = network_of(request)
    found = rows_of(reaching.listed_collections(network))
    return render(request, "catalogue/public/collections.html", {"page": paginate(found, request.GET, per_page=48)})


@require_safe
def show_collection(request: HttpRequest, slug: str) -> HttpResponse:
    network, viewer = network_of(request), request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(Collection.objects.visible_to(viewer).select_related("author"), slug=slug)
    context = {
        "collection": found,
        "items": items_of(found),
        "canonical": absolute_url(network, found.get_absolute_url()),
        "may_edit": viewer.is_authenticated and bool(rules.may_edit_collection(viewer, found)),
    }
    return render(request, "catalogue/public/collection.html", context)


@signed_in
@require_safe
def list_own(request: Request) -> HttpResponse:
    rules.may_collect(request.viewer).require()
    found = rows_of(own_collections(request.viewer))
    return render(request, "catalogue/work/collections.html", {"page": paginate(found, request.GET, per_page=50)})


@signed_in
@require_http_methods(_GET_POST)
@once
def open_collection(request: Request) -> HttpResponse:
    """With `?avec=` the first resource is put in it."""
    rules.may_collect(request.viewer).require()
    may_list = rules.may_list_collection(request.viewer)
    key = whole_number(request.GET.get("avec", ""))
    first = Resource.objects.visible_to(request.viewer).shown().filter(pk=key).first() if key is not None else None
    form = CollectionForm(request.POST if request.method == "POST" else None, may_list=may_list)
    status, made = filled(
        request, form, lambda sent: actions.create_collection(by=request.viewer, fields=sent, first=first)
    )
    if status != 302:
        return render(request, "catalogue/work/collection_open.html", {"form": form, "first": first}, status=status)
    messages.success(request, _("La collection est ouverte."))
    return redirect("catalogue:collection_edit", made.pk)


def _shown_editors(viewer: Viewer, collection: Collection) -> Any:
    """Those who wrote it, and the viewer."""
    known = Q(accepted_at__isnull=False) | Q(user=viewer.user_id)
    return collection.editors.filter(known).select_related("user").order_by("pk")


def _collection(request: Request, pk: int) -> Collection:
    found = get_object_or_404(Collection.objects.visible_to(request.viewer).select_related("author"), pk=pk)
    rules.may_edit_collection(request.viewer, found).require()
    return found


@signed_in
@require_http_methods(_GET_POST)
def edit_collection(request: Request, pk: int) -> HttpResponse:
    found = _collection(request, pk)
    may_list = rules.may_list_collection(request.viewer)
    form = CollectionForm(request.POST if request.method == "POST" else None, may_list=may_list, collection=found)
    status, _made = filled(
        request, form, lambda sent: actions.edit_collection(by=request.viewer, collection=found, fields=sent)
    )
    if status == 302:
        messages.success(request, _("C'est enregistré."))
        return redirect("catalogue:collection_edit", pk)
    return _page(request, found, status, form=form)


def _page(request: Request, found: Collection, status: int, **forms: Any) -> HttpResponse:
    may_list = rules.may_list_collection(request.viewer)
    context: dict[str, Any] = {
        "collection": found,
        "form": CollectionForm(may_list=may_list, collection=found),
        "address_form": AddressForm(viewer=request.viewer),
        "items": items_of(found),
        "editors": list(_shown_editors(request.viewer, found)),
        "may_own": bool(rules.may_own_collection(request.viewer, found)),
        "address": absolute_url(request.network, found.get_absolute_url()),
        "reports_url": page_about(request.viewer, COLLECTION, found),
        **forms,
    }
    return render(request, "catalogue/work/collection.html", context, status=status)


@signed_in
@require_POST
def arrange(request: Request, pk: int) -> HttpResponse:
    """The order typed (a number for each), the words, those taken out."""
    found = _collection(request, pk)
    rows, removed = [], []
    for item in found.items.all():
        if request.POST.get(f"retirer-{item.pk}") == "1":
            removed.append(item.pk)
        elif (note := request.POST.get(f"mot-{item.pk}")) is not None:  # Else added since the page was opened.
            rank = whole_number(request.POST.get(f"rang-{item.pk}", ""))
            rows.append((rank if rank is not None else 10_000, item.position, item.pk, note))
    ordered = [(key, note) for _rank, _position, key, note in sorted(rows)]
    act = lambda: actions.arrange_items(by=request.viewer, collection=found, items=ordered, removed=removed)  # noqa: E731
    return done(request, act, _("C'est enregistré."), "catalogue:collection_edit", pk)


@signed_in
@require_POST
def add_item(request: Request, pk: int) -> HttpResponse:
    """A resource named by its address on this site."""
    found = _collection(request, pk)
    form = AddressForm(request.POST, viewer=request.viewer)
    status, item = filled(
        request, form, lambda sent: actions.add_item(by=request.viewer, collection=found, resource=sent["adresse"])
    )
    if status != 302:
        return _page(request, found, status, address_form=form)
    messages.success(request, _("« %s » est dans la collection.") % item.title)
    return redirect("catalogue:collection_edit", pk)


@signed_in
@require_http_methods(_GET_POST)
def gather(request: Request, slug: str) -> HttpResponse:
    """From the page of a resource: into one of one's collections, or a new one."""
    resource = get_object_or_404(Resource.objects.visible_to(request.viewer).shown(), slug=slug)
    rules.may_collect(request.viewer).require()
    own = list(own_collections(request.viewer)[:100])
    if request.method == "POST":
        key = whole_number(request.POST.get("collection", ""))
        chosen = next((each for each in own if each.pk == key), None)
        if chosen is not None:
            try:
                actions.add_item(by=request.viewer, collection=chosen, resource=resource)
            except Refused as refusal:
                messages.error(request, refusal.sentence)
            else:
                messages.success(request, _("« %s » est dans la collection.") % resource.title)
            return redirect(chosen)
    context = {"resource": resource, "collections": own}
    return render(request, "catalogue/work/gather.html", context, status=422 if request.method == "POST" else 200)


@signed_in
@require_POST
def add_editor(request: Request, pk: int) -> HttpResponse:
    found = _collection(request, pk)
    if wait := hit("catalogue.editor", str(request.viewer.user_id), limit=20, seconds=3600):
        return too_many(request, wait)
    email = request.POST.get("email", "")[:254]
    act = lambda: actions.add_editor(by=request.viewer, collection=found, email=email)  # noqa: E731
    sentence = _(
        "Si cette adresse a un compte dans le réseau, la personne peut composer la collection ; elle est prévenue."
    )
    return done(request, act, sentence, "catalogue:collection_edit", pk)


@signed_in
@require_POST
def remove_editor(request: Request, pk: int) -> HttpResponse:
    editor = get_object_or_404(reaching.editors(request.viewer), pk=pk)
    mine = editor.user_id == request.viewer.user_id
    act = lambda: actions.remove_editor(by=request.viewer, editor=editor)  # noqa: E731
    if mine:
        return done(request, act, _("Vous ne composez plus cette collection."), "catalogue:own_collections")
    return done(request, act, _("C'est enregistré."), "catalogue:collection_edit", editor.collection_id)


@signed_in
@require_http_methods(_GET_POST)
def delete_collection(request: Request, pk: int) -> HttpResponse:
    found = _collection(request, pk)
    rules.may_own_collection(request.viewer, found).require()
    if request.method == "POST":
        actions.delete_collection(by=request.viewer, collection=found)
        messages.success(request, _("La collection est supprimée."))
        return redirect("catalogue:own_collections")
    return render(request, "catalogue/work/collection_delete.html", {"collection": found})
