"""Articles → groups of copies.

Texts are visited longest first; each joins the group of an earlier one that it is a copy of, or
opens its own. So every copy has been held against the longest of its group, chains (A like B, B
like C, C unlike A) never merge, and the order of the input changes nothing.

A copy is told by what it covers (`likeness`, `matching`): `near` if most of both texts stands in
the other, `contained` if nearly all of the shorter stands in the longer. Words may have been
replaced, left out or put in, and paragraphs moved. Equal texts below other headlines are one text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.core.copies.likeness import Spans, overlap
from pipeline.core.copies.matching import Match, Matcher
from pipeline.core.copies.sketches import SHORT, Postings, Sketch, sketch_article
from pipeline.records import Article, DuplicateKind

__all__ = ["CopyMark", "Sketch", "find_copies", "group_duplicates", "mark_copy", "sketch_article"]

#: Parts of one text belong together if they overlap by this share of the shorter: a round-up, or
#: an article that runs on into the next one, holds several that are no copies of one another.
_MIN_OVERLAP = 0.5
#: Groups are formed again while copies are found to lie between two of them, at most so often.
_MAX_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class CopyMark:
    """What an article is among its copies; the fields are those of `Article`."""

    duplicate_group: str
    duplicate_kind: DuplicateKind
    is_canonical: bool
    carried_by: tuple[str, ...]


def find_copies(
    sketches: Sequence[Sketch],
    text_of: Callable[[str], str],
    *,
    near_duplicate: float,
    contained_duplicate: float,
) -> dict[str, CopyMark]:
    """Find copies and say of each article which group it belongs to.

    The canonical article of a group is the earliest (undated ones last), then the longest, then
    the one with the smallest ids, among those that are not merely a part of another. It is
    `unique`; the others are what they are to the longest of the group.

    Parameters
    ----------
    sketches : sequence of Sketch
        One for each article, in any order.
    text_of : callable
        Gives the text of a content id; called for likely copies only.
    near_duplicate : float
        Share of both texts that must stand in the other, edited words included, for them to be
        near copies, in (0, 1].
    contained_duplicate : float
        Share of the shorter text that must stand in the longer for it to be a part of it, in
        (0, 1].

    Returns
    -------
    dict
        Article id → CopyMark, with `duplicate_group` the content id of the canonical article; one
        canonical for each group.
    """
    texts = _gather(sketches)
    heads = [copies[0] for copies in texts]
    postings = Postings(heads)
    matcher = Matcher(
        heads,
        text_of,
        postings,
        near_duplicate=near_duplicate,
        contained_duplicate=contained_duplicate,
    )
    groups = _Groups(heads, matcher)
    for number, earlier in enumerate(postings.find_candidates()):
        groups.propose(number, earlier.tolist())
    places = groups.settle()
    members: dict[int, list[_Member]] = {}
    for number, (longest, kind) in enumerate(places):
        members.setdefault(longest, []).append(_Member(texts[number], kind))
    return {key: mark for group in members.values() for key, mark in _resolve(group)}


def _gather(sketches: Sequence[Sketch]) -> list[tuple[Sketch, ...]]:
    """Articles that read the same, best first; the longest text first."""
    texts: dict[int, list[Sketch]] = {}
    for sketch in sorted(sketches, key=_preference):
        texts.setdefault(sketch.text_key, []).append(sketch)
    ordered = sorted(texts.values(), key=lambda copies: (-copies[0].n_words, copies[0].text_key))
    return [tuple(copies) for copies in ordered]


def mark_copy(article: Article, mark: CopyMark) -> Article:
    """Return `article` with what `find_copies` says of it."""
    return replace(
        article,
        duplicate_group=mark.duplicate_group,
        duplicate_kind=mark.duplicate_kind,
        is_canonical=mark.is_canonical,
        carried_by=mark.carried_by,
    )


def group_duplicates(
    articles: Sequence[Article], *, near_duplicate: float, contained_duplicate: float
) -> list[Article]:
    """`find_copies` for articles that are all in memory.

    Returns
    -------
    list of Article
        The same articles in the same order, marked; what they said of copies is ignored.
    """
    texts = {article.content_id: article.text for article in articles}
    marks = find_copies(
        [sketch_article(article) for article in articles],
        texts.__getitem__,
        near_duplicate=near_duplicate,
        contained_duplicate=contained_duplicate,
    )
    return [mark_copy(article, marks[article.article_id]) for article in articles]


@dataclass(frozen=True, slots=True)
class _Member:
    """One text of a group, its articles best first; `kind` is None for the longest one."""

    copies: tuple[Sketch, ...]
    kind: DuplicateKind | None


def _resolve(members: Sequence[_Member]) -> Iterator[tuple[str, CopyMark]]:
    """Choose the canonical of a group, and say of all its articles what they are."""
    whole = [member.copies[0] for member in members if member.kind != "contained"]
    canonical = min(whole, key=_preference)
    sources = {copy.source for member in members for copy in member.copies if copy.source}
    for member in members:
        for copy in member.copies:
            # Likeness is mutual: where a near copy is canonical, the longest is the near copy.
            kind = member.kind or "near"
            if copy.content_id == canonical.content_id:
                kind = "exact"
            yield (
                copy.article_id,
                CopyMark(
                    duplicate_group=canonical.content_id,
                    duplicate_kind="unique" if copy is canonical else kind,
                    is_canonical=copy is canonical,
                    carried_by=tuple(sorted(sources)),
                ),
            )


def _preference(sketch: Sketch) -> tuple[bool, str, int, str, str]:
    published = sketch.published or ""
    return (not published, published, -sketch.n_chars, sketch.content_id, sketch.article_id)


Place = tuple[int, DuplicateKind | None]


class _Groups:
    """Which group each text is in, by the number of the group's longest text."""

    def __init__(self, texts: Sequence[Sketch], matcher: Matcher) -> None:
        self._texts = texts
        self._matcher = matcher
        self._candidates: dict[int, list[int]] = {}
        self._heads: list[int] = []
        self._cores: dict[int, Spans] = {}

    def propose(self, number: int, earlier: list[int]) -> None:
        """Note which earlier texts text `number` may be a copy of."""
        if earlier:
            self._candidates[number] = earlier

    def settle(self) -> list[Place]:
        """For each text: the longest of its group, and what it is to that one (None: it is it).

        A copy between two groups is a sign that their longest texts are copies, edited apart so
        far that no sample showed it: they are proposed to each other, and all is placed again.
        """
        for _ in range(_MAX_ROUNDS):
            places, between = self._place_all()
            missed = {
                (later, earlier)
                for later, earlier in between
                if earlier not in self._candidates.get(later, ())
                and self._matcher.match(later, earlier)
            }
            if not missed:
                break
            for later, earlier in sorted(missed):
                self._candidates.setdefault(later, []).append(earlier)
        return places

    def _place_all(self) -> tuple[list[Place], set[tuple[int, int]]]:
        self._heads, self._cores = list(range(len(self._texts))), {}
        places: list[Place] = [(number, None) for number in range(len(self._texts))]
        between: set[tuple[int, int]] = set()
        for number in sorted(self._candidates):
            found = self._matches(number, self._candidates[number])
            if not found:
                continue
            between.update(
                (later, earlier) for later in found for earlier in found if earlier < later
            )
            best = min(found, key=lambda head: (-found[head].is_near, -found[head].share, head))
            self._heads[number] = best
            self._cores.setdefault(best, found[best].spans)
            places[number] = best, "near" if found[best].is_near else "contained"
        return places, between

    def _matches(self, number: int, candidates: Iterable[int]) -> dict[int, Match]:
        """Groups that a text may join, by their longest texts."""
        found: dict[int, Match] = {}
        for candidate in candidates:
            head = self._heads[candidate]
            match = self._matcher.match(number, head)
            if match is None and head != candidate and self._matcher.match(number, candidate):
                match = self._matcher.match(number, head, is_known=True)
            if match is not None and self._is_in_core(match, head):
                found[head] = match
        if self._texts[number].n_words < SHORT and len(found) > 1:
            # What stands in several articles is a phrase.
            return {}
        return found

    def _is_in_core(self, match: Match, head: int) -> bool:
        if match.is_near or head not in self._cores:
            return True
        return overlap(self._cores[head], match.spans) >= _MIN_OVERLAP * match.share * match.n_words
