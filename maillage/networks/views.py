"""The set-up of a network, for its administrators; the networks of the instance, for the platform's."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.doors import allowed
from maillage.core.errors import Conflict, Refused
from maillage.core.once import once
from maillage.core.seen import Seen
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
    TermsForm,
)
from maillage.networks.models import ConsortiumMember, Network
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

configures = allowed(rules.may_configure)


def _shared_page(
    request: HttpRequest, form: Any, *, save: Callable[..., Any], held: Callable[[], Mapping[str, Any]],
    template: str, done: str, to: Any, **context: Any,
) -> HttpResponse:  # fmt: skip
    """A form that several people may have open: what was changed is saved, or the page comes back as asked for, wrong, or
    with what someone else wrote meanwhile (`held` reads it)."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if values := form.changed():
                    save(values=values, seen=form.seen)
            except Conflict as conflict:
                form.tell(held())
                form.add_error(None, conflict.sentence)
                status = 409
            else:
                messages.success(request, done)
                return redirect(to)
    return render(request, f"networks/{template}.html", {"form": form, **context}, status=status)


def _fresh(request: HttpRequest) -> Network:
    """The network as it is stored: a form writes what was typed into its instance, valid or not."""
    return get_object_or_404(Network.objects.visible_to(request.viewer), pk=request.viewer.network_id)


@configures
def edit_identity(request: HttpRequest) -> HttpResponse:
    network = _fresh(request)
    form = NetworkForm(request.POST or None, instance=network)
    save = partial(actions.save_network, by=request.viewer, network=network)
    done = _("L'identité du réseau est enregistrée.")
    return _shared_page(
        request, form, save=save, held=lambda: NetworkForm(instance=_fresh(request)).held, template="identity",
        done=done, to="networks:settings", logo_form=LogoForm(),
    )  # fmt: skip


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
    context = {"form": NetworkForm(instance=_fresh(request)), "logo_form": form}
    return render(request, "networks/identity.html", context, status=422)


@configures
def edit_settings(request: HttpRequest) -> HttpResponse:
    network = _fresh(request)
    form = SettingsForm(request.POST or None, network=network)
    save = partial(actions.save_settings, by=request.viewer, network=network)
    done = _("Les réglages sont enregistrés.")
    return _shared_page(
        request, form, save=save, held=lambda: queries.settings_of(_fresh(request)), template="values", done=done,
        to="networks:values",
    )  # fmt: skip


@configures
def edit_perimeter(request: HttpRequest) -> HttpResponse:
    def held() -> dict[str, Any]:
        return {"perimeter": list(request.network.perimeter.order_by("kind", "name"))}

    def save(*, values: Mapping[str, Any], seen: Seen) -> None:
        territories = values["perimeter"]
        actions.set_perimeter(by=request.viewer, network=request.network, territories=territories, seen=seen)

    form = PerimeterForm(request.POST or None, held=held())
    done = _("Le périmètre est enregistré.")
    return _shared_page(request, form, save=save, held=held, template="perimeter", done=done, to="networks:perimeter")


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

    def held() -> dict[str, Any]:
        return {"body": queries.legal_text(request.network, wanted)}

    def save(*, values: Mapping[str, Any], seen: Seen) -> None:
        actions.save_legal_text(by=request.viewer, network=request.network, kind=kind, body=values["body"], seen=seen)

    form = LegalTextForm(request.POST or None, held=held())
    done = _("Le texte est enregistré.")
    return _shared_page(
        request, form, save=save, held=held, template="legal_text", done=done, to=request.path, kind=wanted
    )


@configures
def list_vocabularies(request: HttpRequest) -> HttpResponse:
    rows = [(vocabulary, len(queries.terms_of(request.network, vocabulary))) for vocabulary in Vocabulary]
    return render(request, "networks/vocabularies.html", {"rows": rows})


@configures
def edit_vocabulary(request: HttpRequest, vocabulary: str) -> HttpResponse:
    """One page: each term with its name, hidden or not, moved up or down; a new one at the foot."""
    if vocabulary not in Vocabulary.values:
        raise Http404
    network, uses = request.network, queries.term_uses(request.network, vocabulary)
    adding = "add" in request.POST
    new = TermForm(request.POST if adding else None)
    context = {"add_form": new, "vocabulary": Vocabulary(vocabulary)}
    if adding:
        if not new.is_valid():
            return render(request, "networks/vocabulary.html", context | {"form": TermsForm(uses=uses)}, status=422)
        actions.add_term(by=request.viewer, network=network, vocabulary=vocabulary, **new.cleaned_data)
        messages.success(request, _("Le terme est ajouté."))
        return redirect(request.path)
    if _moved(request, [use.term for use in uses]):
        return redirect(request.path)
    form = TermsForm(request.POST or None, uses=uses)
    save = partial(actions.set_terms, by=request.viewer, network=network, vocabulary=vocabulary)
    done = _("Le vocabulaire est enregistré.")
    return _shared_page(
        request, form, save=save, held=lambda: queries.held_terms(queries.term_uses(network, vocabulary)),
        template="vocabulary", done=done, to=request.path, **context,
    )  # fmt: skip


def _moved(request: HttpRequest, ordered: list[Term]) -> bool:
    """Move the term whose arrow was pressed; whether there was one."""
    for move, step in (("up", -1), ("down", 1)):
        chosen = request.POST.get(move, "")
        place = next((index for index, term in enumerate(ordered) if str(term.pk) == chosen), None)
        if place is not None:
            target = min(max(place + step, 0), len(ordered) - 1)
            ordered.insert(target, ordered.pop(place))
            actions.order_terms(by=request.viewer, network=request.network, terms=ordered)
            return True
    return False


@configures
def list_consortium(request: HttpRequest) -> HttpResponse:
    members = ConsortiumMember.objects.visible_to(request.viewer).prefetch_related("territories")
    return render(request, "networks/consortium.html", {"members": members})


@configures
@once
def edit_consortium_member(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    def held() -> dict[str, Any]:
        return queries.consortium_values(get_object_or_404(mine, pk=pk))

    mine = ConsortiumMember.objects.visible_to(request.viewer)
    member = get_object_or_404(mine, pk=pk) if pk is not None else None
    form = ConsortiumForm(request.POST or None, instance=member)
    save = partial(actions.save_consortium_member, by=request.viewer, network=request.network, member=member)
    done = _("Le consortium est enregistré.")
    return _shared_page(
        request, form, save=save, held=held, template="consortium_member", done=done, to="networks:consortium"
    )


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

    def fresh() -> Network:
        return get_object_or_404(Network.objects.visible_to(request.viewer), pk=pk)

    network = fresh()
    form = PlatformForm(request.POST or None, instance=network)
    save = partial(actions.save_network, by=request.viewer.in_network(network), network=network)
    done = _("Le réseau est enregistré.")
    return _shared_page(
        request, form, save=save, held=lambda: PlatformForm(instance=fresh()).held, template="platform", done=done,
        to="networks:network_list", edited=fresh(),
    )  # fmt: skip
