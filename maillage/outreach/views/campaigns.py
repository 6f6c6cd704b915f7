"""Campaigns for the team: written, previewed, tried, sent, followed; their results."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.charts import Chart, Row, bar_chart
from maillage.core.errors import Refused
from maillage.core.once import once
from maillage.core.pagination import paginate, with_params
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.core.throttle import throttled
from maillage.directory.models import Actor
from maillage.exchange.kit import export_response
from maillage.outreach import rules
from maillage.outreach.actions import campaigns, sending
from maillage.outreach.enums import CampaignAnswer
from maillage.outreach.forms.campaigns import CampaignForm
from maillage.outreach.models import Campaign, TargetList
from maillage.outreach.queries import campaigns as queries
from maillage.outreach.queries.campaign_letters import letter_for
from maillage.outreach.queries.recipients import members_of, recap
from maillage.outreach.validators import PLACEHOLDERS
from maillage.outreach.views.team import asked_actor, team_page

_PER_PAGE = 50
_EXPORTED = 10_000
_slow = throttled("outreach.trial", limit=30, seconds=3600, methods=("POST",))


@team_page
@require_safe
def list_campaigns(request: Request) -> HttpResponse:
    page = paginate(queries.campaigns_of(request.viewer), request.GET, per_page=_PER_PAGE)
    has_lists = TargetList.objects.visible_to(request.viewer).current().exists()
    return render(request, "outreach/campaigns/list.html", {"page": page, "has_lists": has_lists})


def _written(
    request: Request, form: CampaignForm, campaign: Campaign | None, save: Callable[..., Campaign]
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                written = save(by=request.viewer, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                messages.success(request, _("La campagne est enregistrée : relisez-la avant de l'envoyer."))
                return redirect("outreach:campaign_preview", written.pk)
    context = {
        "form": form,
        "campaign": campaign,
        "placeholders": [(f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items()],
    }
    return render(request, "outreach/campaigns/form.html", context, status=status)


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def write_campaign(request: Request) -> HttpResponse:
    key = request.GET.get("liste", "")
    initial = {"target_list": whole_number(key), "body": _opening()}
    form = CampaignForm(request.POST if request.method == "POST" else None, viewer=request.viewer, initial=initial)
    return _written(request, form, None, campaigns.write_campaign)


def _opening() -> str:
    """Something to start from. The name of an actor often lacks its article: who writes puts {acteur} where it reads well."""
    return _(
        "Bonjour,\n\n{pourquoi}\n\nNous préparons, près de {commune}, … (quoi, où, quel jour).\n\n"
        "Voudriez-vous y prendre part ?\n\n{contact}"
    )


def _campaign(request: Request, pk: int) -> Campaign:
    visible = Campaign.objects.visible_to(request.viewer)
    return get_object_or_404(visible.select_related("network", "target_list", "author"), pk=pk)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_campaign(request: Request, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    rules.may_change_campaign(request.viewer, campaign).require()
    form = CampaignForm(request.POST if request.method == "POST" else None, viewer=request.viewer, campaign=campaign)

    def save(**values: Any) -> Campaign:
        return campaigns.change_campaign(campaign=campaign, **values)

    return _written(request, form, campaign, save)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def remove_campaign(request: Request, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    rules.may_change_campaign(request.viewer, campaign).require()
    if request.method != "POST":
        return render(request, "outreach/campaigns/remove.html", {"campaign": campaign})
    campaigns.remove_campaign(by=request.viewer, campaign=campaign)
    messages.success(request, _("La campagne est jetée."))
    return redirect("outreach:campaign_list")


def _reader(request: Request, campaign: Campaign) -> Actor | None:
    """The actor through whose eyes the message is read: the one asked for, else the first of the list."""
    members = members_of(request.viewer, campaign.target_list)
    asked = asked_actor(request)
    if asked is not None and members.filter(pk=asked.pk).exists():
        return asked
    return members.exclude(email="").first() or members.first()


@team_page
@require_safe
def preview_campaign(request: Request, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    actor = _reader(request, campaign)
    context = {
        "campaign": campaign,
        "actor": actor,
        "letter": letter_for(campaign, actor) if actor is not None else None,
        "others": members_of(request.viewer, campaign.target_list)[:200],
        "may_change": rules.may_change_campaign(request.viewer, campaign),
    }
    return render(request, "outreach/campaigns/preview.html", context)


@team_page
@_slow
@require_POST
def try_campaign(request: Request, pk: int) -> HttpResponse:
    """To oneself, as the actor of the address would read it."""
    campaign = _campaign(request, pk)
    actor = _reader(request, campaign)
    if actor is None:
        messages.error(request, _("La liste est vide : ajoutez-y un acteur pour essayer."))
    else:
        campaigns.try_campaign(by=request.viewer, campaign=campaign, actor=actor)
        messages.success(request, _("Un essai part à %(email)s.") % {"email": request.viewer.user.email})
    return redirect("outreach:campaign_preview", pk)


@team_page
@once
@require_http_methods(["GET", "HEAD", "POST"])
def send_campaign(request: Request, pk: int) -> HttpResponse:
    """Who will receive it, who will not and why; then one button."""
    campaign, viewer = _campaign(request, pk), request.viewer
    rules.may_change_campaign(viewer, campaign).require()
    status = 200
    if request.method == "POST":
        try:
            sending.start_campaign(by=viewer, campaign=campaign, read=request.POST.get("lu", "") or "-")
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            status = refusal.status
        else:
            messages.success(request, _("La campagne part. Les réponses s'inscriront ici."))
            return redirect(campaign)
    found = recap(viewer, campaign.target_list)
    per_hour = int(viewer.network.setting("mails_per_hour"))
    context = {
        "campaign": campaign,
        "recap": found,
        "count": len(found.actors),
        "read": sending.print_of(campaign, found),
        "per_hour": per_hour,
        "hours": -(-len(found.actors) // per_hour),
    }
    return render(request, "outreach/campaigns/send.html", context, status=status)


@team_page
@require_safe
def show_campaign(request: Request, pk: int) -> HttpResponse:
    """How far it is, then what was answered."""
    campaign = _campaign(request, pk)
    if campaign.is_draft:
        return redirect("outreach:campaign_preview", pk)
    answer = request.GET.get("reponse", "")
    families, departments = queries.results_by_family(campaign), queries.results_by_department(campaign)
    kinds = [*CampaignAnswer.choices, ("aucune", _("sans réponse")), ("refusee", _("adresse refusée"))]
    context = {
        "campaign": campaign,
        "progress": queries.progress_of(campaign),
        "all": queries.results(campaign),
        "tables": [(_("Par famille"), _("Famille"), families), (_("Par département"), _("Département"), departments)],
        "chart": _chart(families) if families else None,
        "left_out": queries.left_out(campaign),
        "page": paginate(queries.answers_of(campaign, answer), request.GET, per_page=_PER_PAGE),
        "kinds": [(label, with_params(request.GET, reponse=kind, page=None), kind == answer) for kind, label in kinds],
        "all_kinds": (with_params(request.GET, reponse=None, page=None), answer not in dict(kinds)),
    }
    return render(request, "outreach/campaigns/show.html", context)


@team_page
@require_safe
def show_progress(request: Request, pk: int) -> HttpResponse:
    """Asked for every few seconds while messages leave; at the end the whole page is read again."""
    campaign = _campaign(request, pk)
    context = {"campaign": campaign, "progress": queries.progress_of(campaign)}
    response = render(request, "outreach/campaigns/_sending.html", context)
    if not campaign.is_sending:
        response["HX-Refresh"] = "true"
    return response


def _chart(families: list[queries.Results]) -> Chart:
    ranked = sorted(families, key=lambda each: (-(each.rate or 0), each.label))
    return bar_chart(
        [
            Row(each.label, each.rate or 0, shown=_("%(rate)s %% (%(answered)s sur %(sent)s)")
                % {"rate": each.rate or 0, "answered": each.answered, "sent": each.sent})
            for each in ranked
        ],
        name="reponses-graphique",
        title=_("Part de réponses par famille"),
        description=_("Une barre par famille, de celle qui répond le plus à celle qui répond le moins."),
        label_title=_("Famille"),
        value_title=_("Réponses"),
    )  # fmt: skip


@team_page
@require_safe
def export_results(request: Request, pk: int, kind: str) -> HttpResponseBase:
    campaign = _campaign(request, pk)
    columns = [
        _("acteur"), _("famille"), _("commune"), _("département"), _("envoyé le"), _("réponse"), _("répondu le"),
        _("revenir en"), _("mot"), _("adresse refusée"),
    ]  # fmt: skip
    rows = (
        (
            message.actor.name,
            str(message.actor.family or ""),
            str(message.actor.commune or ""),
            message.actor.commune.department.name if message.actor.commune and message.actor.commune.department else "",
            message.sent_at and timezone.localdate(message.sent_at),
            message.get_answer_display(),
            message.answered_at and timezone.localdate(message.answered_at),
            message.later_on,
            message.word,
            message.failed_at and timezone.localdate(message.failed_at),
        )
        for message in queries.answers_of(campaign, request.GET.get("reponse", ""))[:_EXPORTED]
    )
    return export_response(kind, columns=columns, rows=rows, filename="campagne")


@team_page
@require_POST
def stop_campaign(request: Request, pk: int) -> HttpResponse:
    sending.stop_campaign(by=request.viewer, campaign=_campaign(request, pk))
    messages.success(request, _("L'envoi est arrêté : ce qui n'était pas parti ne partira pas."))
    return redirect("outreach:campaign_show", pk)


@team_page
@require_POST
def resume_campaign(request: Request, pk: int) -> HttpResponse:
    sending.resume_campaign(by=request.viewer, campaign=_campaign(request, pk))
    messages.success(request, _("L'envoi reprend."))
    return redirect("outreach:campaign_show", pk)
