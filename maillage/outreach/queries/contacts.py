"""Reads of the contact log: its list, an actor's history, who went silent, what is to be done."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.text import folded, whole_number
from maillage.core.viewer import Viewer
from maillage.directory.enums import Nature
from maillage.directory.models import Actor, Qualification
from maillage.directory.queries.todo import departments_of
from maillage.directory.registry.dealings import Dealing
from maillage.networks.queries import terms_of
from maillage.outreach.enums import Channel
from maillage.outreach.models import Contact, ContactActor, ContactOfficial, Official
from maillage.outreach.queries.asked import among, day
from maillage.outreach.queries.terms import months, spent
from maillage.outreach.registry.contacts import SILENT_AFTER
from maillage.topics.enums import Vocabulary

_WHOLE = ("author", "next_for", "mission")


@dataclass(frozen=True)
class ContactFilters:
    """What the address of the list asks for. `whose` is "moi" or "" (the whole team)."""

    q: str = ""
    mission: str = ""
    channel: str = ""
    whose: str = ""
    step: str = ""
    since: date | None = None
    until: date | None = None
    actor: int | None = None
    who: str = ""


def filters_of(params: Any) -> ContactFilters:
    return ContactFilters(
        q=params.get("q", "").strip()[:100],
        mission=params.get("mission", "")[:60],
        channel=among(params.get("moyen", ""), Channel.values),
        whose="moi" if params.get("qui") == "moi" else "",
        step=among(params.get("suite", ""), {"a-donner", "en-retard"}),
        since=day(params.get("du", "")),
        until=day(params.get("au", "")),
        actor=whole_number(params.get("acteur", "")),
        who=among(params.get("avec", ""), {"elus", "acteurs"}),
    )


def contacts(viewer: Viewer, asked: ContactFilters) -> "QuerySet[Contact]":
    """The log as it is asked for, newest first."""
    found = Contact.objects.visible_to(viewer).select_related(*_WHOLE).prefetch_related("actors__commune", "officials")
    for word in folded(asked.q).split()[:6]:
        named = ContactActor.objects.filter(contact=OuterRef("pk"), actor__name_key__contains=word)
        met = ContactOfficial.objects.filter(contact=OuterRef("pk"), official__name_key__contains=word)
        found = found.filter(Q(words__contains=word) | Exists(named) | Exists(met))
    if asked.mission:
        found = found.filter(mission__slug=asked.mission)
    if asked.channel:
        found = found.filter(channel=asked.channel)
    if asked.whose:
        found = found.filter(Q(author=viewer.user_id) | Q(next_for=viewer.user_id))
    if asked.step:
        found = found.with_next_step()
    if asked.step == "en-retard":
        found = found.filter(next_on__lt=timezone.localdate())
    if asked.since:
        found = found.filter(on__gte=asked.since)
    if asked.until:
        found = found.filter(on__lte=asked.until)
    if asked.who == "elus":
        found = found.filter(Exists(ContactOfficial.objects.filter(contact=OuterRef("pk"))))
    elif asked.who == "acteurs":
        found = found.filter(Exists(ContactActor.objects.filter(contact=OuterRef("pk"))))
    if asked.actor is not None:
        found = found.filter(Exists(ContactActor.objects.filter(contact=OuterRef("pk"), actor=asked.actor)))
    return found.order_by("-on", "-pk")


def with_whom(contact: Contact) -> str:
    """Actors then elected officials, already fetched."""
    return ", ".join([*(actor.name for actor in contact.actors.all()), *map(str, contact.officials.all())])


@dataclass(frozen=True)
class Tally:
    """Contacts and time spent, of a mission or of all."""

    label: str
    slug: str
    count: int
    minutes: int

    @property
    def spent(self) -> str:
        return spent(self.minutes)


def by_mission(viewer: Viewer, found: "QuerySet[Contact]") -> list[Tally]:
    """What the list sums to, mission by mission, the most frequent first; contacts without mission last. One query."""
    rows = found.order_by().values("mission").annotate(count=Count("pk"), spent=Sum("minutes"))
    names = {term.pk: term.label for term in terms_of(viewer.network, Vocabulary.MISSION)}
    slugs = {term.pk: term.slug for term in terms_of(viewer.network, Vocabulary.MISSION)}
    tallies = [
        Tally(
            names.get(row["mission"], _("Sans mission")), slugs.get(row["mission"], ""), row["count"], row["spent"] or 0
        )
        for row in rows
    ]
    return sorted(tallies, key=lambda each: (not each.slug, -each.count, each.label))


# --- an actor ---------------------------------------------------------------------------------------------------------


def last_contact(viewer: Viewer, actor: Actor) -> Contact | None:
    return Contact.objects.visible_to(viewer).filter(links__actor=actor).select_related("author").first()


def contacts_with(viewer: Viewer, actor: Actor, before: datetime | None, limit: int) -> list[Dealing]:
    """Whole days: a contact has no hour, and the next lines asked for begin before those of the last day."""
    found = Contact.objects.visible_to(viewer).filter(links__actor=actor).select_related("author")
    if before is not None:
        found = found.filter(on__lt=timezone.localtime(before).date())
    days = list(found.values_list("on", flat=True)[:limit])
    found = found.filter(on__gte=days[-1]) if days else found
    return [
        Dealing(
            at=_at(contact.on),
            title=_("Contact : %(channel)s") % {"channel": contact.get_channel_display()},
            detail=" · ".join(filter(None, [contact.person, contact.about])),
            url=reverse("outreach:contact_show", args=[contact.pk]),
            person=str(contact.author or ""),
        )
        for contact in found
    ]


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


# --- what is to be done ------------------------------------------------------------------------------------------------


def next_steps(viewer: Viewer, until: date, everyone: bool, limit: int) -> list[Contact]:
    """Those whose next step is to be taken, without a day last; with all that `rules.may_finish_step` reads."""
    found = Contact.objects.visible_to(viewer).with_next_step().filter(Q(next_on__lte=until) | Q(next_on=None))
    if not everyone:
        found = found.filter(next_for=viewer.user_id)
    officials = Prefetch("officials", Official.objects.with_mandates())
    found = found.select_related("next_for").prefetch_related("actors__commune__department", officials)
    return list(found.order_by(F("next_on").asc(nulls_last=True), "pk")[:limit])


@dataclass(frozen=True)
class Week:
    """What someone did since Monday."""

    contacts: int
    minutes: int
    actors: int

    @property
    def spent(self) -> str:
        return spent(self.minutes)


def done_since(viewer: Viewer, since: date, everyone: bool) -> Week:
    found = Contact.objects.visible_to(viewer).filter(on__gte=since)
    if not everyone:
        found = found.filter(author=viewer.user_id)
    sums = found.aggregate(count=Count("pk"), spent=Sum("minutes"))
    actors = ContactActor.objects.filter(contact__in=found).values("actor").distinct().count()
    return Week(sums["count"], sums["spent"] or 0, actors)


# --- silence ------------------------------------------------------------------------------------------------------------


def silent(
    viewer: Viewer,
    *,
    since: int,
    never: bool = False,
    circle: int | None = None,
    family: int | None = None,
    department: str = "",
) -> Any:
    """Actors of the network in activity that the team has not been in touch with for `since` months, the longest silence
    first; or, with `never`, not once. `last_on` is the day of the last contact."""
    limit = timezone.localdate() - months(since)
    recent = ContactActor.objects.filter(
        contact__network=viewer.network_id, actor=OuterRef("pk"), contact__on__gte=limit
    )
    last = (
        ContactActor.objects.filter(contact__network=viewer.network_id, actor=OuterRef("pk"))
        .order_by()
        .values("actor")
        .annotate(last=Max("contact__on"))
        .values("last")
    )
    found = Actor.objects.visible_to(viewer).filter(~Exists(recent), archived_at=None)
    if circle:
        held = Qualification.objects.in_force().filter(network=viewer.network_id, actor=OuterRef("pk"), circle=circle)
        found = found.filter(Exists(held.filter(nature=Nature.ASSESSED)))
    if family:
        found = found.filter(family=family)
    if bound := departments_of(viewer):
        found = found.filter(commune__department__code__in=bound)
    if department:
        found = found.filter(commune__department__code=department)
    found = found.annotate(last_on=Subquery(last)).filter(last_on__isnull=never)
    return found.select_related("family", "commune__department").order_by("last_on", "name_key", "pk")


def silent_after(viewer: Viewer) -> int:
    return int(viewer.network.setting(SILENT_AFTER.name))
