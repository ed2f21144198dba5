"""Which models were champion before, so that one can go back step by step.

The history is noted as version numbers joined by commas, the oldest first, without the present
champion. Going back takes the last one off; a version that was left that way does not return to it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

#: What the gate says of a version.
PROMOTED, HELD = "promoted", "held"
#: Steps back that are remembered: MLflow cuts what it notes at 5,000 characters.
MAX_STEPS = 500


def past_champions(noted: str | None, promoted: Collection[int], present: int | None) -> list[int]:
    """Champions before the present one, the oldest first.

    Parameters
    ----------
    noted : str or None
        What `note_champions` gave; None where nothing was noted yet, and then the versions that
        the gate promoted before the present one stand for it. Anything that is no number in it
        is passed over.
    promoted : Collection[int]
        Versions that the gate promoted.
    present : int or None
        The champion of today.
    """
    if noted is None:
        return sorted(version for version in promoted if present is None or version < present)
    return [int(step) for step in noted.split(",") if step.strip().isdecimal()]


def note_champions(past: Sequence[int]) -> str:
    """Text that `past_champions` reads; only the last `MAX_STEPS` are kept."""
    return ",".join(str(version) for version in past[-MAX_STEPS:])


def champion_before(
    past: Sequence[int], present: int | None, existing: Collection[int]
) -> tuple[int | None, list[int]]:
    """The last champion that still exists and is not the present one, and those before it.

    (None, []) where there is none.
    """
    for place in range(len(past) - 1, -1, -1):
        if past[place] != present and past[place] in existing:
            return past[place], list(past[:place])
    return None, []
