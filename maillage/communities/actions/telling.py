"""Who is told: followers of what appears, once each; animators of requests; those who asked, were invited or removed."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import Role, User
from maillage.activity.actions import notify, notify_all
from maillage.agenda.actions.telling import people_of as people_of_actors
from maillage.agenda.models import Event
from maillage.communities.enums import Access, CommunityState
from maillage.communities.models import Announced, Community, CommunityMember, Follow, Placement
from maillage.communities.queries.followed import APPEARED, about_event, about_publication
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.actions.telling import tell_team
from maillage.directory.models import Actor
from maillage.publications.actions.telling import people_of as people_of_publication
from maillage.publications.models import Publication

LATE = timedelta(days=3)  # What appeared before, while no worker ran, is news no more.
_NEAREST = ("person", "actor", "community", "term", "territory")  # Of several follows, the one that is said.


@task(every=timedelta(minutes=10))
def find_new(job: Job) -> None:
    """What everyone reads since a short time, whoever made it appear: an author, the team, an import, an hour that was set."""
    since = timezone.now() - LATE
    texts: Any = Publication.objects.shown().open_on(timezone.localdate()).annotate(appeared=APPEARED)
    texts = texts.filter(appeared__gte=since).exclude(pk__in=_told("publication"))
    events: Any = Event.objects.shown().annotate(appeared=APPEARED)
    events = events.filter(Q(last_at=None) | Q(last_at__gt=timezone.now()), appeared__gte=since)
    events = events.exclude(pk__in=_told("event"))
    for kind, found in (("publication", texts), ("event", events)):
        for pk, network_id in found.order_by("appeared", "pk").values_list("pk", "network_id"):
            tell_followers.enqueue(kind=kind, pk=pk, _unique=f"followed:{kind}:{pk}", _scope=f"network:{network_id}")


def _told(name: str) -> Any:
    return Announced.objects.filter(**{f"{name}__isnull": False}).values(name)


@task()
def tell_followers(job: Job, kind: str, pk: int) -> None:
    """Each follower of an event or a publication, once, whatever they follow of it; then it is told. Run again after it was
    stopped, it tells those who were not."""
    content = _content(kind, pk)
    if content is None or Announced.objects.filter(**{kind: pk}).exists():
        return
    tell_people(content, followers_of(content))
    Announced.objects.get_or_create(**{kind: content})


@task()
def tell_placed(job: Job, placement_id: int) -> None:
    """Those who follow the community, of what somebody placed there; who was told of that content already is not again."""
    placement = Placement.objects.select_related("community").filter(pk=placement_id).first()
    if placement is None or placement.community.is_closed or placement.actor_id is not None:
        return
    kind = "event" if placement.event_id else "publication"
    content = _content(kind, placement.event_id or placement.publication_id or 0)
    if content is not None:
        rows = Follow.objects.filter(community=placement.community_id)
        tell_people(content, _told_why(content, rows, {placement.added_by_id}))


def _content(kind: str, pk: int) -> Any:
    """What everyone reads by now, with what it is about; None for what is hidden, withdrawn or put off."""
    if kind == "event":
        events = Event.objects.filter(pk=pk).shown().select_related("network", "author", "commune")
        return events.prefetch_related("terms", "organisers", "community_placements").first()
    texts = Publication.objects.filter(pk=pk).shown().select_related("network", "author")
    return texts.prefetch_related("terms", "places", "credits", "community_placements").first()


def followers_of(content: Any) -> dict[int, Follow]:
    """The key of each person to tell, with what they follow of it: a constant number of queries."""
    about = about_event(content) if isinstance(content, Event) else about_publication(content)
    keys: dict[str, list[int]] = defaultdict(list)
    for kind, key in about:
        keys[kind].append(key)
    condition = Q(pk__in=[])
    for kind, held in keys.items():
        condition |= Q(**{f"{kind}__in": held})
    return _told_why(content, Follow.objects.filter(condition), set())


def _told_why(content: Any, rows: Any, but: set[int | None]) -> dict[int, Follow]:
    """Not those who wrote it; of a community, those who may name it, while it is active."""
    mine = {person.pk for person in _writers(content)} | but
    found = rows.filter(network=content.network_id, user__is_active=True, user__erased_at=None)
    found = found.exclude(community__state=CommunityState.ARCHIVED)
    found = found.filter(Q(community=None) | Q(community__withheld=""))
    inside = CommunityMember.objects.current().filter(community=OuterRef("community"), user=OuterRef("user"))
    found = found.exclude(Q(community__access=Access.HIDDEN) & ~Exists(inside))
    if not content.network.is_public:
        found = found.filter(user__in=Role.objects.held().in_network(content.network).values("user"))
    why: dict[int, Follow] = {}
    for row in sorted(found.with_targets(), key=lambda row: (_NEAREST.index(row.kind), row.pk)):
        if row.user_id not in mine:
            why.setdefault(row.user_id, row)
    return why


def _writers(content: Any) -> list[User]:
    if isinstance(content, Publication):
        return people_of_publication(content)
    organisers = Actor.objects.filter(organised_events__event=content, organised_events__withdrawn_at=None)
    return [*people_of_actors(organisers), *([content.author] if content.author is not None else [])]


def tell_people(content: Any, why: dict[int, Follow]) -> None:
    """Those who are told for the same reason together: a few queries a reason, whatever their number. What waits for a letter
    leaves it when the content is hidden, or when its reader leaves the community that is the reason."""
    is_event = isinstance(content, Event)
    event = f"{'event' if is_event else 'publication'}:{content.pk}"
    people = User.objects.in_bulk(list(why))
    reasons: dict[str, list[User]] = defaultdict(list)
    rows = {row.code: row for row in why.values()}
    for key, row in why.items():
        reasons[row.code].append(people[key])
    words = (
        _("À l'agenda : « %(title)s » – vous suivez %(name)s")
        if is_event
        else _("À lire : « %(title)s » – vous suivez %(name)s")
    )
    for code in sorted(reasons):
        with transaction.atomic():
            notify_all(
                "followed",
                event=event,
                title=words % {"title": content.title, "name": str(rows[code].target)},
                network=content.network,
                people=reasons[code],
                url=content.get_absolute_url(),
                subject=_subject(content, rows[code]),
            )


def _subject(content: Any, row: Follow) -> Any:
    """The content, or its place in the community that is the reason."""
    if row.community_id is None:
        return content
    placed = {"event" if isinstance(content, Event) else "publication": content}
    return Placement.objects.filter(community=row.community_id, **placed).first() or content


# --- in a community -----------------------------------------------------------------------------------------------------


def members_url(community: Community) -> str:
    return reverse("communities:member_list", args=[community.slug])


def tell_asked(row: CommunityMember) -> None:
    """Those who animate it; the team while nobody does."""
    community = row.community
    title = _("Une personne demande à entrer dans « %(name)s »") % {"name": community.name}
    animators = CommunityMember.objects.animating().filter(community=community).select_related("user")
    for each in animators:
        if each.user is not None:
            notify(
                "community_asked",
                event=f"{row.pk}",
                title=title,
                network=community.network,
                to=each.user,
                url=members_url(community),
                subject=community,
                context={"text": row.words, "button_label": _("Répondre")},
            )
    if not animators:
        tell_team(
            community.network,
            title=title,
            text=_("Personne n'anime cette communauté : répondez-lui, et nommez quelqu'un."),
            path=members_url(community),
            label=_("Répondre"),
        )


def tell_answer(row: CommunityMember, *, accepted: bool) -> None:
    words = (
        _("Vous êtes membre de « %(name)s »") if accepted else _("Votre demande pour « %(name)s » n'est pas retenue")
    )
    _tell(row, f"answer:{row.pk}:{row.state}", words, row.reason)


def tell_removed(row: CommunityMember) -> None:
    """Of a hidden one, by its name too: they were in it."""
    _tell(row, f"removed:{row.pk}", _("Vous ne faites plus partie de « %(name)s »"), row.reason, url="")


def _tell(row: CommunityMember, event: str, words: Any, text: str, url: str | None = None) -> None:
    community = row.community
    if row.user is not None:
        notify(
            "community_answer",
            event=event,
            title=words % {"name": community.name},
            network=community.network,
            to=row.user,
            url=community.get_absolute_url() if url is None else url,
            context={"text": text},
        )


def tell_invited(row: CommunityMember, *, by: Viewer) -> None:
    community = row.community
    told = {"who": str(by.user or community.network), "name": community.name}
    notify(
        "community_invited",
        event=f"{row.pk}",
        title=_("%(who)s vous invite dans la communauté « %(name)s »") % told,
        network=community.network,
        to=row.user,
        address=row.email,
        unasked=row.user is None,
        url=reverse("communities:invitation", args=[row.token]),
        subject=community if row.user is not None else None,
        context={"text": row.words or community.summary, "button_label": _("Voir l'invitation")},
    )
