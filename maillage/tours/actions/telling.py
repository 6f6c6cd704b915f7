"""Who is told: the people of a host, of what becomes of their request; those whose copy goes on tour; who asked for a plan, that it
is ready; the team and the hosts, when the copy is fit no more."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.accounts.models import Role, User
from maillage.activity.actions import notify, notify_all
from maillage.catalogue.models import Copy
from maillage.core.dates import date_format
from maillage.core.viewer import RoleKind, Viewer
from maillage.directory.actions.telling import tell_team
from maillage.directory.models import ActorMember
from maillage.tours.models import HostRequest, Season, Stop


def people_of(request: HostRequest) -> list[User]:
    """Those who look after the host, and who asked."""
    found = {person.pk: person for person in _looking_after(request.actor_id)}
    if request.author is not None and request.author.is_active:
        found.setdefault(request.author.pk, request.author)
    return list(found.values())


def _looking_after(actor: int) -> Iterable[User]:
    members = ActorMember.objects.filter(actor=actor).values("user")
    return User.objects.filter(pk__in=members, is_active=True).order_by("pk")


def tell_host(request: HostRequest, event: str, title: str) -> None:
    notify_all(
        "tour_answer",
        event=f"{request.pk}:{event}",
        title=title,
        network=request.season.network,
        people=people_of(request),
        url=request.get_absolute_url(),
        subject=request,
    )


def tell_answer(request: HostRequest) -> None:
    words = {
        "feasible": _("%(resource)s peut venir chez vous : votre demande est retenue pour le calcul de la tournée"),
        "refused": _("%(resource)s ne pourra pas venir chez vous cette saison"),
    }
    if request.state in words:
        at = request.decided_at
        moment = at.isoformat() if at else ""
        title = words[request.state] % {"resource": request.season.resource.title}
        tell_host(request, f"{request.state}:{moment}", title)


def tell_dates(stop: Stop, *, moved: bool = False) -> None:
    """Its dates, when the tour is published or the stop is moved afterwards."""
    request = stop.request
    facts = {
        "resource": request.season.resource.title,
        "first": date_format(stop.open_on, "l j F Y"),
        "last": date_format(stop.last_on, "l j F Y"),
    }
    if stop.open_on == stop.last_on:
        title = _("%(resource)s sera chez vous le %(first)s") % facts
    else:
        title = _("%(resource)s sera chez vous du %(first)s au %(last)s") % facts
    if moved:
        title = _("Nouvelles dates : %s") % title
    tell_host(request, f"dates:{stop.first_on}:{stop.booking_id}", title)


def tell_no_date(request: HostRequest, event: str) -> None:
    """It was not found a place, or lost it."""
    title = _("%(resource)s ne passera pas chez vous cette saison") % {"resource": request.season.resource.title}
    tell_host(request, event, title)


def tell_planned(season: Season, person: User | None) -> None:
    if person is not None:
        notify(
            "tour_planned",
            event=f"{season.pk}:{season.planned_at}",
            title=_("La tournée de « %s » est calculée") % season.name,
            network=season.network,
            to=person,
            url=reverse("tours:season_work", args=[season.pk]),
            subject=season,
        )


def tell_endangered(stop: Stop, copy: Copy) -> None:
    """Once for each stop and state of the copy: the team of the network, and the host when it knows its dates."""
    season, event = stop.season, f"unfit:{copy.state}"
    facts = {"resource": season.resource.title[:80], "copy": copy.label, "state": copy.get_state_display()}
    running = Role.objects.held().filter(network=season.network, kind__in=(RoleKind.ANIMATOR, RoleKind.NETWORK_ADMIN))
    notify_all(
        "tour_endangered",
        event=f"{season.pk}:{copy.pk}:{event}",
        title=_("Tournée en danger : « %(resource)s » (%(copy)s) est %(state)s") % facts,
        network=season.network,
        people=User.objects.filter(pk__in=running.values("user"), is_active=True).order_by("pk"),
        url=reverse("tours:season_work", args=[season.pk]),
        subject=season,
    )
    if season.is_told:
        tell_host(
            stop.request,
            f"{event}:{stop.booking_id}",
            _("Le passage de %(resource)s chez vous est incertain : l'équipe cherche une solution") % facts,
        )


def tell_owner(season: Season, by: Viewer) -> None:
    """Those who look after the actor whose copy goes on tour, but who decided it."""
    people = [each for each in _looking_after(season.resource.actor_id) if each.pk != by.user_id]
    facts = {
        "resource": season.resource.title,
        "copy": season.copy.label,
        "season": season.name,
        "first": date_format(season.first_on, "l j F Y"),
        "last": date_format(season.last_on, "l j F Y"),
    }
    notify_all(
        "tour_taken",
        event=f"{season.pk}:{season.copy_id}:{season.first_on}:{season.last_on}",
        title=_("« %(resource)s » (%(copy)s) part en tournée du %(first)s au %(last)s : « %(season)s »") % facts,
        network=season.network,
        people=people,
        url=season.resource.get_absolute_url(),
        subject=season,
    )


def tell_team_of_withdrawal(request: HostRequest) -> None:
    """Its stop left a tour that everyone reads: the days are free again."""
    season = request.season
    tell_team(
        season.network,
        title=_("« %(host)s » renonce au passage de %(resource)s")
        % {"host": request.actor.name, "resource": season.resource.title},
        text=_("Sa halte a quitté la tournée publiée : une autre demande peut prendre sa place."),
        path=reverse("tours:season_work", args=[season.pk]),
        label=_("Ouvrir la saison"),
    )
