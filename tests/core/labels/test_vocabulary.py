"""Words and word pairs, weighed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels.vocabulary import NO_TERMS, fit_vocabulary, weigh_terms

TEXTS = ["Oil prices rise", "oil prices fall", "The oil of Norway", "football"]
texts = st.lists(st.text(st.sampled_from("abc é漢7 \n.")), max_size=8)


def test_terms_are_words_and_pairs_of_at_least_two_texts() -> None:
    vocabulary = fit_vocabulary(TEXTS, max_features=10)

    assert vocabulary.terms == ("oil", "oil prices", "prices")
    expected = 1 + np.log(5 / np.array([4, 3, 3]))
    np.testing.assert_allclose(vocabulary.idf, expected, rtol=1e-6)


def test_the_commonest_terms_are_kept_ties_by_alphabet() -> None:
    assert fit_vocabulary(TEXTS, max_features=2).terms == ("oil", "oil prices")


def test_rows_have_length_one_or_are_empty() -> None:
    rows = weigh_terms(
        ["oil oil prices", "nothing known", ""], fit_vocabulary(TEXTS, max_features=9)
    )

    np.testing.assert_allclose(np.linalg.norm(rows.toarray(), axis=1), [1, 0, 0])


def test_a_repeated_word_counts_logarithmically() -> None:
    vocabulary = fit_vocabulary(["oil", "oil", "gas", "gas"], max_features=9)
    gas, oil = weigh_terms(["oil oil oil gas"], vocabulary).toarray()[0]

    np.testing.assert_allclose(oil / gas, 1 + np.log(3))


def test_it_agrees_with_scikit_learn_on_words_without_stop_words() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    corpus = ["oil gas oil", "gas wind", "wind oil gas gas", "coal wind oil gas"]
    reference = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    expected = reference.fit_transform(corpus).toarray()
    vocabulary = fit_vocabulary(corpus, max_features=100)

    assert list(vocabulary.terms) == list(reference.get_feature_names_out())
    np.testing.assert_allclose(weigh_terms(corpus, vocabulary).toarray(), expected, rtol=1e-6)


@given(texts)
def test_any_text_can_be_weighed_and_order_changes_nothing(some: list[str]) -> None:
    vocabulary = fit_vocabulary(some, max_features=50)
    turned = fit_vocabulary(some[::-1], max_features=50)
    rows = weigh_terms(some, vocabulary).toarray()

    assert vocabulary.terms == turned.terms == tuple(sorted(set(vocabulary.terms)))
    assert rows.shape == (len(some), len(vocabulary.terms))
    assert np.isfinite(rows).all()
    np.testing.assert_array_equal(rows[::-1], weigh_terms(some[::-1], turned).toarray())


def test_no_terms_gives_no_columns() -> None:
    assert weigh_terms(["oil"], NO_TERMS).shape == (1, 0)
