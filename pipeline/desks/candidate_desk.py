"""What the commands on candidates look up, and print."""

from __future__ import annotations

import dataclasses
import functools
import json

from pipeline.core.themes.acceptance import ListedCandidate, list_candidates, pinned_of
from pipeline.desks.theme_desk import Desk
from pipeline.io.batch_files import read_candidates, recent_batches, source_files_of
from pipeline.io.command import say
from pipeline.io.paths import BatchPaths, Paths
from pipeline.io.progress import counted
from pipeline.io.terminal import show_lines, show_table
from pipeline.records import Catalogue

#: Batches that are looked at, the latest first.
MAX_BATCHES = 30
_N_FILES = 3


class CandidateDesk:
    """The candidates of recent batches."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def paths(self) -> Paths:
        """Those of the project."""
        return self._desk.paths

    @functools.cached_property
    def batches(self) -> list[BatchPaths]:
        """Batches with candidates on file, the latest first."""
        return recent_batches(self.paths.batches)[:MAX_BATCHES]

    def listed(self, catalogue: Catalogue) -> list[ListedCandidate]:
        """Candidates of all recent batches, each told once.

        Raises
        ------
        ContractError
            If a file of candidates cannot be read.
        """
        return list_candidates([(b.batch_id, read_candidates(b)) for b in self.batches], catalogue)

    def say_accepted(self, listed: ListedCandidate, catalogue: Catalogue, theme_id: str) -> str:
        """What was done, and which scrapes a retrain needs to honour it."""
        pins = pinned_of(catalogue, theme_id)
        done = (
            f"accepted '{listed.candidate.candidate_id}' as '{theme_id}', "
            f"{counted(len(pins), 'article')} pinned"
        )
        here = (
            {ref.canonical for ref in self._desk.articles} if self.paths.articles.exists() else ()
        )
        missing = [content for content in pins if content not in here]
        if not missing:
            return done
        files = self._files_of(missing)
        names = ", ".join(files[:_N_FILES]) or "those it was labelled from"
        more = f" and {len(files) - _N_FILES} more" if len(files) > _N_FILES else ""
        which = "all" if len(missing) == len(pins) else str(len(missing))
        return (
            f"{done}; {which} of them are not in the corpus: first copy their scrapes "
            f"({names}{more}) to {self.paths.raw}"
        )

    def _files_of(self, contents: list[str]) -> list[str]:
        """Source files of some contents, as the batches name them."""
        wanted = set(contents)
        found: set[str] = set()
        for batch in self.batches:
            for content, source in source_files_of(batch, wanted).items():
                found.add(source)
                wanted.discard(content)
            if not wanted:
                break
        return sorted(found)


def show_candidates(desk: Desk, *, as_json: bool) -> None:
    """Print the candidates of recent batches."""
    listed = CandidateDesk(desk).listed(desk.catalogue())
    if as_json:
        values = [
            {
                **dataclasses.asdict(item.candidate),
                "batch_id": item.batch_id,
                "accepted_as": item.accepted_as,
            }
            for item in listed
        ]
        print(json.dumps(values, indent=2, ensure_ascii=False))  # noqa: T201
        return
    if not listed:
        say("no candidates in recent batches; newsthemes label looks for them")
        return
    columns = ("Id", "Name", "Articles", "Sources", "Batches", "First", "Last")
    show_table("Themes that may be emerging", columns, [_row(item) for item in listed])
    first = next((item.candidate for item in listed if not item.accepted_as), listed[0].candidate)
    lines = [f"Most typical of {first.candidate_id}:", *(f"  {line}" for line in first.headlines)]
    show_lines([*lines, "To follow one: newsthemes themes accept ID, or --as NAME"])


def _row(item: ListedCandidate) -> tuple[str, str, int, int, int, str, str]:
    found = item.candidate
    accepted = f" (accepted as {item.accepted_as})" if item.accepted_as else ""
    return (
        found.candidate_id,
        f"{found.name}{accepted}",
        found.n_articles,
        found.n_sources,
        found.n_batches,
        found.first_seen or "",
        found.last_seen or "",
    )
