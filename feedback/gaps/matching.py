"""Which of last night's gaps a cluster of tonight is: pure set arithmetic on names of wordings."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

ALIKE = 0.5
"""Share of their union that a cluster and a gap have in common when they are the same."""


def match(
    clusters: Sequence[AbstractSet[str]],
    standing: Mapping[int, AbstractSet[str]],
    pinned: Mapping[str, int],
) -> list[int | None]:
    """The gap that each cluster continues, None for a new one; each gap goes to one cluster.

    A cluster that holds a wording which a person put into a gap is that gap. All others go by the
    Jaccard index of their members, the most alike first.
    """
    found: list[int | None] = [_pinned(cluster, pinned) for cluster in clusters]
    taken = {gap for gap in found if gap is not None} | set(pinned.values())
    pairs = sorted(
        (-alike, gap, place)
        for place, cluster in enumerate(clusters)
        if found[place] is None
        for gap, members in standing.items()
        if gap not in taken and (alike := jaccard(cluster, members)) >= ALIKE
    )
    for _, gap, place in pairs:
        if found[place] is None and gap not in taken:
            found[place] = gap
            taken.add(gap)
    return found


def jaccard(one: AbstractSet[str], two: AbstractSet[str]) -> float:
    """What two sets have in common, as a share of what they have together; 0 for empty ones."""
    together = len(one | two)
    return len(one & two) / together if together else 0.0


def resolve(gap: int, joined: Mapping[int, int]) -> int:
    """The gap that stands for this one, after all joining."""
    while gap in joined:
        gap = joined[gap]
    return gap


def _pinned(cluster: AbstractSet[str], pinned: Mapping[str, int]) -> int | None:
    return next((pinned[name] for name in sorted(cluster) if name in pinned), None)
