"""What several test modules need: articles in one line, an encoder without a model, shared data."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from pipeline.records import Article, FloatMatrix, Theme

settings.register_profile("default", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("NEWSTHEMES_SHARED", CHECKOUT.parent / "shared"))


def make_article(**fields: Any) -> Article:
    """Build a canonical article; ids follow from title and text unless they are given."""
    title = fields.setdefault("title", "A headline")
    text = fields.setdefault("text", "A body of a few words.")
    digest = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16]
    defaults: dict[str, Any] = {
        "article_id": f"a{digest}",
        "content_id": digest,
        "source_file": "page.txt",
        "position": 0,
        "kind": "article",
        "published": None,
        "source": None,
        "author": None,
        "language": "en",
        "n_words": len(text.split()),
        "line_start": 1,
        "line_end": 1,
        "notes": (),
        "duplicate_group": digest,
        "duplicate_kind": "unique",
        "is_canonical": True,
        "carried_by": (),
    }
    return Article(**(defaults | fields))


def make_theme(theme_id: str, **fields: Any) -> Theme:
    """Build a theme of two articles that is called after its id."""
    defaults: dict[str, Any] = {
        "name": theme_id.title(),
        "status": "provisional",
        "description": "",
        "keywords": (),
        "name_evidence": (),
        "n_articles": 2,
        "n_distinct": 2,
        "n_stories": 1,
        "share": 0.5,
        "parent": None,
        "representative": (),
        "borderline": (),
        "first_seen": None,
        "last_seen": None,
        "top_source": None,
        "top_source_share": None,
        "one_source": False,
    }
    return Theme(theme_id=theme_id, **(defaults | fields))


class FakeEncoder:
    """Bag-of-words vectors: texts that share words lie close, and no model is needed."""

    model = "fake/64"

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w{4,}", text.lower()):
                vectors[row, int(hashlib.md5(word.encode()).hexdigest(), 16) % 64] += 1.0
            vectors[row, 0] += 0.01
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def shared() -> Path:
    """The optional folder of real pages and labelled data sets."""
    if not SHARED.is_dir():
        pytest.skip("no shared data: set NEWSTHEMES_SHARED to a folder that holds it")
    return SHARED
