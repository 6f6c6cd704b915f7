"""What stands against a request, each with the field of the form it is about; what else could serve."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.catalogue.enums import FORM_OF, Borrowers, Form
from maillage.catalogue.models import Copy, Resource
from maillage.catalogue.queries.availability import Wanted, enough, free_in, nearest_starts, shelves_of, whole
from maillage.catalogue.queries.halves import Span, day_of, half_of
from maillage.catalogue.queries.lending import Terms, terms_of_many
from maillage.core.dates import date_format
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, ActorMember
from maillage.directory.queries.charter import membership
from maillage.loans.enums import WaitingState
from maillage.loans.models import Loan, Suspension, WaitingEntry
from maillage.networks.models import Network
from maillage.territories.models import Territory

ALTERNATIVES = 3
_LOOKED_AT, _CLOSEST = 200, 30


@dataclass(frozen=True)
class Asked:
    """What someone would borrow, before anything is written: half-days of the use and copies of each module, where it would serve (None:
    where the actor is)."""

    resource: Resource
    wanted: Wanted
    first: int
    last: int
    actor: Actor | None = None
    commune: Territory | None = None

    @property
    def place(self) -> Territory | None:
        return self.commune or (self.actor.commune if self.actor is not None else None)


class Objection(NamedTuple):
    """What stands against a request, next to the field it is about. `is_need`: whoever asked could have been served on other terms, as
    opposed to a slip or to what is theirs to settle."""

    field: str
    sentence: str
    is_need: bool


def objections(viewer: Viewer, asked: Asked, terms: Terms, today: date) -> list[Objection]:
    """One for each field at most; none when the terms of the lender allow it. Whether copies are free is said by `occupying` alone."""
    found: dict[str, Objection] = {}
    for each in (
        *_of_dates(asked, terms, today),
        *_of_copies(asked),
        *_of_place(asked),
        *_of_borrower(viewer, asked, terms, today),
    ):
        found.setdefault(each.field, each)
    return list(found.values())


def _of_dates(asked: Asked, terms: Terms, today: date) -> list[Objection]:
    found = []
    begins, ends = day_of(asked.first), day_of(asked.last)
    if asked.last < asked.first:
        return [Objection("last_on", _("Le retour vient après le départ."), is_need=False)]
    if begins < (earliest := terms.earliest(today)):
        early = _("Le prêteur a besoin de temps pour préparer : demandez à partir du %s.") % _day(earliest)
        found.append(Objection("first_on", early, is_need=begins >= today))
    if ends > (latest := terms.latest(today)):
        late = _("Le prêteur ne prend pas de demande au-delà du %s.") % _day(latest)
        found.append(Objection("last_on", late, is_need=False))
    if (days := (asked.last - asked.first) // 2 + 1) > terms.max_days and ends - begins >= timedelta(terms.max_days):
        long = ngettext("Un prêt dure %(most)s jour au plus.", "Un prêt dure %(most)s jours au plus.", terms.max_days)
        found.append(Objection("last_on", long % {"most": terms.max_days, "days": days}, is_need=True))
    for name, half in (("first_on", asked.first), ("last_on", asked.last)):
        if not terms.is_open(half):
            found.append(Objection(name, _closed(terms, half), is_need=True))
    return found


def _closed(terms: Terms, half: int) -> str:
    day = day_of(half)
    if any(first <= day <= last for first, last in terms.closures):
        return _("Le prêteur est fermé le %s.") % _day(day)
    if terms.rests(day):
        return _("Le prêteur est fermé les jours fériés : %s en est un.") % _day(day)
    if terms.hours:
        return _("Le prêteur n'ouvre pas à ce moment : %s.") % terms.hours
    return _("Le prêteur n'ouvre pas à ce moment de la semaine.")


def _of_copies(asked: Asked) -> list[Objection]:
    """More than there are at all: a waiting list would never serve it."""
    most: dict[int | None, int] = {}
    for module in Copy.objects.filter(resource=asked.resource).promised().values_list("module", flat=True):
        most[module] = most.get(module, 0) + 1
    lacking = [most.get(module, 0) for module, count in asked.wanted.items() if count > most.get(module, 0)]
    if not lacking:
        return []
    if not min(lacking):
        none = _("Aucun exemplaire n'est en état d'être prêté pour l'instant.")
        return [Objection("quantity", none, is_need=True)]
    return [Objection("quantity", _("Il n'en existe que %s.") % min(lacking), is_need=True)]


def _of_place(asked: Asked) -> list[Objection]:
    """Outside the zone that its sheet says, when it says one and the place is known."""
    place, zone = asked.place, list(asked.resource.zone.order_by("name", "pk"))
    if place is None or not zone:
        return []
    around = {place.pk, place.epci_id, place.department_id, place.region_id}
    if any(each.pk in around for each in zone):
        return []
    names = ", ".join(each.name for each in zone[:8])
    return [Objection("commune", _("Cette ressource ne se prête que dans sa zone : %s.") % names, is_need=True)]


def _of_borrower(viewer: Viewer, asked: Asked, terms: Terms, today: date) -> list[Objection]:
    found: list[Objection] = []

    def object_to(field: str, sentence: str, *, is_need: bool) -> None:
        found.append(Objection(field, sentence, is_need))

    resource, actor = asked.resource, asked.actor
    network: Network = resource.network
    is_member = actor is not None and membership(network, actor).is_member
    if actor is None and terms.borrowers != Borrowers.ANYONE:
        object_to("actor", _("Ce prêteur prête aux structures de l'annuaire : choisissez la vôtre."), is_need=True)
    elif terms.borrowers == Borrowers.SIGNATORIES and not is_member:
        object_to("actor", _("Ce prêteur prête aux signataires de la charte du réseau."), is_need=True)
    elif terms.borrowers == Borrowers.FAMILIES and actor is not None and actor.family_id not in terms.families:
        other = _("Ce prêteur prête à certaines familles d'acteurs, dont celle-ci n'est pas.")
        object_to("actor", other, is_need=True)
    if terms.open_first_days and not is_member:
        since = day_of(asked.first) - timedelta(days=terms.open_first_days)
        if since > today:
            kept = _("Réservé aux signataires de la charte jusqu'au %s.") % _day(since - timedelta(1))
            object_to("first_on", kept, is_need=True)
    if (until := suspended_until(viewer, asked, today)) is not None:
        halted = _("Vos emprunts sont suspendus jusqu'au %s : écrivez au prêteur pour en parler.") % _day(until)
        object_to("actor", halted, is_need=False)
    if _open_here(viewer, asked) >= terms.at_once:
        enough_now = ngettext(
            "Ce prêteur accepte %s emprunt en cours à la fois : rendez ou annulez d'abord l'autre.",
            "Ce prêteur accepte %s emprunts en cours à la fois : rendez ou annulez d'abord l'un d'eux.",
            terms.at_once,
        )
        object_to("actor", enough_now % terms.at_once, is_need=False)
    return found


def _open_here(viewer: Viewer, asked: Asked) -> int:
    """How many loans whoever asks has with this lender now, with what its waiting list keeps for them. In one's own name: as many as
    the fullest of those one may borrow as, so that a name is no way round a limit."""
    here = {"network": asked.resource.network, "resource__actor": asked.resource.actor_id}
    if asked.actor is not None:
        who = Q(actor=asked.actor)
    else:
        mine = ActorMember.objects.filter(user=viewer.user_id).values("actor")
        who = Q(actor=None, contact=viewer.user_id) | Q(actor__in=mine)
    found: Counter[int | None] = Counter()
    for rows in (Loan.objects.holding(), WaitingEntry.objects.filter(state=WaitingState.OFFERED)):
        found.update(rows.filter(who, **here).values_list("actor", flat=True))
    return max(found.values(), default=0)


def suspended_until(viewer: Viewer, asked: Asked, today: date) -> date | None:
    """The last day of the suspension of the person or of the actor, by this lender or by the network; why is private."""
    return _suspended(viewer.user_id, asked.actor.pk if asked.actor is not None else None, asked.resource, today)


def is_suspended(entry: WaitingEntry, today: date) -> bool:
    """Whether who waits may take nothing now, as `suspended_until` would say once they came."""
    return _suspended(entry.contact_id, entry.actor_id, entry.resource, today) is not None


def _suspended(user: int | None, actor: int | None, resource: Resource, today: date) -> date | None:
    """Of the person whatever the name; of the actor that asks or, in one's own name, of any that one looks after."""
    who = Q(user=user, user__isnull=False)
    if actor is not None:
        who |= Q(actor=actor)
    else:
        who |= Q(actor__in=ActorMember.objects.filter(user=user).values("actor"))
    by = Q(lender=None) | Q(lender=resource.actor_id)
    rows = Suspension.objects.on(today).filter(who, by, network=resource.network_id)
    return rows.order_by("-until").values_list("until", flat=True).first()


def _day(day: date) -> str:
    return date_format(day, "l j F Y")


def lacks(asked: Asked, terms: Terms) -> bool:
    """Whether, in some half-day, fewer copies are free than are wanted. False says nothing yet: they may be free one after the
    other without any being free all the while."""
    if asked.last < asked.first:
        return False
    span = terms.span(asked.first, asked.last)
    shelves = shelves_of(asked.resource, span.taken_first, span.taken_last)
    return any(
        count
        and (
            module not in shelves or not enough(shelves[module].free_by_half(span.taken_first, span.taken_last), count)
        )
        for module, count in asked.wanted.items()
    )


def extension_refused(loan: Loan, terms: Terms, last: int) -> str:
    """Why its lender does not take that later end, "" when it may be asked for. Each half-day is a row: far ones are refused before
    any is written."""
    if last <= loan.last:
        return _("Demandez une date après celle du retour prévu.")
    if last - loan.last > 2 * terms.max_days:
        furthest = _day(day_of(loan.last + 2 * terms.max_days))
        return _("C'est trop loin : ce prêteur prolonge jusqu'au %s au plus.") % furthest
    return "" if terms.is_open(last) else _closed(terms, last)


# --- what else could serve ----------------------------------------------------------------------------------------------


def other_dates(asked: Asked, terms: Terms, today: date) -> list[Span]:
    """The nearest dates as long as those asked for, when it is free and its lender open."""
    if asked.last < asked.first:
        return []
    since = half_of(terms.earliest(today))
    latest = half_of(terms.latest(today), afternoon=True)
    length = asked.last - asked.first
    span = terms.span(asked.first, asked.last)
    starts = nearest_starts(asked.resource, asked.wanted, span, terms, since=since, most=ALTERNATIVES)
    return [terms.span(start, start + length) for start in starts if start + length <= latest]


def look_alikes(viewer: Viewer, asked: Asked, today: date) -> list[Resource]:
    """Other resources of the same nature or with a theme in common, the nearest in kind first, of which the same person would be
    given as many on those dates: the terms of each are read as a request would, and its copies are free all the while."""
    near = _near(viewer, asked)
    terms = terms_of_many(asked.resource.network, near) if near else {}
    quantity = max(asked.wanted.values(), default=1)
    spans = {row.pk: terms[row.pk].span(asked.first, asked.last) for row in near}
    free = free_in({pk: (span.taken_first, span.taken_last) for pk, span in spans.items()}, sets=quantity)
    found: list[Resource] = []
    for row in near:
        if row.pk in free and not objections(viewer, _instead(asked, row, quantity), terms[row.pk], today):
            found.append(row)
            if len(found) == ALTERNATIVES:
                break
    return found


def _near(viewer: Viewer, asked: Asked) -> list[Resource]:
    themes = set(asked.resource.terms.values_list("pk", flat=True))
    lent = [kind for kind, form in FORM_OF.items() if form == Form.LOAN]
    rows = Resource.objects.visible_to(viewer).shown().filter(kind__in=lent, copies__isnull=False)
    rows = rows.filter(Q(kind=asked.resource.kind) | Q(terms__in=themes)).exclude(pk=asked.resource.pk).distinct()
    scored = []
    for row in (
        rows.select_related("actor", "network").prefetch_related("terms").order_by("title_key", "pk")[:_LOOKED_AT]
    ):
        common = len(themes & {term.pk for term in row.terms.all()})
        scored.append((-2 * common - 3 * (row.kind == asked.resource.kind), row.title_key, row.pk, row))
    return [row for *_rank, row in sorted(scored, key=lambda each: each[:3])[:_CLOSEST]]


def _instead(asked: Asked, resource: Resource, quantity: int) -> Asked:
    """The same request, of the whole of another resource: parts are those of the one that was asked for."""
    wanted = whole(resource, quantity)
    return Asked(resource, wanted, asked.first, asked.last, asked.actor, asked.commune)
