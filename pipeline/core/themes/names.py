"""Names of themes, made from what their own articles say, each with its evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from pipeline.core.arithmetic import one_thread
from pipeline.core.embeddings import mean_direction
from pipeline.core.themes.keywords import Floats, rows_of_groups, weigh_terms
from pipeline.core.themes.name_candidates import Candidate, Naming, Origin, is_faithful, listed
from pipeline.core.themes.token_table import Ints, TokenTable
from pipeline.records import Encoder, FloatMatrix

#: A name that a model wrote has at most so many words and characters.
MAX_WORDS, MAX_CHARS = 8, 80
#: What the spread of a name's words, and its closeness to its own theme, weigh beside its margin
#: to the next theme.
_LEXICAL, _OWN = 0.4, 0.5
UNNAMED = "Unnamed theme"


class NameWriter(Protocol):
    """What writes a name for a theme: a local language model, say."""

    def write_name(self, titles: Sequence[str], keywords: Sequence[str]) -> str:
        """One short name for articles with these titles; the same for the same input."""


@dataclass(frozen=True, slots=True)
class ThemeName:
    """A name and what speaks for it.

    `share_of_members` is the share of the theme's texts that hold all content words of the name
    (of a list of keywords: any of them), `share_elsewhere` that of all other texts; both are in
    [0, 1]. `evidence` lists rows of members that hold them, most typical first. `origin` says what
    the name was made from; ``given``: it was there before.
    """

    name: str
    share_of_members: float
    share_elsewhere: float
    evidence: tuple[int, ...]
    origin: Origin


def name_themes(
    table: TokenTable,
    groups: Sequence[int],
    fits: Sequence[float],
    keywords: Sequence[Sequence[str]],
    *,
    given: Mapping[int, str] | None = None,
    taken: Collection[str] = (),
    vectors: FloatMatrix | None = None,
    encoder: Encoder | None = None,
    writer: NameWriter | None = None,
    n_evidence: int = 5,
) -> list[ThemeName]:
    """Name each group of texts by a phrase of its own, or by its keywords where none is faithful.

    A phrase (see `phrases_of`) is faithful where all its content words stand together in at least
    `MIN_SHARE` of the group's texts and that share is `MIN_LIFT` times that of all other texts. Of
    the faithful ones the best is taken: its words are in many members and in few other texts, it
    stands in many titles and leads, and, given an encoder, its vector is closer to the group's
    centre than to any other's (the idea of KeyBERT, M. Grootendorst, doi:10.5281/zenodo.4461265,
    with the margin to the next theme added). It is written as running text writes its words.

    Parameters
    ----------
    table : TokenTable
        Words of one text for each article, title first.
    groups : sequence of int
        Group of each text, 0 … n_groups - 1; -1 is background.
    fits : sequence of float
        How typical each text is of its group: more is more. Ties go by row.
    keywords : sequence of sequence of str
        Those of each group, best first, as `keywords_of` gives them. Groups beyond the last that
        `groups` has may follow: they are empty.
    given : mapping, optional
        Names that some groups have already: they are kept, and only get their evidence.
    taken : collection of str
        Further names that may not be used again.
    vectors : array of shape (n, d), optional
        Unit vectors of the texts; used with `encoder` only.
    encoder : Encoder, optional
        Turns phrases into vectors.
    writer : NameWriter, optional
        Asked for a name of each group that has none. Its answer is taken where it is short, unique
        and faithful as above; otherwise the name made here stays.
    n_evidence : int
        Rows of evidence, at most.

    Returns
    -------
    list of ThemeName
        One for each entry of `keywords`, all names different, whatever their case.
    """
    with one_thread():
        weights = weigh_terms(table, groups)
        rows = [_by_fit(own, fits) for own in rows_of_groups(groups)]
        rows += [np.empty(0, dtype=np.int64)] * (len(keywords) - len(rows))
        naming = Naming(
            table, np.array(groups, dtype=np.int64), weights, rows, keywords, n_evidence
        )
        given = given or {}
        candidates = {g: naming.faithful(g) for g in range(len(rows)) if g not in given}
        if encoder is not None and vectors is not None:
            candidates = _weigh_meaning(candidates, naming, vectors, encoder)
        names = {g: _describe(naming, name, g, "given") for g, name in given.items()}
        used = {name.casefold() for name in (*given.values(), *taken)}
        # The larger of two themes that would share a name has it.
        for group in sorted(candidates, key=lambda g: (-len(rows[g]), g)):
            names[group] = _choose(naming, group, candidates[group], used, writer)
            used.add(names[group].name.casefold())
        return [names[g] for g in range(len(rows))]


def _by_fit(rows: Ints, fits: Sequence[float]) -> Ints:
    strength = np.array([fits[row] for row in rows.tolist()], dtype=np.float64)
    return rows[np.lexsort((rows, -np.round(strength, 6)))]


def _choose(
    naming: Naming,
    group: int,
    candidates: Sequence[Candidate],
    used: set[str],
    writer: NameWriter | None,
) -> ThemeName:
    """The best name of a group that is not `used`."""
    if writer is not None and len(naming.rows[group]):
        written = _ask(naming, group, used, writer)
        if written is not None:
            return written
    for candidate in candidates:
        if candidate.name.casefold() not in used:
            return _describe(naming, candidate.name, group, candidate.origin, candidate.parts)
    keywords = naming.keywords[group]
    name = name_from_keywords(keywords, used)
    size = next((k for k in range(3, len(keywords) + 1) if listed(keywords[:k]) == name), 3)
    parts = [naming.terms_of(word) for word in keywords[:size]]
    return _describe(naming, name, group, "keywords" if keywords else "none", parts)


def _ask(naming: Naming, group: int, used: set[str], writer: NameWriter) -> ThemeName | None:
    titles = [naming.title(row) for row in naming.rows[group][:10].tolist()]
    name = " ".join(writer.write_name(titles, naming.keywords[group]).split())
    name = name.strip(" .\"'“”‘’")
    short = 0 < len(name) <= MAX_CHARS and len(name.split()) <= MAX_WORDS
    if not short or not name.isprintable() or name.casefold() in used:
        return None
    found = _describe(naming, name, group, "writer")
    faithful = is_faithful(found.share_of_members, found.share_elsewhere)
    return found if faithful else None


def _describe(
    naming: Naming,
    name: str,
    group: int,
    origin: Origin,
    parts: Sequence[Sequence[int]] | None = None,
) -> ThemeName:
    """A name with the texts that bear it; without `parts`, those that hold all its words."""
    texts = naming.texts_with_any([naming.terms_of(name)] if parts is None else parts)
    here, elsewhere = naming.shares(texts, group)
    rows = naming.rows[group]
    bearing = rows[np.isin(rows, texts)][: naming.n_evidence].tolist()
    return ThemeName(name, round(here, 4), round(elsewhere, 4), tuple(bearing), origin)


def _weigh_meaning(
    candidates: dict[int, list[Candidate]],
    naming: Naming,
    vectors: FloatMatrix,
    encoder: Encoder,
) -> dict[int, list[Candidate]]:
    """Add to each score how close the name is to its own theme, and how much closer than to any.

    Its vector is compared with the centres of all themes.
    """
    written = sorted({c.name for found in candidates.values() for c in found})
    if not written:
        return candidates
    place = {text: i for i, text in enumerate(written)}
    near = encoder.encode(written).astype(np.float64) @ _centres(naming.rows, vectors).T
    weighed = {}
    for group, found in candidates.items():
        new = []
        for candidate in found:
            own = near[place[candidate.name]]
            margin = own[group] - np.delete(own, group).max(initial=-1 if len(own) > 1 else 0)
            score = _LEXICAL * candidate.score + margin + _OWN * own[group]
            new.append(replace(candidate, score=round(float(score), 6)))
        weighed[group] = sorted(new, key=lambda c: -c.score)
    return weighed


def _centres(rows: Sequence[Ints], vectors: FloatMatrix) -> Floats:
    centres = np.zeros((len(rows), vectors.shape[1]))
    for group, own in enumerate(rows):
        if len(own):
            centres[group] = mean_direction(vectors[own])
    return centres


def name_from_keywords(keywords: Sequence[str], taken: Collection[str]) -> str:
    """Name a theme by its best keywords: three of them, more if that name is taken.

    `taken` holds names in use, case-folded. Without keywords the theme is called ``Unnamed
    theme``; a number is added where nothing else helps.
    """
    for size in range(min(3, len(keywords)), len(keywords) + 1):
        if size:
            name = listed(keywords[:size])
            if name.casefold() not in taken:
                return name
    stem_name = listed(keywords[:3]) or UNNAMED
    if not keywords and stem_name.casefold() not in taken:
        return stem_name
    number = 2
    while f"{stem_name} {number}".casefold() in taken:
        number += 1
    return f"{stem_name} {number}"
