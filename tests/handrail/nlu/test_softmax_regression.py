"""The fit gives what scikit-learn gives for the same features, and the words weigh what scikit-learn weighs them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from handrail.nlu.softmax_regression import SoftmaxRegression
from handrail.nlu.word_weights import WordWeights, words_of

TEXTS = ["what is it", "what is that", "how do I talk to him", "how do I talk", "him and her", "what IS it is"]


def test_softmax_regression_agrees_with_scikit_learn() -> None:
    random = np.random.default_rng(7)
    dense = random.normal(size=(120, 5)).astype(np.float32)
    sparse = scipy.sparse.random(120, 9, density=0.3, random_state=7, format="csr")
    labels = [f"class {number}" for number in random.integers(0, 4, size=120)]
    ours = SoftmaxRegression.fit(dense, sparse, labels, C=2.0, rounds=500)
    theirs = LogisticRegression(C=2.0, max_iter=500, tol=1e-8).fit(np.hstack([dense, sparse.toarray()]), labels)
    for row in range(10):
        words = sparse[row]
        found = ours.probabilities(dense[row], words.indices, words.data)
        wanted = theirs.predict_proba(np.hstack([dense[row], words.toarray()[0]])[np.newaxis])[0]
        assert found == pytest.approx(wanted, abs=2e-3)
    assert ours.classes.tolist() == theirs.classes_.tolist()


def test_word_weights_agree_with_scikit_learn() -> None:
    ours = WordWeights.fit(TEXTS)
    theirs = TfidfVectorizer(sublinear_tf=True, min_df=2, token_pattern=r"\w+").fit(TEXTS)
    assert ours.vocabulary == theirs.get_feature_names_out().tolist()
    for text in TEXTS:
        places, weights = ours.of(text)
        row = np.zeros(len(ours.vocabulary))
        row[places] = weights
        assert row == pytest.approx(theirs.transform([text]).toarray()[0])


def test_word_weights_of_a_text_without_a_known_word() -> None:
    places, weights = WordWeights.fit(TEXTS).of("xyz \U0001f622")
    assert len(places) == len(weights) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [("Don’t STOP", ["don't", "stop"]), ("'quoted'", ["quoted"]), ("café 2", ["café", "2"]), ("?", [])],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert words_of(text) == words
