"""The set-up of a network, for its administrators; the networks of the instance, for the platform's."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.doors import allowed
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.networks import actions, queries, rules
from maillage.networks.enums import LegalKind
from maillage.networks.forms import (
    ConsortiumForm,
    LegalTextForm,
    LogoForm,
    NetworkForm,
    PerimeterForm,
    PlatformForm,
    SettingsForm,
    TermForm,
)
from maillage.networks.models import ConsortiumMember, Network
from maillage.topics.enums import Vocabulary

configures = allowed(rules.may_configure)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *forms: Any) -> HttpResponse:
    wrong = any(form.is_bound and not form.is_valid() for form in forms)
    return render(request, f"networks/{template}.html", context, status=422 if wrong else 200)


def _fresh(request: HttpRequest) -> Network:
    """The network as it is stored: a form writes what was typed into its instance, valid or not."""
    return get_object_or_404(Network.objects.visible_to(request.viewer), pk=request.viewer.network_id)


@configures
def edit_identity(request: HttpRequest) -> HttpResponse:
    network = _fresh(request)
    form = NetworkForm(request.POST or None, instance=network)
    if request.method == "POST" and form.is_valid():
        fresh = _fresh(request)
        actions.save_network(by=request.viewer, network=fresh, values=form.cleaned_data)
        messages.success(request, _("L'identité du réseau est enregistrée."))
        return redirect("networks:settings")
    return _page(request, "identity", {"form": form, "logo_form": LogoForm()}, form)


@configures
@require_POST
def edit_logo(request: HttpRequest) -> HttpResponse:
    form = LogoForm(request.POST, request.FILES)
    upload = None if "remove" in request.POST else request.FILES.get("logo")
    if upload is None and "remove" not in request.POST:
        form.add_error("logo", _("Choisissez un fichier."))
    else:
        try:
            actions.save_logo(by=request.viewer, network=request.network, upload=upload)
        except Refused as refusal:
            form.add_error("logo", refusal.sentence)
        else:
            messages.success(request, _("Le logo est enregistré.") if upload else _("Le logo est retiré."))
            return redirect("networks:settings")
    network = _fresh(request)
    context = {"form": NetworkForm(instance=network), "logo_form": form}
    return render(request, "networks/identity.html", context, status=422)


@configures
def edit_settings(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, network=request.network)
    if request.method == "POST" and form.is_valid():
        actions.save_settings(by=request.viewer, network=request.network, values=form.cleaned_data)
        messages.success(request, _("Les réglages sont enregistrés."))
        return redirect("networks:values")
    return _page(request, "values", {"form": form}, form)


@configures
def edit_perimeter(request: HttpRequest) -> HttpResponse:
    current = list(request.network.perimeter.order_by("kind", "name"))
    form = PerimeterForm(request.POST or None, initial={"perimeter": current})
    if request.method == "POST" and form.is_valid():
        actions.set_perimeter(by=request.viewer, network=request.network, territories=form.cleaned_data["perimeter"])
        messages.success(request, _("Le périmètre est enregistré."))
        return redirect("networks:perimeter")
    return _page(request, "perimeter", {"form": form, "territories": current}, form)


@configures
def list_legal_texts(request: HttpRequest) -> HttpResponse:
    own = {text.kind: text for text in request.network.legal_texts.all()}
    rows = [(kind, own.get(kind.value)) for kind in LegalKind]
    return render(request, "networks/legal_texts.html", {"rows": rows})


@configures
def edit_legal_text(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in LegalKind.values:
        raise Http404
    wanted = LegalKind(kind)
    form = LegalTextForm(request.POST or None, initial={"body": queries.legal_text(request.network, wanted)})
    if request.method == "POST" and form.is_valid():
        actions.save_legal_text(by=request.viewer, network=request.network, kind=kind, body=form.cleaned_data["body"])
        messages.success(request, _("Le texte est enregistré."))
        return redirect("networks:legal_text", kind=kind)
    return _page(request, "legal_text", {"form": form, "kind": wanted}, form)


@configures
def list_vocabularies(request: HttpRequest) -> HttpResponse:
    rows = [(vocabulary, len(queries.terms_of(request.network, vocabulary))) for vocabulary in Vocabulary]
    return render(request, "networks/vocabularies.html", {"rows": rows})


@configures
def edit_vocabulary(request: HttpRequest, vocabulary: str) -> HttpResponse:
    """One page: each term with its name, hidden or not, moved up or down; a new one at the foot."""
    if vocabulary not in Vocabulary.values:
        raise Http404
    form = TermForm(request.POST if "add" in request.POST else None)
    uses = queries.term_uses(request.network, vocabulary)
    if request.method == "POST":
        if "add" in request.POST:
            if form.is_valid():
                actions.add_term(by=request.viewer, network=request.network, vocabulary=vocabulary, **form.cleaned_data)
                messages.success(request, _("Le terme est ajouté."))
                return redirect("networks:vocabulary", vocabulary=vocabulary)
        else:
            _change_terms(request, uses)
            return redirect("networks:vocabulary", vocabulary=vocabulary)
    context = {"form": form, "uses": uses, "vocabulary": Vocabulary(vocabulary)}
    return _page(request, "vocabulary", context, form)


def _change_terms(request: HttpRequest, uses: list[queries.TermUse]) -> None:
    ordered = [use.term for use in uses]
    for move, step in (("up", -1), ("down", 1)):
        chosen = request.POST.get(move, "")
        place = next((index for index, term in enumerate(ordered) if str(term.pk) == chosen), None)
        if place is not None:
            target = min(max(place + step, 0), len(ordered) - 1)
            ordered.insert(target, ordered.pop(place))
            actions.order_terms(by=request.viewer, network=request.network, terms=ordered)
            return
    for use in uses:
        label = request.POST.get(f"label-{use.term.pk}")
        if label is None:
            continue
        hidden = f"hidden-{use.term.pk}" in request.POST
        label = label.strip()[:80] or use.term.label
        if label != use.label or hidden != use.is_hidden:
            actions.set_term(by=request.viewer, network=request.network, term=use.term, label=label, hidden=hidden)
    messages.success(request, _("Le vocabulaire est enregistré."))


@configures
def list_consortium(request: HttpRequest) -> HttpResponse:
    members = ConsortiumMember.objects.visible_to(request.viewer).prefetch_related("territories")
    return render(request, "networks/consortium.html", {"members": members})


@configures
@once
def edit_consortium_member(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    mine = ConsortiumMember.objects.visible_to(request.viewer)
    member = get_object_or_404(mine, pk=pk) if pk is not None else ConsortiumMember(network=request.network)
    form = ConsortiumForm(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid():
        actions.save_consortium_member(
            by=request.viewer,
            network=request.network,
            member=form.instance,
            territories=form.cleaned_data["territories_text"],
        )
        messages.success(request, _("Le consortium est enregistré."))
        return redirect("networks:consortium")
    return _page(request, "consortium_member", {"form": form, "member": member}, form)


@configures
@require_POST
def remove_consortium_member(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(ConsortiumMember.objects.visible_to(request.viewer), pk=pk)
    actions.remove_consortium_member(by=request.viewer, member=member)
    messages.success(request, _("L'association est retirée du consortium."))
    return redirect("networks:consortium")


@allowed(rules.may_create)
def list_networks(request: HttpRequest) -> HttpResponse:
    people = Count("roles__user", filter=Q(roles__revoked_at=None), distinct=True)
    networks = Network.objects.visible_to(request.viewer).annotate(people=people).order_by("name", "pk")
    return render(request, "networks/networks.html", {"networks": networks})


@allowed(rules.may_create)
def edit_platform_side(request: HttpRequest, pk: int) -> HttpResponse:
    """Host name and opening, from any network of the instance: the platform's administration acts in the network."""
    network = get_object_or_404(Network.objects.visible_to(request.viewer), pk=pk)
    form = PlatformForm(request.POST or None, instance=network)
    if request.method == "POST" and form.is_valid():
        fresh = get_object_or_404(Network.objects.visible_to(request.viewer), pk=pk)
        by = request.viewer.in_network(fresh)
        actions.save_network(by=by, network=fresh, values=form.cleaned_data)
        messages.success(request, _("Le réseau est enregistré."))
        return redirect("networks:network_list")
    return _page(request, "platform", {"form": form, "edited": network}, form)
