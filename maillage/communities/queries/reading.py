"""Reads for the pages of communities: lists, a home, its members, its contents."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone

from maillage.agenda.models import Event
from maillage.agenda.queries.table import next_date
from maillage.communities.enums import Access, MemberRole, MemberState
from maillage.communities.models import Community, CommunityMember, Placement
from maillage.core.text import folded, whole_number
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.networks.queries import departments_of, vocabularies
from maillage.publications.enums import Section
from maillage.publications.models import Publication
from maillage.topics.enums import Vocabulary

PER_PAGE = 24
CONTENTS = 12
_MEMBERS: Any = Count("members", filter=Q(members__state=MemberState.MEMBER), distinct=True)
_PLACED: Any = Count("placements", distinct=True)


@dataclass(frozen=True)
class Asked:
    """The list as its address asks for it; what is unknown is left out."""

    q: str = ""
    theme: str = ""
    department: str = ""
    archived: bool = False

    @property
    def is_narrow(self) -> bool:
        return bool(self.q or self.theme or self.department)


def asked_in(params: Any) -> Asked:
    def one(name: str, length: int) -> str:
        return str(params.get(name, "")).replace("\x00", "").strip()[:length]

    return Asked(one("q", 100), one("theme", 60), one("departement", 3), params.get("archivees") == "oui")


def listed(viewer: Viewer, asked: Asked) -> "QuerySet[Community]":
    """For everyone: hidden ones are in no list of the site."""
    found = Community.objects.listed_for(viewer).public()
    found = found.exclude(archived_at=None) if asked.archived else found.active()
    return _for_cards(_narrowed(found, asked))


def of_viewer(viewer: Viewer) -> list[Any]:
    """Those one is in, the animated ones first, then those that wait for an answer, with `row`, one's own line."""
    own = CommunityMember.objects.standing().filter(user=viewer.user_id)
    rows = {row.community_id: row for row in own}
    found = _for_cards(Community.objects.visible_to(viewer).filter(pk__in=rows))
    told: list[Any] = list(found)
    for each in told:
        each.row = rows[each.pk]
    return sorted(told, key=lambda each: (each.is_archived, not each.row.is_animator, each.name_key))


def managed(viewer: Viewer, asked: Asked) -> "QuerySet[Community]":
    """The team's table: all of them, hidden ones included, by name and counts."""
    found = _narrowed(Community.objects.editable_by(viewer), asked, hidden_by_name=True)
    animated: Any = Count(
        "members", filter=Q(members__state=MemberState.MEMBER, members__role=MemberRole.ANIMATOR), distinct=True
    )
    waiting: Any = Count("members", filter=Q(members__state=MemberState.ASKED), distinct=True)
    counted = found.annotate(people=_MEMBERS, placed=_PLACED, animated=animated, waiting=waiting)
    return counted.order_by("-state", "name_key", "pk")


def _narrowed(found: "QuerySet[Community]", asked: Asked, *, hidden_by_name: bool = False) -> "QuerySet[Community]":
    """With `hidden_by_name`, a filter tells nothing of hidden ones but what their name says."""
    if hidden_by_name and (asked.theme or asked.department):
        found = found.exclude(access=Access.HIDDEN)
    if asked.q:
        told = Q(summary__icontains=asked.q)
        told &= ~Q(access=Access.HIDDEN) if hidden_by_name else Q()
        found = found.filter(Q(name_key__contains=folded(asked.q)) | told)
    if asked.theme:
        found = found.filter(pk__in=Community.objects.filter(terms__slug=asked.theme).values("pk"))
    if asked.department:
        found = found.filter(pk__in=Community.objects.filter(places__code=asked.department).values("pk"))
    return found


def _for_cards(found: "QuerySet[Community]") -> "QuerySet[Community]":
    counted = found.annotate(people=_MEMBERS, placed=_PLACED).prefetch_related("terms", "places")
    return counted.defer("description").order_by("name_key", "pk")


def cards(viewer: Viewer, communities: Iterable[Any]) -> list[Any]:
    """With `hue`, and `themes` as the network names them."""
    words = {term.pk: term for term in vocabularies(viewer.network)[Vocabulary.THEME]}
    told = list(communities)
    for each in told:
        each.themes = [words[term.pk] for term in each.terms.all() if term.pk in words]
        each.hue = each.themes[0].hue if each.themes else 1 + each.pk % 8
    return told


def choices(viewer: Viewer) -> tuple[list[Any], list[Any]]:
    """Themes and départements to narrow a list by."""
    return vocabularies(viewer.network)[Vocabulary.THEME], departments_of(viewer.network)


# --- contents -----------------------------------------------------------------------------------------------------------


def placements_of(viewer: Viewer, community: Community) -> "QuerySet[Placement]":
    """What the viewer may read of what it holds: first those put first, then the last placed."""
    readable = (
        Q(event__in=Event.objects.visible_to(viewer).shown())
        | Q(publication__in=Publication.objects.visible_to(viewer).shown())
        | Q(actor__in=Actor.objects.visible_to(viewer).current())
    )
    found = Placement.objects.filter(readable, community=community)
    return found.order_by(F("first_at").desc(nulls_last=True), "-at", "-pk")


def contents_page(viewer: Viewer, community: Community, number: str | None, *, inside: bool) -> Page:
    """Placements with `by`, who placed each: by name for members, else where that person agreed to it."""
    found = placements_of(viewer, community).select_related("added_by", "publication", "actor__commune")
    events: Any = Event.objects.annotate(next_at=next_date()).select_related("commune").defer("description")
    page = Paginator(found.prefetch_related(Prefetch("event", events)), CONTENTS).get_page(number)
    told: list[Any] = list(page.object_list)
    named = _named_in_public(community, [each.added_by_id for each in told]) if not inside else None
    for each in told:
        known = each.added_by is not None and (named is None or each.added_by_id in named)
        each.by = str(each.added_by) if known else ""
    page.object_list = told
    return page


def _named_in_public(community: Community, keys: list[Any]) -> set[int]:
    agreed = CommunityMember.objects.filter(community=community, user__in=[key for key in keys if key])
    return {key for key in agreed.filter(name_is_public=True).values_list("user", flat=True) if key is not None}


def coming_events(viewer: Viewer, community: Community) -> list[Any]:
    placed = Placement.objects.filter(community=community, event__isnull=False).values("event")
    shown = Event.objects.visible_to(viewer).shown().filter(pk__in=placed, last_at__gt=timezone.now())
    dated: Any = shown.annotate(next_at=next_date()).select_related("commune").defer("description")
    return list(dated.order_by("next_at", "pk")[:5])


# --- people -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class People:
    """`shown`: those whose name the viewer may read; `animators` among them; `total` counts all."""

    shown: list[CommunityMember]
    animators: list[CommunityMember]
    total: int
    animating: int


def people_of(community: Community, *, inside: bool, most: int = 60) -> People:
    """Members see members; others those who agreed."""
    current = CommunityMember.objects.current().filter(community=community)
    counts = current.aggregate(total=Count("pk"), animating=Count("pk", filter=Q(role=MemberRole.ANIMATOR)))
    readable = current if inside else current.filter(name_is_public=True)
    rows = list(readable.select_related("user").order_by("role", "joined_at", "pk")[:most])
    return People(rows, [row for row in rows if row.is_animator], counts["total"], counts["animating"])


def waiting_in(community: Community, state: MemberState) -> "QuerySet[CommunityMember]":
    found = CommunityMember.objects.filter(community=community, state=state)
    return found.select_related("user", "invited_by").order_by("created_at", "pk")


def asked_count(viewer: Viewer) -> int:
    """Requests that wait in communities one animates."""
    own = CommunityMember.objects.animating().filter(user=viewer.user_id).values("community")
    asked = CommunityMember.objects.filter(state=MemberState.ASKED, community__in=own)
    return asked.filter(community__network=viewer.network_id).count()


def row_of(community: Community, pk: int) -> CommunityMember | None:
    return (
        CommunityMember.objects.select_related("community__network", "user").filter(community=community, pk=pk).first()
    )


def invitation_at(network_id: int | None, token: str) -> CommunityMember | None:
    """The invitation that a link opens, if it still does."""
    if (pk := whole_number(token.partition("-")[0])) is None:
        return None
    rows = CommunityMember.objects.filter(community__network=network_id).select_related("community__network", "user")
    row = rows.filter(pk=pk).first()
    return row if row is not None and row.is_opened_by(token) and row.is_open else None


def communities_of_thing(viewer: Viewer, kind: str, pk: int) -> list[Community]:
    """Where a content is placed, among what the viewer may name."""
    placed = Placement.objects.filter(**{kind: pk}).values("community")
    return list(Community.objects.listed_for(viewer).active().filter(pk__in=placed)[:10])


def open_to_placing(viewer: Viewer, kind: str, pk: int) -> list[Community]:
    """Those of the viewer that do not hold it yet."""
    placed = Placement.objects.filter(**{kind: pk}).values("community")
    return list(Community.objects.of(viewer).active().exclude(pk__in=placed))


def thing_at(viewer: Viewer, kind: str, pk: int) -> Any:
    """An event, a publication or an actor that everyone reads."""
    return _readable(viewer, kind).filter(pk=pk).first()


def thing_named(viewer: Viewer, section: str, slug: str) -> dict[str, Any] | None:
    """The one of an address (`agenda`, `acteurs`, a section of the publications), under the name of its kind."""
    kind = {"agenda": "event", "acteurs": "actor"}.get(section, "publication" if section in Section.values else "")
    thing = _readable(viewer, kind).filter(slug=slug[:100]).first() if kind else None
    return {kind: thing} if thing is not None else None


def _readable(viewer: Viewer, kind: str) -> Any:
    found: Any = {
        "event": Event.objects.visible_to(viewer).shown(),
        "publication": Publication.objects.visible_to(viewer).shown(),
        "actor": Actor.objects.visible_to(Viewer(network=viewer.network)).current(),
    }[kind]
    return found


def placement_at(community: Community, pk: int) -> Placement | None:
    found = Placement.objects.select_related("community__network", "event", "publication", "actor")
    return found.filter(community=community, pk=pk).first()
