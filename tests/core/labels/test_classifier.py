"""The labeller: what it answers, when it abstains, and what must not matter."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.embeddings import join_embeddings
from pipeline.core.labels.classifier import Answer, join_features, predict
from pipeline.core.labels.fitting import Fitted, fit_classifier
from pipeline.core.labels.vocabulary import fit_vocabulary, weigh_terms
from pipeline.errors import ContractError
from pipeline.records import UNKNOWN, Embeddings, ThemeClassifier
from tests.conftest import FakeEncoder

WORDS = {
    "energy": "pipeline terminal gas prices winter storage barrels export supply",
    "football": "striker penalty league stadium goalkeeper transfer season derby coach",
    "trade": "tariffs customs container export ports ministers agreement quotas supply",
}
NAMES = {theme: theme.capitalize() for theme in WORDS}


def sentences(theme: str, n: int, seed: int = 0) -> list[str]:
    rng = np.random.default_rng([seed, *theme.encode()])
    words = WORDS[theme].split()
    return [" ".join(rng.choice(words, size=7, replace=False)) for _ in range(n)]


def embed(texts: list[str], model: str = "fake/64") -> Embeddings:
    return join_embeddings({text: FakeEncoder().encode([text])[0] for text in texts}, model)


def fit(texts: list[str], themes: list[str], **settings: object) -> Fitted:
    defaults: dict[str, object] = {
        "content_ids": texts,
        "weights": [1.0] * len(texts),
        "names": NAMES,
        "languages": ["en"] * len(texts),
        "trained_on": texts,
        "encoder": "fake/64",
        "regularization": 10.0,
        "lexical_weight": 0.3,
        "max_features": 500,
        "min_probability": 0.5,
        "max_novelty": 0.95,
    }
    vectors = FakeEncoder().encode(texts)
    return fit_classifier(texts, vectors, themes, **(defaults | settings))  # type: ignore[arg-type]


def fit_all(n_each: int = 12, **settings: object) -> Fitted:
    texts = [text for theme in WORDS for text in sentences(theme, n_each)]
    return fit(texts, [theme for theme in WORDS for _ in range(n_each)], **settings)


def ask(classifier: ThemeClassifier, texts: list[str], language: str | None = "en") -> list[Answer]:
    return predict(classifier, texts, embed(texts), texts, [language] * len(texts))


def same(first: ThemeClassifier, second: ThemeClassifier) -> bool:
    return all(
        np.array_equal(getattr(first, f.name), getattr(second, f.name))
        for f in dataclasses.fields(first)
    )


def test_new_texts_get_the_theme_of_texts_like_them() -> None:
    classifier = fit_all().classifier
    for theme in WORDS:
        answers = ask(classifier, sentences(theme, 5, seed=1))

        assert [a.best for a in answers] == [theme] * 5
        for answer in answers:
            if answer.theme != UNKNOWN:
                assert (answer.theme_name, answer.reason) == (NAMES[theme], "")


def test_what_is_like_nothing_in_training_is_unknown_and_says_so() -> None:
    (answer,) = ask(fit_all().classifier, ["orchid quilting sourdough telescope"])

    assert answer.theme == UNKNOWN
    assert answer.theme_name == "Unknown"
    assert answer.novelty == 1.0
    assert answer.reason == "unlike anything in training (novelty 1)"
    assert answer.alternatives[0] == answer.best


def test_what_fits_two_themes_is_unknown_and_names_the_best() -> None:
    classifier = fit_all(max_novelty=1.0, min_probability=0.9).classifier
    (answer,) = ask(classifier, ["export supply terminal container"])

    assert answer.theme == UNKNOWN
    name = NAMES[answer.best]
    assert answer.reason == f"not clear which theme (best: {name} at {answer.probability:g})"
    assert set(answer.alternatives) == {"energy", "trade"}


def test_what_people_called_unknown_is_learnt_as_an_answer_of_its_own() -> None:
    chess = "chess gambit bishop tournament opening knight checkmate rook grandmaster".split()
    rng = np.random.default_rng(3)
    games = [" ".join(rng.choice(chess, size=7, replace=False)) for _ in range(8)]
    texts = [text for theme in WORDS for text in sentences(theme, 12)]
    themes = [theme for theme in WORDS for _ in range(12)]

    fitted = fit([*texts, *games[:7]], [*themes, *[UNKNOWN] * 7], max_novelty=1.0)
    (answer,) = ask(fitted.classifier, games[7:])

    assert fitted.classifier.classes == tuple(sorted(WORDS))
    assert len(fitted.classifier.intercepts) == 4
    assert answer.theme == UNKNOWN
    assert answer.reason.startswith("like articles that people called unknown")
    assert answer.best in WORDS


def test_a_text_without_words_that_mean_something_is_too_short_to_tell() -> None:
    (answer,) = ask(fit_all().classifier, ["Gas."])

    assert answer.theme == UNKNOWN
    assert answer.reason.startswith("too short to tell")


def test_a_language_that_training_lacks_is_given_as_the_reason() -> None:
    classifier = fit_all().classifier
    far = ["orchid quilting sourdough telescope"]

    assert ask(classifier, far, "xx")[0].reason == "other language (xx)"
    assert ask(classifier, far, None)[0].reason.startswith("unlike anything")


def test_another_language_gets_no_theme_however_sure_the_model_is() -> None:
    (answer,) = ask(fit_all().classifier, sentences("football", 1), "xx")

    assert (answer.theme, answer.best) == (UNKNOWN, "football")
    assert answer.reason == "other language (xx)"


@given(st.permutations(range(9)))
@settings(max_examples=5)
def test_the_order_of_training_texts_changes_nothing(order: list[int]) -> None:
    texts = [text for theme in WORDS for text in sentences(theme, 3)]
    themes = [theme for theme in WORDS for _ in range(3)]

    plain = fit(texts, themes)
    shuffled = fit([texts[i] for i in order], [themes[i] for i in order])

    assert same(plain.classifier, shuffled.classifier)
    assert [plain.out_of_fold[i] for i in order] == list(shuffled.out_of_fold)


def test_an_answer_does_not_depend_on_the_texts_beside_it() -> None:
    classifier = fit_all().classifier
    texts = [text for theme in WORDS for text in sentences(theme, 4, seed=2)]

    assert ask(classifier, texts) == [ask(classifier, [text])[0] for text in texts]


def test_answers_are_in_bounds_and_agree_with_the_thresholds() -> None:
    classifier = fit_all().classifier
    texts = [f"{a} {b}" for a in sentences("energy", 4, 3) for b in sentences("trade", 4, 3)]
    for answer in ask(classifier, texts):
        is_sure = answer.probability >= 0.5 and answer.novelty <= 0.95

        assert 0 <= answer.probability <= 1
        assert answer.probability == round(answer.probability, 4)
        assert 0 <= answer.novelty <= 1
        assert (answer.theme != UNKNOWN) == is_sure == (answer.reason == "")
        assert answer.theme not in answer.alternatives


def test_a_theme_of_one_text_is_learned_beside_larger_ones() -> None:
    texts = [*sentences("energy", 8), *sentences("football", 1)]
    fitted = fit(texts, ["energy"] * 8 + ["football"])

    assert fitted.classifier.classes == ("energy", "football")
    assert fitted.out_of_fold[-1] is None
    assert {answer.best for answer in fitted.out_of_fold[:-1] if answer} == {"energy"}


def test_one_theme_alone_is_certain_until_something_is_novel() -> None:
    classifier = fit(sentences("energy", 10), ["energy"] * 10).classifier
    known, far = ask(classifier, [sentences("energy", 1)[0], "orchid quilting sourdough"])

    assert (known.theme, known.probability, known.alternatives) == ("energy", 1.0, ())
    assert far.theme == UNKNOWN


def test_one_text_alone_can_be_trained_on() -> None:
    classifier = fit(sentences("energy", 1), ["energy"]).classifier

    assert ask(classifier, sentences("energy", 1))[0].theme == "energy"


def test_a_person_outweighs_clusters_that_say_otherwise() -> None:
    text = "pipeline terminal gas prices"
    texts = [f"{text} {n}" for n in range(4)]
    themes = ["football", "energy", "energy", "energy"]
    heavy = fit(texts, themes, weights=[50.0, 1.0, 1.0, 1.0], max_novelty=1.0)
    light = fit(texts, themes, max_novelty=1.0)

    assert ask(heavy.classifier, [text])[0].best == "football"
    assert ask(light.classifier, [text])[0].best == "energy"


def test_a_higher_temperature_makes_answers_less_sure() -> None:
    classifier = fit_all(max_novelty=1.0).classifier
    calm = dataclasses.replace(classifier, temperature=classifier.temperature * 20)
    text = sentences("energy", 1, seed=1)

    assert ask(calm, text)[0].best == ask(classifier, text)[0].best == "energy"
    assert 1 / 3 < ask(calm, text)[0].probability < ask(classifier, text)[0].probability


def test_joined_features_weigh_the_two_cosines() -> None:
    texts = ["oil gas wind", "oil gas coal", "oil coal wind"]
    vectors = FakeEncoder().encode(texts)
    vocabulary = fit_vocabulary(texts, max_features=50)
    words = weigh_terms(texts, vocabulary)
    joined = join_features(texts, vectors, vocabulary, lexical_weight=0.3)

    expected = 0.7 * (vectors @ vectors.T) + 0.3 * (words @ words.T).toarray()
    np.testing.assert_allclose((joined @ joined.T).toarray(), expected, atol=1e-6)


def test_nothing_to_train_on_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no text of a theme"):
        fit([], [])


def test_vectors_of_another_encoder_are_refused() -> None:
    texts = sentences("energy", 1)

    with pytest.raises(ContractError, match=r"trained on vectors of 'fake/64' \(got 'other'\)"):
        predict(fit_all().classifier, texts, embed(texts, "other"), texts, ["en"])


def test_a_content_without_a_vector_names_the_stage_to_run() -> None:
    with pytest.raises(ContractError, match=r"no vector for 1 of 1 .*run: dvc repro embed"):
        predict(fit_all().classifier, ["a text"], embed(["another"]), ["a text"], ["en"])


def test_no_text_has_no_answer() -> None:
    assert predict(fit_all().classifier, [], embed(["a text"]), [], []) == []


def test_labelling_starts_without_heavy_libraries() -> None:
    heavy = "sklearn umap hdbscan numba mlflow torch scipy"
    code = (
        "import sys, pipeline.core.labels.classifier, pipeline.core.labels.labelling, pipeline.io.models; "
        f"print([m for m in {heavy.split()} if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
