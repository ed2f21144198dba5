"""Which articles were there before: near copies among many earlier ones, by the test of copies.

Earlier articles lie in an index on disk, under a few hashes each: the smallest of a text's word
triples, so that two texts share one about as surely as they share triples (Broder, "On the
resemblance and containment of documents", 1997). Those found by it are held against the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from pipeline.core.copies.matching import Matcher
from pipeline.core.copies.sketches import Postings, Sketch

#: Hashes of each text in the index: of the triples that sketches of all lengths keep, and as many
#: of all triples of a text so short that few of them are kept.
_N_HASHES = 12
_SHORT_WORDS = 120
#: Two bits that a triple lacks that every sketch keeps; hashes of triples lie below those of
#: pairs and single words.
_KEPT_BY_ALL = np.uint32(3)
_END_OF_TRIPLES = np.uint32(1 << 31)


def index_hashes(sketch: Sketch) -> list[int]:
    """Hashes under which a text is found again, at most 24, sorted and distinct."""
    triples = sketch.hashes[sketch.hashes < _END_OF_TRIPLES]
    chosen = {int(value) for value in triples[(triples & _KEPT_BY_ALL) == 0][:_N_HASHES]}
    if sketch.n_words < _SHORT_WORDS:
        chosen |= {int(value) for value in triples[:_N_HASHES]}
    return sorted(chosen)


def find_earlier(
    sketches: Sequence[Sketch],
    earlier: Mapping[str, Sequence[Sketch]],
    text_of: Callable[[str], str],
    *,
    near_duplicate: float,
    contained_duplicate: float,
) -> dict[str, list[str]]:
    """Find which of their likely predecessors articles are near copies of.

    Parameters
    ----------
    sketches : Sequence[Sketch]
        New articles; content ids unique.
    earlier : Mapping[str, Sequence[Sketch]]
        Content id of a new article → earlier articles that may be it.
    text_of : callable
        Gives the text of a content id, new or earlier.
    near_duplicate, contained_duplicate : float
        As for `find_copies`; a part of a text is no near copy of it.

    Returns
    -------
    dict
        Content id of a new article → content ids of earlier ones, sorted; those that have any.
    """
    known = {sketch.content_id: sketch for found in earlier.values() for sketch in found}
    heads = [*sketches, *(known[i] for i in sorted(known))]
    # The rarity of a word, which judges briefs, is that among these texts.
    matcher = Matcher(
        heads,
        text_of,
        Postings(heads),
        near_duplicate=near_duplicate,
        contained_duplicate=contained_duplicate,
    )
    place = {content_id: len(sketches) + i for i, content_id in enumerate(sorted(known))}
    copies: dict[str, list[str]] = {}
    for number, sketch in enumerate(sketches):
        for candidate in sorted(earlier.get(sketch.content_id, ()), key=lambda s: s.content_id):
            if sketch.text_key == candidate.text_key or _is_near(
                matcher, heads, number, place[candidate.content_id]
            ):
                copies.setdefault(sketch.content_id, []).append(candidate.content_id)
    return copies


def _is_near(matcher: Matcher, heads: Sequence[Sketch], one: int, other: int) -> bool:
    shorter, longer = sorted((one, other), key=lambda i: (heads[i].n_words, -i))
    match = matcher.match(shorter, longer)
    return match is not None and match.is_near
