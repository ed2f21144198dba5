"""Whether a new model takes the champion's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.labels.evaluation import score_model
from pipeline.core.labels.holdout import GroupLabels
from pipeline.core.labels.scores import Comparison, compare_models
from pipeline.records import Article, Embeddings, ThemeClassifier


@dataclass(frozen=True, slots=True)
class Duel:
    """Challenger minus champion on one hold-out of `n_groups` labelled groups."""

    comparison: Comparison
    n_groups: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer, why, and on what measurement (None: nothing could be measured)."""

    promote: bool
    reason: str
    duel: Duel | None = None

    @property
    def verdict(self) -> str:
        """One word: `promoted` or `held`."""
        return "promoted" if self.promote else "held"


def decide_promotion(
    *,
    champion: str | None,
    duel: Duel | None,
    margin: float,
    obstacle: str | None = None,
    is_experiment: bool = False,
) -> Decision:
    """Decide whether the challenger becomes champion.

    The newer model knows newer news, so it wins wherever it is not shown to be worse: when it
    scores at least as high, or when the interval of the difference excludes a loss larger than
    `margin`. Where nothing can be measured it wins too, and the reason says so. An experiment is
    held to more: among many trials one is ahead by chance, so it must be shown to be better.

    Parameters
    ----------
    champion : str or None
        Version of the present champion; None where there is none.
    duel : Duel or None
        None where no labelled article can be used for both models.
    margin : float
        Macro-F1 that the challenger may lose, in [0, 1].
    obstacle : str or None
        Why the champion cannot be scored beside the challenger, if it cannot.
    is_experiment : bool
        Whether the challenger comes from a trial (`dvc exp run`) and not from `dvc repro`.

    Returns
    -------
    Decision
        With the reason in words that a person reads in the MLflow UI.
    """
    if champion is None:
        return Decision(promote=True, reason="there was no champion")
    if is_experiment and (duel is None or duel.comparison.low <= 0):
        found = "not measured" if duel is None else _measured(duel, champion)
        reason = f"an experiment that is not shown to be better: {found}"
        return Decision(promote=False, reason=reason, duel=duel)
    if obstacle is not None or duel is None:
        why = (
            f"champion {champion} cannot be compared ({obstacle})"
            if obstacle is not None
            else f"no labelled hold-out to compare with champion {champion}"
        )
        return Decision(promote=True, reason=f"{why}; the newer model is used")
    scores = duel.comparison
    measured = _measured(duel, champion)
    if scores.difference >= 0:
        return Decision(promote=True, reason=f"not worse: {measured}", duel=duel)
    if scores.low >= -margin:
        reason = f"no loss beyond the margin of {margin:g}: {measured}"
        return Decision(promote=True, reason=reason, duel=duel)
    reason = f"may lose more than the margin of {margin:g}: {measured}"
    return Decision(promote=False, reason=reason, duel=duel)


def _measured(duel: Duel, champion: str) -> str:
    scores = duel.comparison
    return (
        f"macro-F1 {scores.difference:+.3f} against champion {champion} "
        f"({scores.low:+.3f} to {scores.high:+.3f}, hold-out of {duel.n_groups})"
    )


def judge_challenger(
    challenger: ThemeClassifier,
    champion: ThemeClassifier,
    *,
    champion_version: str,
    articles: Sequence[Article],
    embeddings: Embeddings,
    labels: GroupLabels,
    margin: float,
    n_resamples: int,
    seed: int,
    is_experiment: bool = False,
) -> Decision:
    """Compare both models where that is possible, and decide; arguments as below and above."""
    duel, obstacle = None, None
    if challenger.encoder == champion.encoder:
        duel = hold_duel(
            challenger,
            champion,
            articles=articles,
            embeddings=embeddings,
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
        is_experiment=is_experiment,
    )


def hold_duel(
    challenger: ThemeClassifier,
    champion: ThemeClassifier,
    *,
    articles: Sequence[Article],
    embeddings: Embeddings,
    labels: GroupLabels,
    n_resamples: int,
    seed: int,
) -> Duel | None:
    """Score both models on the same articles, none of which either was trained on.

    Parameters
    ----------
    challenger, champion : ThemeClassifier
        Both trained with the encoder of `embeddings`.
    articles : Sequence[Article]
        All of them, in any order; each held-out group is represented by its canonical article.
    embeddings : Embeddings
        Of at least the canonical articles.
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
    ours = score_model(
        challenger, articles, embeddings, labels, other_trained_on=champion.trained_on
    )
    theirs = score_model(
        champion, articles, embeddings, labels, other_trained_on=challenger.trained_on
    )
    comparison = compare_models(
        [row.actual for row in ours],
        [row.predicted for row in ours],
        [row.predicted for row in theirs],
        groups=[row.duplicate_group for row in ours],
        n_resamples=n_resamples,
        seed=seed,
    )
    return None if comparison is None else Duel(comparison, len(ours))
