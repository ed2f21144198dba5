"""Which text comes next on a page: a fresh one, or a near-copy of one that was there before."""

# ruff: noqa: E501 - wordings are easier to read when each stands in one line

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from benchmarks.pages.texts import Content, Texts, sentences

_SWAPS = {
    "said": "stated", "says": "states", "told": "informed", "also": "additionally",
    "people": "persons", "officials": "authorities", "president": "leader", "big": "large",
    "killed": "slain", "war": "conflict", "government": "administration", "against": "versus",
    "would": "might", "after": "following", "before": "ahead of", "about": "around",
    "more": "further", "new": "fresh", "many": "numerous", "because": "since", "country": "nation",
    "support": "backing", "plan": "scheme", "month": "30 days", "called": "described", "help": "aid",
    "including": "among them", "however": "yet", "but": "though", "attack": "assault",
    "police": "officers", "money": "funds", "law": "legislation", "show": "reveal", "use": "employ",
}  # fmt: skip
_FILLERS = "reportedly apparently meanwhile indeed then again earlier later notably still".split()


@dataclass(frozen=True, slots=True)
class Story:
    """A text as one page carries it; stories of one `near` are copies of each other."""

    near: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def n_words(self) -> int:
        """Words of the body."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


class Desk:
    """Hands out stories, each text once, unless a copy is asked for."""

    def __init__(self, texts: Texts, rng: Random, copies: float = 0.14) -> None:
        self.rng = rng
        self._share = copies
        self._stock = {
            "long": rng.sample(texts.long, len(texts.long)),
            "short": rng.sample(texts.short, len(texts.short)),
            "notes": rng.sample(texts.notes, len(texts.notes)),
        }
        self._told: dict[str, list[Story]] = {"long": [], "short": []}
        self._whole: dict[str, Content] = {}
        self.headlines = tuple(rng.sample(texts.headlines, min(2000, len(texts.headlines)))) or (
            "Nothing new",
        )

    def notes(self, n: int) -> list[str]:
        """`n` sentences or so of unrelated news, none used twice."""
        return [self._stock["notes"].pop().paragraphs[0] for _ in range(n)]

    def note(self) -> Story:
        """A story without a headline."""
        content = self._stock["notes"].pop()
        return Story(content.id, "", content.paragraphs)

    def short(self, *, may_copy: bool = False) -> Story:
        """A fresh story of a few sentences, or a copy of one told on an earlier page."""
        told = self._told["short"]
        if may_copy and len(told) > 5 and self.rng.random() < self._share / 2:
            story = self.rng.choice(told)
            share = self.rng.choice([0.0, 0.0, self.rng.uniform(0.03, 0.15)])
            parts = tuple(_reworded(self.rng, part, share) for part in story.paragraphs)
            title = self._other_title(story) if self.rng.random() < 0.3 else story.title
            return Story(story.near, title, parts)
        content = self._stock["short"].pop()
        story = Story(content.id, content.title, content.paragraphs)
        if may_copy and story.n_words >= 30:
            told.append(story)
        return story

    def long(self, most: int = 40, *, may_copy: bool = True, keep: bool = True) -> Story:
        """A fresh story of at most `most` paragraphs, or a copy of one told before.

        Without `keep` no copy is made of it later: it is to be cut down to a teaser.
        """
        if not self._stock["long"]:
            return self.short()
        if may_copy and keep and len(self._told["long"]) > 5 and self.rng.random() < self._share:
            return self.copy(self.rng.choice(self._told["long"]))
        content = self._stock["long"].pop()
        n = min(len(content.paragraphs), most)
        if n > 6 and self.rng.random() < 0.4:
            n = self.rng.randint(4, n)
        parts = content.paragraphs[:n]
        if len(parts) > 8 and len(self._told["long"]) > 5 and self.rng.random() < 0.05:
            # Agencies carry a paragraph of background from story to story: these are no copies.
            other = self.rng.choice(self._told["long"][-6:])
            parts = (*parts, min(other.paragraphs, key=len))
        story = Story(content.id, content.title, parts)
        if keep:
            self._whole[content.id] = content
            self._told["long"].append(story)
        return story

    def copy(self, story: Story) -> Story:
        """A copy: the same, cut off, run on, edited, or under another headline."""
        rng = self.rng
        how = rng.choice(["exact", "cut", "run on", "words", "sentences", "title", "cut+words"])
        paragraphs = list(story.paragraphs)
        if "cut" in how:
            paragraphs = _cut(rng, paragraphs)
        if how == "run on":
            paragraphs = self._run_on(story, paragraphs)
        if "words" in how:
            share = rng.uniform(0.05, 0.4)
            paragraphs = [_reworded(rng, paragraph, share) for paragraph in paragraphs]
        if how == "sentences":
            paragraphs = _thinned(rng, paragraphs, rng.uniform(0.05, 0.35))
        title = self._other_title(story) if how == "title" or rng.random() < 0.25 else story.title
        return Story(story.near, title, tuple(paragraphs))

    def _run_on(self, story: Story, paragraphs: list[str]) -> list[str]:
        whole = self._whole.get(story.near)
        rest = list(whole.paragraphs[len(paragraphs) :]) if whole else []
        room = max(1, len(paragraphs) // 2)
        more = rest[:room] if rest else self.notes(min(3, room))
        return paragraphs + more

    def _other_title(self, story: Story) -> str:
        if not story.title:
            return ""
        lead = re.split(r", | as | while | after | amid |; |\.$| because ", story.paragraphs[0])[0]
        if 7 <= len(lead.split()) <= 14 and not re.search(r"[(“”\"—:]|--| - ", lead):
            return lead
        form = self.rng.choice(
            ["{}: what we know", "What to know: {}", "{}, reports say", "UPDATE 2: {}", "{} (updated)",
             "Explained: {}", "{}: here is what happened"]
        )  # fmt: skip
        return form.format(story.title)


def _cut(rng: Random, paragraphs: list[str]) -> list[str]:
    total = sum(len(paragraph.split()) for paragraph in paragraphs)
    goal, kept, n = max(50, total * rng.uniform(0.3, 0.85)), [], 0
    for paragraph in paragraphs:
        kept.append(paragraph)
        n += len(paragraph.split())
        if n >= goal:
            break
    return kept


def _reworded(rng: Random, paragraph: str, share: float) -> str:
    """About `share` of the words replaced, dropped, doubled by a filler, or swapped in place."""
    words, out = paragraph.split(), []
    for i, word in enumerate(words):
        inner = 0 < i < len(words) - 1 and word.islower()
        if not inner or rng.random() > share * 1.25:
            out.append(word)
        elif word in _SWAPS:
            out.append(_SWAPS[word])
        else:
            act = rng.choice(["drop", "filler", "swap", "other"])
            if act == "filler":
                out += [word, rng.choice(_FILLERS)]
            elif act == "swap" and out:
                out.insert(-1, word)
            elif act == "other":
                out.append(rng.choice(words[1:-1]).lower().strip(".,\"“”'"))
    return " ".join(out)


def _thinned(rng: Random, paragraphs: list[str], share: float) -> list[str]:
    """About `share` of the sentences dropped, paragraphs joined or parted otherwise."""
    out = []
    for i, paragraph in enumerate(paragraphs):
        parts = sentences(paragraph)
        kept = [part for part in parts if rng.random() > share]
        if kept or i == 0:
            out.append(" ".join(kept or parts))
    while len(out) > 3 and rng.random() < 0.5:
        i = rng.randrange(len(out) - 1)
        out[i : i + 2] = [f"{out[i]} {out[i + 1]}"]
    return out
