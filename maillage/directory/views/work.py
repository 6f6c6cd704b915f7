"""What the working pages share, and their home: what should I do now, then figures."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.activity.models import Entry
from maillage.core.doors import allowed
from maillage.core.errors import Moved
from maillage.core.requests import same_page
from maillage.directory import rules
from maillage.directory.models import Actor, Suspect
from maillage.directory.queries.history import history
from maillage.directory.queries.merging import kept_instead
from maillage.directory.queries.todo import figures, own_selection, queues
from maillage.directory.queries.waiting import next_waiting, queue, waiting_count
from maillage.exchange.enums import BatchKind, BatchStatus
from maillage.exchange.models import Batch

_EVERY_NIGHT = ["actor.reminded", "actor.told"]  # By dozens, which would hide what people do.
_STUCK = [BatchStatus.FAILED, BatchStatus.STOPPED]


team_page = allowed(rules.may_work)


def actor_of(request: HttpRequest, pk: int) -> Actor:
    """The actor of the address, if the viewer may see it; with what every working page shows of it. The page of a sheet
    that went into another leads to that of the one that stays; what was to be written of it is not."""
    viewer = request.viewer
    visible = Actor.objects.visible_to(viewer)
    whole = visible.select_related("family", "commune", "commune__department", "parent").distinct()
    if (actor := whole.filter(pk=pk).first()) is not None:
        return actor
    if (stays := kept_instead(viewer, pk)) is None:
        raise Http404
    if request.method in ("GET", "HEAD"):
        raise Moved(same_page(request, pk=stays))
    home = reverse("directory:actor_work" if viewer.runs_network else "directory:own_sheet", args=[stays])
    raise Moved(home, _("Cette fiche est déjà fusionnée, rien n'a été enregistré : voici celle qui reste."))


def batch_url(batch: Batch) -> str:
    """Where a batch is followed: bulk changes here, imports in the exchange."""
    if batch.kind == BatchKind.BULK:
        return reverse("directory:bulk_show", args=[batch.pk])
    return reverse("exchange:batch_show", args=[batch.pk])


_SIFTED = (
    "nature",
    "departement",
    "depuis",
)  # What the address of the queue, and of what is opened from it, narrows by.


def in_queue(request: HttpRequest) -> str:
    """The filters of the queue that one came by, as addresses carry them on; "" when there is none."""
    kept = {name: request.GET[name] for name in _SIFTED if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def go_on(request: HttpRequest, since: datetime) -> HttpResponse:
    """Once something that waited since then is answered: what comes next under the same filters, else the queue."""
    kind, place, age = (request.GET.get(name, "") for name in _SIFTED)
    found = queue(request.viewer, kind=kind, department=place, age=age)
    # A filter that nothing answers any more is dropped by the queue: that is the end of what was being read.
    row = next_waiting(request.viewer, found, since) if (found.kind, found.department) == (kind, place) else None
    return redirect((row.told.url if row is not None else reverse("directory:queue")) + in_queue(request))


@team_page
@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    selection, scope = own_selection(request.viewer)
    entries = Entry.objects.visible_to(request.viewer).select_related("content_type")
    recent = entries.filter(content_type__model="actor").exclude(verb__in=_EVERY_NIGHT)[:12]
    batches = Batch.objects.visible_to(request.viewer)
    context = {
        "waiting": waiting_count(request.viewer),
        "queues": queues(selection, scope),
        "pairs": Suspect.objects.visible_to(request.viewer).waiting().count(),
        "figures": figures(selection, scope),
        "total": selection.count,
        "stuck": [(batch, batch_url(batch)) for batch in batches.filter(status__in=_STUCK)[:5]],
        "recent": history(recent, request.viewer),
    }
    return render(request, "directory/work/home.html", context)
