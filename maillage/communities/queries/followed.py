"""« Mon réseau »: what appears on what one follows, each with why it is there; a constant number of queries a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from maillage.agenda.models import Event, Organiser
from maillage.agenda.queries.table import next_date
from maillage.communities.models import Community, Follow, Placement
from maillage.core.viewer import Viewer
from maillage.networks.queries import vocabularies
from maillage.publications.enums import CreditState
from maillage.publications.models import Credit, Publication
from maillage.topics.enums import Vocabulary

PER_PAGE = 20
SINCE = timedelta(days=365)
MOST = 400  # Of each kind: what is older is found in the lists.
APPEARED: Any = Coalesce(Greatest("publish_at", "published_at"), "published_at")


@dataclass(frozen=True)
class Followed:
    """What somebody follows, by kind."""

    rows: tuple[Follow, ...]

    def keys(self, kind: str) -> list[int]:
        return [row.target_id for row in self.rows if row.kind == kind]

    def narrowed(self, code: str) -> "Followed":
        """To one of them; to all when the address names none."""
        one = tuple(row for row in self.rows if row.code == code)
        return Followed(one) if one else self


@dataclass(frozen=True)
class Item:
    """`reasons`: the names of what the viewer follows that it is about."""

    content: Any
    is_event: bool
    at: datetime | None
    reasons: list[str]


def followed_by(viewer: Viewer) -> Followed:
    return Followed(tuple(Follow.objects.visible_to(viewer).with_targets()))


# --- what is about what -------------------------------------------------------------------------------------------------


def _in_places(path: str, keys: list[int]) -> Q:
    """In one of these territories, or in a commune or an intercommunalité of theirs."""
    inside = {f"{path}__in": keys}
    return Q(**inside) | Q(**{f"{path}__department__in": keys}) | Q(**{f"{path}__epci__in": keys})


def publications_about(found: "QuerySet[Publication]", followed: Followed) -> "QuerySet[Publication]":
    themes, places = followed.keys("term"), followed.keys("territory")
    actors, people, communities = followed.keys("actor"), followed.keys("person"), followed.keys("community")
    here, condition = OuterRef("pk"), Q(pk__in=[])
    if themes:
        condition |= Q(Exists(Publication.terms.through.objects.filter(publication=here, term__in=themes)))
    if places:
        within: Any = Publication.places.through.objects.filter(_in_places("territory", places), publication=here)
        condition |= Q(Exists(within))
    if actors or people:
        signed = Q(actor__in=actors) | Q(user__in=people)
        condition |= Q(Exists(Credit.objects.accepted().filter(signed, publication=here)))
    if communities:
        condition |= Q(Exists(Placement.objects.filter(publication=here, community__in=communities)))
    return found.filter(condition)


def events_about(found: "QuerySet[Event]", followed: Followed) -> "QuerySet[Event]":
    themes, places = followed.keys("term"), followed.keys("territory")
    actors, communities = followed.keys("actor"), followed.keys("community")
    here, condition = OuterRef("pk"), Q(pk__in=[])
    if themes:
        condition |= Q(Exists(Event.terms.through.objects.filter(event=here, term__in=themes)))
    if places:
        condition |= _in_places("commune", places) & ~Q(attendance="online")
    if actors:
        organised = Organiser.objects.filter(event=here, actor__in=actors, withdrawn_at=None)
        condition |= Q(Exists(organised)) | Q(venue__in=actors)
    if communities:
        condition |= Q(Exists(Placement.objects.filter(event=here, community__in=communities)))
    return found.filter(condition)


# --- pages --------------------------------------------------------------------------------------------------------------


def news(viewer: Viewer, followed: Followed, number: str | None) -> Page:
    """What appeared within the year and everyone reads, the latest first."""
    since = timezone.now() - SINCE
    texts = publications_about(Publication.objects.told_in(viewer.network).open_on(timezone.localdate()), followed)
    events = events_about(Event.objects.told_in(viewer.network), followed)
    dated: list[tuple[datetime, bool, int]] = []
    for found, is_event in ((texts, False), (events, True)):
        appeared: Any = found.annotate(appeared=APPEARED).filter(appeared__gte=since)
        rows = appeared.order_by("-appeared", "-pk").values_list("appeared", "pk")[:MOST]
        dated += [(at, is_event, pk) for at, pk in rows]
    dated.sort(reverse=True)
    page = Paginator(dated, PER_PAGE).get_page(number)
    page.object_list = _items(viewer, followed, list(page.object_list))  # type: ignore[assignment]
    return page


def coming(viewer: Viewer, followed: Followed, number: str | None) -> Page:
    """Events to come, the soonest first."""
    found = events_about(Event.objects.told_in(viewer.network), followed).filter(last_at__gt=timezone.now())
    dated: Any = found.annotate(next_at=next_date()).filter(next_at__isnull=False).order_by(F("next_at").asc(), "pk")
    page = Paginator(dated.values_list("next_at", "pk"), PER_PAGE).get_page(number)
    rows = [(at, True, pk) for at, pk in page.object_list]
    page.object_list = _items(viewer, followed, rows)
    return page


def _items(viewer: Viewer, followed: Followed, rows: list[tuple[Any, bool, int]]) -> list[Item]:
    themes = {term.pk: term.label for term in vocabularies(viewer.network)[Vocabulary.THEME]}
    texts = {each.pk: each for each in _texts(pk for _at, is_event, pk in rows if not is_event)}
    events = {each.pk: each for each in _events(pk for _at, is_event, pk in rows if is_event)}
    items = []
    for at, is_event, pk in rows:
        content: Any = (events if is_event else texts).get(pk)
        if content is not None:
            about = about_event(content) if is_event else about_publication(content)
            items.append(Item(content, is_event, at, reasons(followed, about, themes)))
    return items


def _texts(keys: Iterable[int]) -> "QuerySet[Publication]":
    found = (
        Publication.objects.filter(pk__in=list(keys))
        .order_by()
        .select_related("network")
        .defer("body", "media", "sources")
    )
    return found.prefetch_related("terms", "places", "credits__actor", "credits__user", "community_placements")


def _events(keys: Iterable[int]) -> "QuerySet[Event]":
    found: Any = Event.objects.filter(pk__in=list(keys)).order_by().annotate(next_at=next_date())
    found = found.select_related("commune__department", "network").defer(
        "description", "provenance", "conditions", "bookings"
    )
    return found.prefetch_related("terms", "organisers", "community_placements")


def about_publication(publication: Any) -> set[tuple[str, int]]:
    """All that it is about, as (kind, key)."""
    about = {("term", term.pk) for term in publication.terms.all()}
    for credit in publication.credits.all():
        if credit.state == CreditState.ACCEPTED:
            about.add(("actor", credit.actor_id) if credit.actor_id else ("person", credit.user_id or 0))
    for place in publication.places.all():
        about |= {("territory", key) for key in (place.pk, place.epci_id, place.department_id) if key}
    return about | {("community", each.community_id) for each in publication.community_placements.all()}


def about_event(event: Any) -> set[tuple[str, int]]:
    about = {("term", term.pk) for term in event.terms.all()}
    about |= {("actor", each.actor_id) for each in event.organisers.all() if each.withdrawn_at is None}
    if event.venue_id:
        about.add(("actor", event.venue_id))
    if event.commune is not None and event.attendance != "online":
        place = event.commune
        about |= {("territory", key) for key in (place.pk, place.epci_id, place.department_id) if key}
    return about | {("community", each.community_id) for each in event.community_placements.all()}


def reasons(followed: Followed, about: set[tuple[str, int]], themes: dict[int, Any]) -> list[str]:
    """Those of `followed` among `about`, by name; of themes, as the network calls them."""
    return [
        str(themes.get(row.target_id, row.target) if row.kind == "term" else row.target)
        for row in followed.rows
        if (row.kind, row.target_id) in about
    ]


# --- where to begin -----------------------------------------------------------------------------------------------------


def suggestions(viewer: Viewer, followed: Followed) -> list[Any]:
    """Themes, département and commune of the sheets one looks after, themes much read of late, communities one may enter."""
    held = {(row.kind, row.target_id) for row in followed.rows}
    themes = vocabularies(viewer.network)[Vocabulary.THEME]
    actors = [member.actor for member in _sheets(viewer)]
    wanted = {term.pk for actor in actors for term in actor.terms.all()}
    places = [place for actor in actors for place in _places(actor)]
    mine = [term for term in themes if term.pk in wanted][:5]
    read = [term for term in _read_of_late(viewer, themes) if term.pk not in wanted][:4]
    communities = list(Community.objects.listed_for(viewer).active()[:4])
    found: list[tuple[str, Any]] = [
        *(("term", term) for term in (*mine, *read)),
        *(("territory", place) for place in dict.fromkeys(places)),
        *(("community", each) for each in communities),
    ]
    return [thing for kind, thing in found if (kind, thing.pk) not in held]


def _sheets(viewer: Viewer) -> Any:
    members = viewer.user.actor_memberships.filter(actor__listings__network=viewer.network_id).order_by("pk")
    return members.select_related("actor__commune__department").prefetch_related("actor__terms")[:5]


def _places(actor: Any) -> list[Any]:
    commune = actor.commune
    return [each for each in (commune.department, commune) if each] if commune is not None else []


def _read_of_late(viewer: Viewer, themes: list[Any]) -> list[Any]:
    since = timezone.localdate() - timedelta(days=60)
    shown = Publication.objects.visible_to(viewer).shown().filter(readings__day__gte=since)
    counted = shown.filter(terms__in=[term.pk for term in themes]).order_by().values("terms")
    rows = (
        counted.annotate(times=Sum("readings__count")).order_by("-times", "terms").values_list("terms", flat=True)[:8]
    )
    known = {term.pk: term for term in themes}
    return [known[pk] for pk in rows if pk in known]
