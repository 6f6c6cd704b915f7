"""Taking copies for half-days, and giving them back: what loans and tours stand on.

Called inside the transaction of the act that needs it, which has its own rule and its own words in the journal. Everything
begins by holding the network, then the resources, in that order and by key. The constraint of `Occupancy` is the last word:
whoever would take what is taken gets `Taken`, and nothing of theirs was written.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from maillage.catalogue.engine.halves import Span
from maillage.catalogue.engine.packing import Wish, pack
from maillage.catalogue.enums import BookingKind, CopyState
from maillage.catalogue.models import Booking, Component, Copy, Hold, Occupancy, Resource
from maillage.catalogue.queries.availability import Interval, Wanted, taken_of
from maillage.core.errors import Conflict
from maillage.networks.models import Network

_NEW = 0  # Keys of what is not a hold yet go down from here: those of holds go up.


class Taken(Conflict):
    """Not enough copies are free for all of the half-days; `module` is the one that lacks (None without modules)."""

    def __init__(self, module: int | None = None) -> None:
        super().__init__(_("Il n'en reste pas assez de libres à ces dates."))
        self.module = module


def hold_stock(resource: Resource) -> None:
    """Lock the network, then the resource and those tied to it."""
    if not connection.features.has_select_for_update:
        return
    list(Network.objects.filter(pk=resource.network_id).select_for_update().values_list("pk", flat=True))
    keys = tied_to(resource)
    list(Resource.objects.filter(pk__in=keys).order_by("pk").select_for_update().values_list("pk", flat=True))


def tied_to(resource: Resource) -> set[int]:
    """It, and those whose copies lie in its copies, or have its copies in theirs: what frees one may free the others."""
    own = Copy.objects.filter(resource=resource)
    parts = Component.objects.filter(kit__in=own).values_list("part__resource", flat=True)
    kits = Component.objects.filter(part__in=own).values_list("kit__resource", flat=True)
    return {resource.pk, *parts, *kits}


def occupy(
    *, resource: Resource, kind: BookingKind, span: Span, wanted: Wanted, copies: Sequence[Copy] = (), note: str = ""
) -> Booking:
    """Take so many copies of each module for the span, or exactly `copies`, which are then exchanged no more. `Taken` when they are
    not free; bookings that are not prepared yet may get another copy of the same module, so that all fit."""
    with transaction.atomic():
        hold_stock(resource)
        if copies:
            chosen = [copy.pk for copy in copies]
        else:
            chosen = [copy for module, count in wanted.items() for copy in _room(resource, module, span, count)]
        booking = Booking.objects.create(
            resource=resource, kind=kind, first=span.first, last=span.last,
            transport=span.transport, setup=span.setup, buffer=span.buffer, note=note[:200],
        )  # fmt: skip
        for copy in sorted(chosen):
            _take(booking, copy, span, is_fixed=bool(copies))
    return booking


def extend(booking: Booking, last: int, *, copies: Iterable[int] | None = None) -> None:
    """The use of these copies (all of them when not said) goes on to `last`, or ends then when it is sooner. `Taken` when someone
    else has them after, whom no other copy of the same module can serve."""
    with transaction.atomic():
        hold_stock(booking.resource)
        booking.refresh_from_db()
        span = Span(booking.first, last, booking.transport, booking.setup, booking.buffer)
        held = booking.holds.filter(via=None).select_related("copy").order_by("copy")
        holds = list(held if copies is None else held.filter(copy__in=list(copies)))
        longer = [hold for hold in holds if span.taken_last > hold.last]
        if longer:
            for module in {hold.copy.module_id for hold in longer}:
                wishes = [
                    Wish(hold.pk, hold.first, span.taken_last, held=hold.copy_id)
                    for hold in longer
                    if hold.copy.module_id == module
                ]
                _repack(booking.resource, module, wishes)
        for hold in holds:
            for each in [hold, *hold.brought.all()]:
                _write(each, each.copy_id, span, until=span.taken_last)
        booking.last = last
        booking.save(update_fields=["last", "updated_at"])


def release(booking: Booking, *, copies: Iterable[int] | None = None, after: int | None = None) -> None:
    """Free these copies (all of them when not said), from the half-day that follows `after` on (the whole time when None)."""
    with transaction.atomic():
        hold_stock(booking.resource)
        holds = booking.holds.filter(via=None)
        if copies is not None:
            holds = holds.filter(copy__in=list(copies))
        for hold in holds:
            rows = Hold.objects.filter(pk__in=[hold.pk, *hold.brought.values_list("pk", flat=True)])
            if after is None or after < hold.first:
                rows.filter(pk=hold.pk).delete()
            elif after < hold.last:
                Occupancy.objects.filter(hold__in=rows, half__gt=after).delete()
                rows.update(last=after)


def assign(hold: Hold, copy: Copy) -> None:
    """That copy serves the booking; whoever had it, and is not prepared yet, gets another. `Taken` when that cannot be."""
    with transaction.atomic():
        hold_stock(copy.resource)
        hold.refresh_from_db()
        if hold.copy_id == copy.pk:
            return
        _repack(copy.resource, copy.module_id, [Wish(hold.pk, hold.first, hold.last, held=copy.pk)])


def fix(booking: Booking) -> None:
    """Its copies are exchanged no more: they were prepared, or left."""
    booking.holds.update(is_fixed=True)


def hand_on(*, giving: Booking, receiving: Booking, copies: Iterable[int], half: int) -> None:
    """These copies go straight from a booking to the next: the former has them until `half`, the latter from it on, however much
    later it was to begin. `Taken` when someone else has them in between."""
    with transaction.atomic():
        hold_stock(giving.resource)
        span = _span_of(receiving)
        for copy in sorted(copies):
            old = giving.holds.filter(copy=copy, via=None).first()
            new = receiving.holds.filter(copy=copy, via=None).first()
            if new is None:
                raise Taken
            if old is not None:
                rows = Hold.objects.filter(pk__in=[old.pk, *old.brought.values_list("pk", flat=True)])
                Occupancy.objects.filter(hold__in=rows, half__gte=half).delete()
                rows.filter(first__gte=half, pk=old.pk).delete()
                rows.filter(first__lt=half, last__gte=half).update(last=half - 1)
            if half < new.first:
                for each in [new, *new.brought.all()]:
                    each.first = half
                    each.save(update_fields=["first"])
                    _write(each, each.copy_id, span, until=each.last)


def move_away(copy: Copy) -> None:
    """A copy that may be promised no more, and what lies in it when it is lost: what is not prepared yet goes to others, as far as they
    serve all of it."""
    with transaction.atomic():
        hold_stock(copy.resource)
        if copy.state == CopyState.LOST:
            for component in copy.components.select_related("part__resource").order_by("part"):
                move_away(component.part)
        for hold in Hold.objects.filter(copy=copy, is_fixed=False, via=None).order_by("first", "pk"):
            try:
                with transaction.atomic():
                    _repack(copy.resource, copy.module_id, [Wish(hold.pk, hold.first, hold.last)])
            except Taken:
                continue  # It stays on the copy that lacks: `queries.availability.endangered` tells of it.


def _room(resource: Resource, module: int | None, span: Span, count: int) -> list[int]:
    """So many free copies for the span, once those already booked have been packed tighter if need be."""
    if count <= 0:
        return []
    copies = _copies(resource, module)
    busy = taken_of(copies, span.taken_first, span.taken_last)
    free = [copy for copy in copies if copy not in busy]
    if len(free) >= count:
        return free[:count]
    wishes = [Wish(_NEW - rank, span.taken_first, span.taken_last) for rank in range(1, count + 1)]
    given = _repack(resource, module, wishes)
    return [given[wish.key] for wish in wishes]


def _copies(resource: Resource, module: int | None) -> list[int]:
    """Those that may be promised, the ones that lie in kits last."""
    found = Copy.objects.filter(resource=resource, module=module).promised().order_by("label", "pk")
    rows = list(found.values_list("pk", flat=True))
    inside = set(Component.objects.filter(part__in=rows).values_list("part", flat=True))
    return sorted(rows, key=lambda copy: copy in inside)


def _repack(resource: Resource, module: int | None, wishes: Sequence[Wish]) -> dict[int, int]:
    """Give a copy to each wish, moving what may move; writes the moves of holds, and says what each wish got. `Taken` when they do
    not all fit. What has parts, or is a part, is never moved: other resources stand on it."""
    copies = _copies(resource, module)
    asked = {wish.key for wish in wishes}
    tied = set(Component.objects.filter(kit__in=copies).values_list("kit", flat=True))
    tied |= set(Component.objects.filter(part__in=copies).values_list("part", flat=True))
    own = Hold.objects.filter(copy__resource=resource, copy__module=module)
    movable = own.filter(is_fixed=False, via=None, copy__in=copies).exclude(copy__in=tied).exclude(pk__in=asked)
    # Who had what in the past stays as it was.
    movable = movable.filter(last__gte=min(wish.first for wish in wishes))
    moving = list(movable.order_by("pk").values_list("pk", "first", "last", "copy"))
    free_to_move = {row[0] for row in moving} | asked
    begins = min([wish.first for wish in wishes] + [row[1] for row in moving])
    ends = max([wish.last for wish in wishes] + [row[2] for row in moving])
    given = pack(
        [*wishes, *(Wish(pk, first, last, liked=copy) for pk, first, last, copy in moving)],
        copies,
        _taken_by_others(copies, begins, ends, free_to_move),
    )
    if given is None:
        raise Taken(module)
    _move(given)
    return given


def _taken_by_others(copies: Sequence[int], first: int, last: int, but: set[int]) -> dict[int, list[Interval]]:
    """What holds these copies, or what lies in them, without the holds `but` and what they bring along."""
    inside = dict(Component.objects.filter(kit__in=copies).values_list("part", "kit"))
    found: dict[int, list[Interval]] = {}
    holds = Hold.objects.filter(copy__in=[*copies, *inside], first__lte=last, last__gte=first)
    for pk, via, copy, begins, ends in holds.order_by().values_list("pk", "via", "copy", "first", "last"):
        if pk not in but and via not in but:
            found.setdefault(inside.get(copy, copy), []).append((begins, ends))
    return found


def _move(given: Mapping[int, int]) -> None:
    """Write what changed hands. All leave their copy before any takes another; of one booking, those that may keep theirs do."""
    holds = list(Hold.objects.filter(pk__in=[key for key in given if key > 0]).select_related("booking").order_by("pk"))
    by_booking: dict[int, list[Hold]] = {}
    for hold in holds:
        by_booking.setdefault(hold.booking_id, []).append(hold)
    moves: list[tuple[Hold, int]] = []
    for same in by_booking.values():
        new = {given[hold.pk] for hold in same}
        leaving = [hold for hold in same if hold.copy_id not in new]
        moves += zip(leaving, sorted(new - {hold.copy_id for hold in same}), strict=True)
    Occupancy.objects.filter(hold__in=[hold for hold, _copy in moves]).delete()
    for hold, _copy in moves:
        hold.brought.all().delete()
    for hold, copy in sorted(moves, key=lambda move: move[1]):
        hold.copy_id = copy
        hold.save(update_fields=["copy"])
        span = _span_of(hold.booking)
        _write(hold, copy, span, until=hold.last)
        _bring(hold, span)


def _span_of(booking: Booking) -> Span:
    return Span(booking.first, booking.last, booking.transport, booking.setup, booking.buffer)


def _take(booking: Booking, copy: int, span: Span, *, is_fixed: bool) -> None:
    hold = Hold.objects.create(
        booking=booking, copy_id=copy, first=span.taken_first, last=span.taken_last, is_fixed=is_fixed
    )
    _write(hold, copy, span, until=span.taken_last)
    _bring(hold, span)


def _bring(hold: Hold, span: Span) -> None:
    """What lies in a kit goes with it."""
    for part in Component.objects.filter(kit=hold.copy_id).order_by("part").values_list("part", flat=True):
        brought, is_new = Hold.objects.get_or_create(
            booking=hold.booking,
            copy_id=part,
            defaults={"via": hold, "first": hold.first, "last": hold.last, "is_fixed": hold.is_fixed},
        )
        if not is_new:
            raise Taken
        _write(brought, part, span, until=hold.last)


def _write(hold: Hold, copy: int, span: Span, *, until: int) -> None:
    """The half-days of a hold, to `until`: those that lack are added, those beyond leave, the others say what they are for now."""
    there = {row.half: row for row in hold.occupancies.all()}
    Occupancy.objects.filter(pk__in=[row.pk for half, row in there.items() if half > until]).delete()
    for part in set(map(span.part_of, range(hold.first, until + 1))):
        changed = [row.pk for half, row in there.items() if half <= until and span.part_of(half) == part != row.part]
        if changed:
            Occupancy.objects.filter(pk__in=changed).update(part=part)
    rows = [
        Occupancy(hold=hold, copy_id=copy, half=half, part=span.part_of(half))
        for half in range(hold.first, until + 1)
        if half not in there
    ]
    try:
        with transaction.atomic():
            Occupancy.objects.bulk_create(rows)
    except IntegrityError:
        raise Taken from None
    if hold.last != until:
        hold.last = until
        hold.save(update_fields=["last"])
