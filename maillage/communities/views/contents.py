"""What a community holds: placed from the page of the content, put first, taken away."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from maillage.communities import actions, rules
from maillage.communities.forms import AddressForm, PlaceForm
from maillage.communities.queries import reading
from maillage.communities.views.asked import community_of
from maillage.core.doors import signed_in
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.requests import Request

KINDS = {"evenement": "event", "texte": "publication", "acteur": "actor"}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def place(request: Request, kind: str, pk: int) -> HttpResponse:
    """« Placer dans une communauté », among those of the viewer that do not hold it."""
    viewer, name = request.viewer, KINDS[kind]
    thing = reading.thing_at(viewer, name, pk)
    if thing is None:
        raise Http404
    communities = reading.open_to_placing(viewer, name, pk)
    form = PlaceForm(request.POST if request.method == "POST" else None, communities=communities)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            community = form.communities[form.cleaned_data["community"]]
            words = form.cleaned_data["words"]
            try:
                actions.place(by=viewer, community=community, words=words, **{name: thing})
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("C'est dans « %(name)s ».") % {"name": community.name})
                return redirect(community)
    context = {"thing": thing, "form": form, "communities": communities}
    return render(request, "communities/public/place.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def place_here(request: Request, slug: str) -> HttpResponse:
    """From the page of the community, by the address of what is placed."""
    viewer, community = request.viewer, community_of(request, slug)
    rules.may_place(viewer, community).require()
    form = AddressForm(request.POST if request.method == "POST" else None, viewer=viewer, host=request.get_host())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                placement = actions.place(by=viewer, community=community, words=given["words"], **given["address"])
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("« %(title)s » est dans la communauté.") % {"title": placement})
                return redirect(community)
    return render(request, "communities/public/place_here.html", {"community": community, "form": form}, status=status)


@signed_in
@require_POST
def change(request: Request, slug: str, pk: int) -> HttpResponse:
    community = community_of(request, slug)
    placement = reading.placement_at(community, pk)
    act = request.POST.get("acte", "")
    if placement is None or act not in ("tete", "rang", "retirer"):
        raise Http404
    if act == "retirer":
        actions.unplace(by=request.viewer, placement=placement)
        messages.success(request, _("Ce contenu n'est plus dans la communauté."))
    else:
        actions.put_first(by=request.viewer, placement=placement, first=act == "tete")
        messages.success(request, _("C'est en tête.") if act == "tete" else _("Ce n'est plus en tête."))
    return redirect(community)
