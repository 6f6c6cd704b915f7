"""From pairs to groups: records are of one group when they agree on average, never through a chain.

Average link (Sokal & Michener 1958): the two groups whose records agree best on average are joined, as long as that average
probability reaches a threshold. A pair that was not compared counts as 0.
"""

from collections.abc import Mapping
from heapq import heapify, heappop, heappush


def groups(pairs: Mapping[tuple[int, int], float], threshold: float = 0.5) -> list[list[int]]:
    """Groups of two or more positions, each sorted, by first member.

    `pairs` gives the probability of each pair compared. Raises ValueError unless 0 < threshold <= 1.
    """
    if not 0 < threshold <= 1:
        raise ValueError("the threshold is a probability")
    members: dict[int, list[int]] = {}
    sums: dict[int, dict[int, float]] = {}
    for (one, other), likelihood in pairs.items():
        for here, there in ((one, other), (other, one)):
            members.setdefault(here, [here])
            sums.setdefault(here, {})[there] = likelihood

    # A group is named by its least member; an entry of the heap is stale once either group has grown or gone.
    def entry(here: int, there: int) -> tuple[float, int, int, int, int]:
        one, other = sorted((here, there))
        sizes = len(members[one]), len(members[other])
        return (-sums[one][other] / (sizes[0] * sizes[1]), one, other, *sizes)

    heap = [entry(one, other) for (one, other), likelihood in pairs.items() if likelihood >= threshold]
    heapify(heap)
    while heap:
        _average, one, other, *sizes = heappop(heap)
        if one not in members or other not in members or [len(members[one]), len(members[other])] != sizes:
            continue
        members[one] += members.pop(other)
        sums[one].pop(other)
        for third, total in sums.pop(other).items():
            if third != one:
                del sums[third][other]
                sums[one][third] = sums[third][one] = sums[one].get(third, 0.0) + total
        for third in sums[one]:
            if -(new := entry(one, third))[0] >= threshold:
                heappush(heap, new)
    return sorted(sorted(each) for each in members.values() if len(each) > 1)
