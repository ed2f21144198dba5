"""How the trained model behaves: what must not matter, what must, and what it has to know.

After Ribeiro et al., "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList", ACL 2020:
invariance, direction and minimum functionality. Every text goes through `newsthemes label`, as a
user's would; the articles of the sample corpus are those that the model was not trained on.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.labels.holdout import group_labels
from pipeline.errors import NewsthemesError
from pipeline.io.catalogue import load_catalogue
from pipeline.io.encoders import encoder_of
from pipeline.io.labels import load_labels
from pipeline.io.models import load_model
from pipeline.io.params import load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rows
from pipeline.records import UNKNOWN, Article
from pipeline.serving import TextLabeller
from tests.conftest import CHECKOUT

pytestmark = pytest.mark.slow

IRAN, CHINA, UKRAINE = "russia-iran-ties", "uk-china-reset", "ukraine-attrition"


@dataclass(frozen=True)
class Text:
    """An article as somebody scraped it."""

    title: str
    body: str
    published: str | None = "2026-01-15"
    source: str | None = "Sample Wire"
    author: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came out: `best` is the theme that it is or would have been."""

    theme: str
    best: str
    probability: float
    reason: str


class Desk:
    """A folder with the trained model, in which texts are labelled."""

    def __init__(self, root: Path, paths: Paths) -> None:
        self.root = root
        shutil.copytree(paths.model, root / "data" / "model")
        shutil.copy(paths.params, root)

    def label(self, texts: Sequence[Text]) -> list[Answer | None]:
        """One answer for each text in the same order; None where it was set aside as no article."""
        page, out = self.root / "page.jsonl", self.root / "out.jsonl"
        lines = [json.dumps(self._row(number, text)) for number, text in enumerate(texts)]
        page.write_text("\n".join(lines) + "\n")
        command = [sys.executable, "-m", "pipeline.cli", "label", str(page), "--out", str(out)]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        # Where all of them were set aside there is no result, and the place that says why.
        assert out.exists() or "no article" in done.stderr, done.stderr
        rows = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
        out.unlink(missing_ok=True)
        shutil.rmtree(self.root / "data" / "batches", ignore_errors=True)
        found = {int(row["position"]): self._answer(row) for row in rows}
        return [found.get(number) for number in range(len(texts))]

    @staticmethod
    def _row(number: int, text: Text) -> dict[str, Any]:
        values = {
            "title": text.title, "text": text.body, "published": text.published,
            "source": text.source, "author": text.author,
        }  # fmt: skip
        return {key: value for key, value in values.items() if value is not None} | {"n": number}

    @staticmethod
    def _answer(row: dict[str, Any]) -> Answer:
        alternatives = row["alternatives"]
        if isinstance(alternatives, str):
            alternatives = [part for part in re.split(r"[;,] ?", alternatives) if part]
        best = alternatives[0] if row["theme"] == UNKNOWN else row["theme"]
        return Answer(row["theme"], best, float(row["probability"]), row["reason"])


@pytest.fixture(scope="module")
def project() -> Paths:
    """The checkout, where `dvc repro` has trained a model of the present format."""
    paths = Paths.of_project(CHECKOUT)
    if not paths.model.is_dir() or not paths.articles.exists():
        pytest.skip("no trained model here yet: dvc repro")
    try:
        load_model(paths.model)
    except NewsthemesError as error:
        pytest.skip(f"the trained model is of another version: dvc repro ({error})")
    return paths


@pytest.fixture(scope="module")
def desk(project: Paths, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"), project)


@pytest.fixture(scope="module")
def held_out(project: Paths) -> list[tuple[Text, str]]:
    """Articles of a theme that the model never saw, and the theme that people gave them."""
    articles = read_rows(project.articles, Article)
    labels = group_labels(
        articles,
        load_labels(project.labels),
        share=load_params(project.params).train.holdout_share,
        owners=load_catalogue(project.catalogue).owners,
    )
    seen = set(load_model(project.model).trained_on)
    chosen = [
        (a, labels.themes[a.duplicate_group])
        for a in articles
        if a.is_canonical and a.duplicate_group in labels.held_out and a.content_id not in seen
    ]
    return [
        (Text(a.title or "", a.text, a.published, a.source, a.author), theme)
        for a, theme in chosen
        if theme != UNKNOWN
    ]


@pytest.fixture(scope="module")
def answers(desk: Desk, held_out: list[tuple[Text, str]]) -> list[Answer | None]:
    return desk.label([text for text, _ in held_out])


def share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values)


# Invariance


def other_outlet(text: Text) -> Text:
    body = text.body
    if text.source:
        body = body.replace(text.source, "Harbour Gazette")
    return replace(text, source="Harbour Gazette", body=f"{body}\n\nHarbour Gazette, own report.")


def other_date(text: Text) -> Text:
    months = ("January", "February", "March", "April", "June", "July", "August", "September",
              "October", "November", "December")  # fmt: skip
    turned = dict(zip(months, (*months[4:], *months[:4]), strict=True))
    pattern = re.compile(rf"\b({'|'.join(months)})\b")
    body = pattern.sub(lambda found: turned[found[1]], text.body)
    body = re.sub(r"\b20(\d\d)\b", lambda found: str(2000 + (int(found[1]) + 3) % 30), body)
    return replace(text, published="2019-03-02", body=body)


def other_numbers(text: Text) -> Text:
    def turn(part: str) -> str:
        return re.sub(r"\d", lambda found: str((int(found[0]) + 3) % 9 + 1), part)

    return replace(text, title=turn(text.title), body=turn(text.body))


def other_byline(text: Text) -> Text:
    return replace(text, author="Robin Ashgrove", body=f"By Robin Ashgrove\n\n{text.body}")


def other_spaces(text: Text) -> Text:
    body = text.body.replace(". ", ".  ").replace("\n\n", "\n\n\n \n")
    return replace(text, title=f"  {text.title} ", body=f"\n{body}\n\n")


def title_in_capitals(text: Text) -> Text:
    return replace(text, title=text.title.upper())


def title_in_small_letters(text: Text) -> Text:
    return replace(text, title=text.title.lower())


@pytest.mark.parametrize(
    ("change", "least"),
    [
        (other_outlet, 0.95),
        (other_date, 0.95),
        (other_numbers, 0.95),
        (other_byline, 0.95),
        (other_spaces, 0.95),
        (title_in_capitals, 0.95),
        (title_in_small_letters, 0.95),
    ],
)
def test_what_has_nothing_to_do_with_the_theme_changes_no_label(
    desk: Desk,
    held_out: list[tuple[Text, str]],
    answers: list[Answer | None],
    change: Callable[[Text], Text],
    least: float,
    record_property: Callable[[str, object], None],
) -> None:
    changed = desk.label([change(text) for text, _ in held_out])
    pairs = [(a, b) for a, b in zip(answers, changed, strict=True) if a and b]
    assert len(pairs) == len(held_out)
    kept = share(a.theme == b.theme for a, b in pairs)
    print(f"{change.__name__}: {kept:.3f} of {len(pairs)} labels kept")
    record_property("share_kept", kept)
    assert kept >= least


# Direction

#: New sentences on each catalogued theme, in no article of the sample corpus.
MORE = {
    IRAN: (
        "Russia and Iran signed a treaty on a comprehensive strategic partnership in Moscow in "
        "January 2025. Iran has delivered Shahed drones to Russia, and the two countries settle "
        "part of their trade in roubles and rials. A railway through Iran is meant to link Russia "
        "with the Persian Gulf."
    ),
    CHINA: (
        "The British prime minister met the Chinese leader Xi Jinping, and ministers from London "
        "travelled to Beijing to talk about trade and investment. China wants to build a new "
        "embassy in London, near the Tower. Britain's parliament debated Chinese espionage and "
        "Hong Kong."
    ),
    UKRAINE: (
        "Russian forces advanced slowly in Donetsk, with heavy casualties on both sides of the "
        "front line. Ukraine is short of soldiers and artillery shells and lowered the age of "
        "mobilisation. Drones and missiles struck Ukrainian power stations at night."
    ),
}


@dataclass(frozen=True)
class Shift:
    """Answers for the first sentences of an article of `theme`: alone, and with others behind."""

    theme: str
    alone: Answer
    with_more: Answer
    with_another: Answer


@pytest.fixture(scope="module")
def shifts(desk: Desk, held_out: list[tuple[Text, str]]) -> list[Shift]:
    """All three of each article whose beginning alone looks like its theme."""
    other = {IRAN: CHINA, CHINA: UKRAINE, UKRAINE: CHINA}
    starts = [(replace(t, body=_start(t.body)), theme) for t, theme in held_out if theme in MORE]
    alone = desk.label([t for t, _ in starts])
    more = desk.label([replace(t, body=f"{t.body} {MORE[theme]}") for t, theme in starts])
    another = desk.label([replace(t, body=f"{t.body} {MORE[other[theme]]}") for t, theme in starts])
    rows = zip(starts, alone, more, another, strict=True)
    return [
        Shift(theme, a, b, c) for (_, theme), a, b, c in rows if a and b and c and a.best == theme
    ]


@pytest.mark.parametrize("theme", [IRAN, CHINA, UKRAINE])
def test_more_about_a_theme_raises_it_and_more_about_another_lowers_it(
    shifts: list[Shift], theme: str
) -> None:
    of_theme = [shift for shift in shifts if shift.theme == theme]
    assert len(of_theme) >= 5
    # At the top there is no room left: probabilities are told to four digits.
    raised = share(
        s.with_more.best == theme and s.with_more.probability >= min(s.alone.probability, 0.99)
        for s in of_theme
    )
    lowered = share(
        s.with_another.best != theme or s.with_another.probability < s.alone.probability
        for s in of_theme
    )
    print(f"{theme}: {raised:.3f} raised, {lowered:.3f} lowered, of {len(of_theme)}")
    assert raised >= 0.9
    assert lowered >= 0.9


def _start(body: str) -> str:
    return " ".join(re.split(r"(?<=[.!?])\s+", body)[:3])


# Minimum functionality

KNOWN = [
    (IRAN, "Putin and Pezeshkian sign a treaty", (
        "The presidents of Russia and Iran signed a strategic partnership treaty in Moscow. It "
        "covers trade, energy, defence and security for twenty years."
    )),
    (IRAN, "Iranian drones built in Russia", (
        "Russia assembles Shahed drones of Iranian design at a plant in Tatarstan. The United "
        "States and the European Union have put sanctions on companies in Iran and in Russia for "
        "it."
    )),
    (IRAN, "Railway from Rasht to Astara", (
        "Moscow lends money for a railway in northern Iran. It closes a gap in the transport "
        "corridor from Russia through Iran to India."
    )),
    (CHINA, "Starmer meets Xi", (
        "The British prime minister Keir Starmer met President Xi Jinping of China. They spoke "
        "about trade, Hong Kong and climate, the first such meeting of leaders of both countries "
        "in six years."
    )),
    (CHINA, "China's embassy at Royal Mint Court", (
        "China bought the site of the Royal Mint in London in 2018 for a new embassy. Residents, "
        "the council and members of the British parliament objected to the plan."
    )),
    (CHINA, "Reeves flies to Beijing", (
        "The British chancellor Rachel Reeves visited Beijing and Shanghai for an economic "
        "dialogue. Britain and China agreed on cooperation in financial services and trade."
    )),
    (UKRAINE, "Pokrovsk under attack", (
        "Russian troops pressed on towards Pokrovsk in the Donetsk region. Both armies report "
        "heavy losses, and the front line moves by a few hundred metres a day."
    )),
    (UKRAINE, "Power cuts after missile strikes", (
        "Russian missiles and drones hit power stations in several regions of Ukraine. The grid "
        "operator cut electricity in Kyiv and Kharkiv."
    )),
    (UKRAINE, "Ukraine lowers the age of mobilisation", (
        "Ukraine lowered the age at which men can be mobilised from 27 to 25. Its army is short "
        "of soldiers after more than two years of war with Russia, and of artillery shells."
    )),
]  # fmt: skip

FOREIGN = {
    "gardening": (
        "How to prune roses",
        "Cut roses back in early spring, when the buds begin to swell. Remove dead wood first, "
        "then shorten the strong shoots to five buds. Feed the plants with compost and water them "
        "well in dry weeks.",
    ),
    "recipe": (
        "Lentil soup for four",
        "Fry a chopped onion and two carrots in olive oil. Add the red lentils, a litre of stock "
        "and a spoon of cumin, and simmer for twenty minutes. Season with lemon juice and salt.",
    ),
    "chess": (
        "The Catalan opening",
        "White plays the pawn to d4 and c4 and develops the bishop to g2. Black may take the pawn "
        "on c4 and give it back later. The long diagonal gives White pressure on the queenside in "
        "the endgame.",
    ),
    "code": (
        "sort.py",
        "def quicksort(items): return items if len(items) < 2 else quicksort([i for i in items[1:] "
        "if i < items[0]]) + [items[0]] + quicksort([i for i in items[1:] if i >= items[0]]) "
        "print(quicksort([3, 1, 2]))",
    ),
    "another language, another subject": (
        "Rosen richtig schneiden",
        "Rosen schneidet man im zeitigen Frühjahr, wenn die Forsythien blühen. Zuerst wird totes "
        "Holz entfernt, dann werden die kräftigen Triebe auf fünf Augen gekürzt. Im Sommer "
        "brauchen die Pflanzen viel Wasser.",
    ),
    "another language, a known subject": (
        "Angriffe auf Kraftwerke",
        "Russische Raketen und Drohnen trafen in der Nacht mehrere Kraftwerke in der Ukraine. In "
        "Kiew und Charkiw fiel der Strom aus. Beide Armeen melden hohe Verluste an der Front im "
        "Gebiet Donezk.",
    ),
}


@pytest.fixture(scope="module")
def plain(desk: Desk) -> dict[tuple[str, str], Answer | None]:
    """Answers for all of the plain texts, labelled as one batch: they share nothing."""
    texts = [(theme, title, body) for theme, title, body in KNOWN]
    texts += [(name, title, body) for name, (title, body) in FOREIGN.items()]
    found = desk.label([Text(title, body) for _, title, body in texts])
    return {(key, title): answer for (key, title, _), answer in zip(texts, found, strict=True)}


@pytest.mark.parametrize(("theme", "title"), [(theme, title) for theme, title, _ in KNOWN])
def test_a_plain_text_about_a_followed_theme_gets_it(
    plain: dict[tuple[str, str], Answer | None], theme: str, title: str
) -> None:
    answer = plain[theme, title]
    assert answer is not None
    assert answer.theme == theme, answer


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_news_or_of_another_language_is_unknown(
    plain: dict[tuple[str, str], Answer | None], name: str
) -> None:
    answer = plain[name, FOREIGN[name][0]]
    assert answer is not None
    assert answer.theme == UNKNOWN, answer
    assert answer.reason


def test_one_word_is_set_aside_as_no_article_and_unknown_where_it_is_served(
    desk: Desk, project: Paths
) -> None:
    words = ["Ukraine", "Iran", "Beijing", "rain", "a"]
    assert desk.label([Text("", word) for word in words]) == [None] * len(words)
    encoder = encoder_of(load_model(project.model).encoder)
    assert encoder is not None
    served = TextLabeller(project.model, encoder).label(words)
    assert {w: a.theme for w, a in zip(words, served, strict=True) if a.theme != UNKNOWN} == {}
