"""Whether a new model takes the champion's place."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.labels.champions import HELD, PROMOTED
from pipeline.core.labels.evaluation import score_model
from pipeline.core.labels.holdout import GroupLabels
from pipeline.core.labels.scores import Comparison, compare_models
from pipeline.records import Article, Embeddings, ThemeClassifier

#: Labelled groups from which a comparison says something.
MIN_GROUPS = 20
#: Share of what the champion learnt from below which a challenger is suspect.
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Duel:
    """Challenger minus champion on one hold-out of `n_groups` labelled groups.

    `is_levelled` says that the champion's own thresholds are others, and that it answered with
    those of the challenger.
    """

    comparison: Comparison
    n_groups: int
    is_levelled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer, why, and on what measurement (None: nothing could be measured)."""

    promote: bool
    reason: str
    duel: Duel | None = None

    @property
    def verdict(self) -> str:
        """One word: `promoted` or `held`."""
        return PROMOTED if self.promote else HELD


def decide_promotion(
    *,
    champion: str | None,
    duel: Duel | None,
    margin: float,
    obstacle: str | None = None,
    weakness: str | None = None,
    is_experiment: bool = False,
) -> Decision:
    """Decide whether the challenger becomes champion.

    The newer model knows newer news, so it wins unless it is shown to be worse: unless the whole
    95 % interval of the difference lies below -`margin`. A loss that the interval does not tell
    from chance is none: on a few dozen articles one of a new subject, answered otherwise, would
    decide. Where nothing can be measured, or on fewer than `MIN_GROUPS` labelled groups, it wins
    unless it has an obvious weakness. An experiment is held to more: among many trials one is
    ahead by chance, so it must be shown to be better.

    Parameters
    ----------
    champion : str or None
        Version of the present champion; None where there is none.
    duel : Duel or None
        None where no labelled article can be used for both models.
    margin : float
        Macro-F1 that the challenger may be shown to lose, in [0, 1].
    obstacle : str or None
        Why the champion cannot be scored beside the challenger, if it cannot.
    weakness : str or None
        What speaks against the challenger without any score.
    is_experiment : bool
        Whether the challenger comes from a trial (`dvc exp run`) and not from `dvc repro`.

    Returns
    -------
    Decision
        With the reason in words that a person reads in the MLflow UI.
    """
    if champion is None:
        return Decision(promote=True, reason="there was no champion")
    is_measured = duel is not None and duel.n_groups >= MIN_GROUPS
    if is_experiment and (duel is None or not is_measured or duel.comparison.low <= 0):
        found = "not measured" if duel is None else _measured(duel, champion)
        reason = f"an experiment that is not shown to be better: {found}"
        return Decision(promote=False, reason=reason, duel=duel)
    if obstacle is not None or duel is None or not is_measured:
        why = _unmeasured(champion, duel, obstacle)
        if weakness is not None:
            return Decision(promote=False, reason=f"{why}, and {weakness}", duel=duel)
        return Decision(promote=True, reason=f"{why}; the newer model is used", duel=duel)
    scores = duel.comparison
    is_worse = scores.high < -margin
    if scores.difference >= 0:
        verdict = "not worse"
    else:
        beyond = f" by more than {margin:g}" if margin else ""
        verdict = f"{'shown' if is_worse else 'not shown'} to be worse{beyond}"
    reason = f"{verdict}: {_measured(duel, champion)}"
    return Decision(promote=not is_worse, reason=reason, duel=duel)


def _unmeasured(champion: str, duel: Duel | None, obstacle: str | None) -> str:
    if obstacle is not None:
        return f"champion {champion} cannot be compared ({obstacle})"
    if duel is None:
        return f"no labelled hold-out to compare with champion {champion}"
    return (
        f"a hold-out of {duel.n_groups} is too small to compare with champion {champion} "
        f"({MIN_GROUPS} are needed)"
    )


def find_weakness(challenger: ThemeClassifier, champion: ThemeClassifier) -> str | None:
    """Say what makes the challenger suspect without any score: far less to learn from."""
    ours, theirs = len(challenger.trained_on), len(champion.trained_on)
    if ours < _LEAST_SHARE * theirs:
        return f"it was trained on {ours} articles only, the champion on {theirs}"
    if challenger.n_labels < _LEAST_SHARE * champion.n_labels:
        return (
            f"it knows {challenger.n_labels} labels of people only, the champion "
            f"{champion.n_labels}"
        )
    return None


def _measured(duel: Duel, champion: str) -> str:
    scores = duel.comparison
    levelled = "; both with the new thresholds" if duel.is_levelled else ""
    return (
        f"macro-F1 {scores.difference:+.3f} against champion {champion} "
        f"({scores.low:+.3f} to {scores.high:+.3f}, hold-out of {duel.n_groups}{levelled})"
    )


def judge_challenger(
    challenger: ThemeClassifier,
    champion: ThemeClassifier,
    *,
    champion_version: str,
    articles: Sequence[Article],
    embeddings: Embeddings,
    champion_embeddings: Embeddings | None,
    labels: GroupLabels,
    margin: float,
    n_resamples: int,
    seed: int,
    is_experiment: bool = False,
) -> Decision:
    """Compare both models where that is possible, and decide; arguments as below and above.

    `champion_embeddings` are of the champion's encoder, at least of the held-out articles; None
    where that encoder cannot be had.
    """
    duel, obstacle = None, None
    if champion_embeddings is not None:
        duel = hold_duel(
            challenger,
            champion,
            articles=articles,
            embeddings=embeddings,
            champion_embeddings=champion_embeddings,
            labels=labels,
            n_resamples=n_resamples,
            seed=seed,
        )
    else:
        obstacle = f"its encoder is {champion.encoder}, the new one's is {challenger.encoder}"
    return decide_promotion(
        champion=champion_version,
        duel=duel,
        margin=margin,
        obstacle=obstacle,
        weakness=find_weakness(challenger, champion),
        is_experiment=is_experiment,
    )


def hold_duel(
    challenger: ThemeClassifier,
    champion: ThemeClassifier,
    *,
    articles: Sequence[Article],
    embeddings: Embeddings,
    champion_embeddings: Embeddings,
    labels: GroupLabels,
    n_resamples: int,
    seed: int,
) -> Duel | None:
    """Score both models on the same articles, none of which either was trained on.

    Both answer with the thresholds of the challenger. Below which probability an article is
    `unknown` is for people to say (`label` in params.yaml) and no quality of a model: a stricter
    threshold always costs macro-F1, so that with its own the challenger could never win.

    Parameters
    ----------
    challenger, champion : ThemeClassifier
        The first trained with the encoder of `embeddings`, the other with that of
        `champion_embeddings`.
    articles : Sequence[Article]
        All of them, in any order; each held-out group is represented by its canonical article.
    embeddings, champion_embeddings : Embeddings
        Of at least the held-out canonical articles.
    labels : GroupLabels
        What people decided, and which groups are set aside.
    n_resamples : int
        Resamples behind the interval.
    seed : int
        The same seed and inputs give the same interval.

    Returns
    -------
    Duel or None
        None where no held-out label of a theme is left to score on.

    Raises
    ------
    ContractError
        If a model was trained with another encoder.
    """
    levelled = level_thresholds(champion, challenger)
    ours = score_model(
        challenger, articles, embeddings, labels, other_trained_on=champion.trained_on
    )
    theirs = score_model(
        levelled, articles, champion_embeddings, labels, other_trained_on=challenger.trained_on
    )
    comparison = compare_models(
        [row.actual for row in ours],
        [row.predicted for row in ours],
        [row.predicted for row in theirs],
        groups=[row.duplicate_group for row in ours],
        n_resamples=n_resamples,
        seed=seed,
    )
    if comparison is None:
        return None
    return Duel(comparison, len(ours), is_levelled=levelled is not champion)


def level_thresholds(classifier: ThemeClassifier, like: ThemeClassifier) -> ThemeClassifier:
    """`classifier` with the thresholds of `like`; the very same one where they are equal."""
    wanted = (like.min_probability, like.max_novelty)
    if (classifier.min_probability, classifier.max_novelty) == wanted:
        return classifier
    return dataclasses.replace(classifier, min_probability=wanted[0], max_novelty=wanted[1])
