"""Candidates of emerging themes → entries of the catalogue."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.themes.catalogue_edits import (
    N_PINNED,
    FoundTheme,
    keep_theme,
    theme_in,
)
from pipeline.errors import UsageError
from pipeline.records import UNKNOWN, Candidate, Catalogue

_MAX_ID = 48
_N_SEEDS = 3
_N_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ListedCandidate:
    """A candidate and the batch whose report has it.

    `accepted_as` is the id of the catalogued theme that some of its members are pinned to.
    """

    candidate: Candidate
    batch_id: str
    accepted_as: str | None


def list_candidates(
    reported: Sequence[tuple[str, Sequence[Candidate]]], catalogue: Catalogue
) -> list[ListedCandidate]:
    """Candidates of several batches, each told once.

    Parameters
    ----------
    reported : sequence of (str, sequence of Candidate)
        Batch id and its candidates, the latest batch first. A candidate that shares an id, or
        half of its members, with one of a later batch is that one, and left out.
    catalogue : Catalogue
        To know which were accepted.
    """
    listed: list[ListedCandidate] = []
    for batch_id, candidates in reported:
        later = [(item.candidate.candidate_id, set(item.candidate.content_ids)) for item in listed]
        for candidate in candidates:
            members = set(candidate.content_ids)
            is_told = any(
                candidate.candidate_id == other_id or 2 * len(members & others) >= len(members)
                for other_id, others in later
            )
            if not is_told:
                listed.append(ListedCandidate(candidate, batch_id, _owner_of(candidate, catalogue)))
    return listed


def find_candidate(given: str, listed: Sequence[ListedCandidate]) -> ListedCandidate:
    """The candidate that `given` names: its id, its name, or the start of one id alone.

    Raises
    ------
    UsageError
        If there is none (the closest is named), or several.
    """
    plain = " ".join(given.split()).casefold()
    by_id = [item for item in listed if item.candidate.candidate_id == plain]
    by_name = [item for item in listed if item.candidate.name.casefold() == plain]
    by_start = [item for item in listed if plain and item.candidate.candidate_id.startswith(plain)]
    found = by_id or by_name or by_start
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(f"'{item.candidate.candidate_id}'" for item in found[:_N_SHOWN])
        raise UsageError(f"accept: {given!r} may be {ids}; write the whole id")
    words = {item.candidate.candidate_id: item.candidate.candidate_id for item in listed}
    words |= {i.candidate.name.casefold(): i.candidate.candidate_id for i in listed}
    close = difflib.get_close_matches(plain, list(words), n=1, cutoff=0.5)
    hint = f"did you mean '{words[close[0]]}'?" if close else "see: newsthemes themes candidates"
    raise UsageError(f"accept: no candidate {given!r} in recent batches; {hint}")


def accept_candidate(
    catalogue: Catalogue, candidate: Candidate, name: str | None = None
) -> tuple[Catalogue, str]:
    """Put a candidate into the catalogue, and give the id of the new theme.

    Its id is made from its name, its description from its most typical headline, its seed phrases
    from its keywords and further headlines; its most typical members are pinned.

    Raises
    ------
    UsageError
        If it was accepted before, or `name` is taken or no name.
    """
    owner = _owner_of(candidate, catalogue)
    if owner is not None:
        raise UsageError(
            f"accept: articles of '{candidate.candidate_id}' are pinned to '{owner}' already; "
            "nothing to do, or give that theme another name with: newsthemes themes rename"
        )
    wanted = " ".join(name.split()) if name is not None else candidate.name
    theme_id = free_id(wanted or candidate.candidate_id, catalogue)
    first, *others = candidate.headlines or (candidate.name,)
    found = FoundTheme(
        theme_id=theme_id,
        name=candidate.name,
        description=_sentence(first),
        seed_phrases=(*filter(None, [" ".join(candidate.keywords)]), *others[:_N_SEEDS]),
        contents=candidate.content_ids,
    )
    return keep_theme(catalogue, found, name=name), theme_id


def free_id(name: str, catalogue: Catalogue) -> str:
    """An id made from a name: small letters, digits and hyphens, not taken by any theme."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    stem = words[:_MAX_ID].rpartition("-")[0] if len(words) > _MAX_ID else words
    stem = stem or words[:_MAX_ID] or "theme"
    taken = {theme.theme_id for theme in catalogue.themes} | {UNKNOWN}
    taken |= {merged for theme in catalogue.themes for merged in theme.merged}
    number, theme_id = 1, stem
    while theme_id in taken:
        number += 1
        theme_id = f"{stem}-{number}"
    return theme_id


def pinned_of(catalogue: Catalogue, theme_id: str) -> tuple[str, ...]:
    """Contents that are pinned to a theme; none where there is no such theme."""
    theme = theme_in(catalogue, theme_id)
    return theme.pinned if theme else ()


def _owner_of(candidate: Candidate, catalogue: Catalogue) -> str | None:
    typical = set(candidate.content_ids[:N_PINNED])
    return next((t.theme_id for t in catalogue.themes if typical.intersection(t.pinned)), None)


def _sentence(headline: str) -> str:
    return headline if headline.endswith((".", "!", "?", "…")) else f"{headline}."
