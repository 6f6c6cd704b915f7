"""When copies are free. A copy is not while a booking holds it, nor while something that lies in it (a kit) is held."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Q

from maillage.catalogue.engine.halves import Span
from maillage.catalogue.enums import BookingKind, CopyState
from maillage.catalogue.models import Component, Copy, Hold, Resource
from maillage.catalogue.queries.lending import Terms

Interval = tuple[int, int]
Wanted = Mapping[int | None, int]
"""How many copies of each module (None: of a resource that has none)."""


@dataclass(frozen=True)
class Shelf:
    """The copies of a module that may be promised, and what is taken of each: `taken[copy]` merged and sorted intervals of half-days,
    both ends included."""

    module: int | None
    copies: tuple[int, ...]
    taken: Mapping[int, tuple[Interval, ...]]

    def free_by_half(self, first: int, last: int) -> list[int]:
        """How many copies are free, half-day by half-day, from `first` to `last`."""
        steps = [0] * (last - first + 2)
        for copy in self.copies:
            for begins, ends in self.taken.get(copy, ()):
                if begins <= last and ends >= first:
                    steps[max(begins, first) - first] -= 1
                    steps[min(ends, last) + 1 - first] += 1
        return [len(self.copies) + change for change in accumulate(steps[:-1])]


def shelves_of(resource: Resource, first: int, last: int) -> dict[int | None, Shelf]:
    """By module, what is taken between two half-days; modules without a copy are there too."""
    modules: dict[int | None, list[int]] = {pk: [] for pk in resource.modules.values_list("pk", flat=True)} or {
        None: []
    }
    for copy, module in Copy.objects.filter(resource=resource).promised().values_list("pk", "module"):
        modules.setdefault(module, []).append(copy)
    taken = taken_of([copy for copies in modules.values() for copy in copies], first, last)
    return {
        module: Shelf(module, tuple(copies), {copy: taken[copy] for copy in copies if copy in taken})
        for module, copies in modules.items()
    }


def taken_of(copies: Sequence[int], first: int, last: int) -> dict[int, tuple[Interval, ...]]:
    """What is taken of each copy between two half-days, in two queries however many they are; free ones are left out."""
    parts: dict[int, list[int]] = defaultdict(list)
    for kit, part in Component.objects.filter(kit__in=copies).values_list("kit", "part"):
        parts[part].append(kit)
    found: dict[int, list[Interval]] = defaultdict(list)
    holds = Hold.objects.filter(copy__in=[*copies, *parts], first__lte=last, last__gte=first)
    wanted = set(copies)
    for copy, begins, ends in holds.order_by().values_list("copy", "first", "last"):
        if copy in wanted:
            found[copy].append((begins, ends))
        for kit in parts.get(copy, ()):
            found[kit].append((begins, ends))
    return {copy: merged(intervals) for copy, intervals in found.items()}


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same half-days, as few intervals as may be, in order."""
    result: list[Interval] = []
    for begins, ends in sorted(intervals):
        if result and begins <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], ends))
        else:
            result.append((begins, ends))
    return tuple(result)


def whole(resource: Resource, quantity: int) -> Wanted:
    """So many of the resource: of each of its modules."""
    modules = list(resource.modules.values_list("pk", flat=True))
    return dict.fromkeys(modules, quantity) if modules else {None: quantity}


def sets_free(resource: Resource, first: int, last: int) -> list[int]:
    """How many whole ones (a copy of each module) are free, half-day by half-day."""
    shelves = shelves_of(resource, first, last).values()
    return [min(counts) for counts in zip(*(shelf.free_by_half(first, last) for shelf in shelves), strict=True)]


def enough(counts: Sequence[int], wanted: int) -> bool:
    return min(counts, default=0) >= wanted


def free_starts(resource: Resource, wanted: Wanted, span: Span, terms: Terms, first: int, last: int) -> list[int]:
    """The half-days between `first` and `last` from which a use as long as that of `span` would be possible: everything that is
    wanted is free, and it begins and ends when its lender is open."""
    length, before, after = span.last - span.first, span.first - span.taken_first, span.taken_last - span.last
    begin, end = first - before, last + length + after
    shelves = shelves_of(resource, begin, end)
    lacking = [0] * (end - begin + 2)
    for module, count in wanted.items():
        if count and (shelf := shelves.get(module)) is not None:
            for at, free in enumerate(shelf.free_by_half(begin, end)):
                lacking[at + 1] += free < count
        elif count:
            return []
    summed = list(accumulate(lacking))
    return [
        start
        for start in range(first, last + 1)
        if summed[start + length + after - begin + 1] == summed[start - before - begin]
        and terms.is_open(start)
        and terms.is_open(start + length)
    ]


def nearest_starts(
    resource: Resource, wanted: Wanted, span: Span, terms: Terms, *, since: int, most: int = 3
) -> list[int]:
    """The starts nearest to that of `span`, within four months and not before `since`, in order of time."""
    reach = 2 * 122
    starts = free_starts(resource, wanted, span, terms, max(since, span.first - reach), span.first + reach)
    return sorted(sorted(starts, key=lambda start: (abs(start - span.first), start))[:most])


def free_in(asked: Mapping[int, Interval], *, sets: int = 1) -> set[int]:
    """Of these resources, each with half-days of its own, those with so many whole sets free all the while, in four queries however many
    they are."""
    if not asked:
        return set()
    keys = list(asked)
    shelves: dict[int, dict[int | None, list[int]]] = defaultdict(lambda: defaultdict(list))
    for resource, module, copy in (
        Copy.objects.filter(resource__in=keys).promised().order_by().values_list("resource", "module", "pk")
    ):
        shelves[resource][module].append(copy)
    needed: dict[int, set[int | None]] = defaultdict(set)
    for resource, module in Resource.objects.filter(pk__in=keys).order_by().values_list("pk", "modules"):
        needed[resource].add(module)
    begins, ends = min(first for first, _last in asked.values()), max(last for _first, last in asked.values())
    taken = _taken_in(keys, begins, ends)

    def is_free(copy: int, first: int, last: int) -> bool:
        return not any(begins <= last and ends >= first for begins, ends in taken.get(copy, ()))

    return {
        key
        for key, span in asked.items()
        if shelves.get(key)
        and all(sum(is_free(copy, *span) for copy in shelves[key].get(module, ())) >= sets for module in needed[key])
    }


def _taken_in(resources: Sequence[int], first: int, last: int) -> dict[int, list[Interval]]:
    """As `taken_of`, of all the copies of these resources, which are not named one by one: there are thousands."""
    found: dict[int, list[Interval]] = defaultdict(list)
    parts: dict[int, list[int]] = defaultdict(list)
    for kit, part in Component.objects.filter(kit__resource__in=resources).order_by().values_list("kit", "part"):
        parts[part].append(kit)
    then = Hold.objects.filter(first__lte=last, last__gte=first).order_by()
    for copy, begins, ends in then.filter(copy__resource__in=resources).values_list("copy", "first", "last"):
        found[copy].append((begins, ends))
    for copy, begins, ends in then.filter(copy__in=parts).values_list("copy", "first", "last") if parts else ():
        for kit in parts[copy]:
            found[kit].append((begins, ends))
    return found


def endangered(resource: Resource, since: int, kind: str = BookingKind.LOAN) -> list[Hold]:
    """What is promised from a half-day on with copies that may be promised no more: lost, damaged, in repair; or that lie in a kit
    which is damaged, and may be too. A part of a kit tells of the booking of the kit."""
    unfit = ~Q(copy__in=Copy.objects.promised()) | Q(copy__inside__kit__state=CopyState.DAMAGED)
    holds = Hold.objects.filter(unfit, copy__resource=resource, last__gte=since, booking__kind=kind)
    return list(holds.select_related("booking", "copy"))
