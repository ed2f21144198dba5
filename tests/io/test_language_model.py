"""The local language model: only from a folder, and never more than a suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.io.language_model import MAX_TITLE_CHARS, MAX_TITLES, LanguageModel, prompt_of


def test_a_folder_without_a_model_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"themes\.name_model: no model there .*or null"):
        LanguageModel(str(tmp_path))


def test_the_prompt_holds_some_titles_and_the_keywords() -> None:
    prompt = prompt_of([f"Title {i} " + "x" * 999 for i in range(99)], ["frost", "orchard"])
    assert "frost, orchard" in prompt
    assert f"Title {MAX_TITLES - 1} " in prompt
    assert f"Title {MAX_TITLES} " not in prompt
    assert len(prompt) < 600 + MAX_TITLES * (MAX_TITLE_CHARS + 3)


def test_a_tiny_model_answers_the_same_each_time(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    words = {word: i for i, word in enumerate(["<unk>", "frost", "orchard", "news", "name"])}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer).save_pretrained(tmp_path)
    transformers.set_seed(0)
    config = transformers.GPT2Config(
        vocab_size=5, n_positions=256, n_embd=8, n_layer=1, n_head=1, bos_token_id=0, eos_token_id=0
    )
    transformers.GPT2LMHeadModel(config).save_pretrained(tmp_path)
    answers = {LanguageModel(str(tmp_path)).write_name(["frost"], ["orchard"]) for _ in range(2)}
    assert len(answers) == 1
    assert "\n" not in answers.pop()
