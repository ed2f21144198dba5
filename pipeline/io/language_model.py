"""A language model in a local folder that writes names of themes. Off unless params.yaml names it.

Nothing is ever downloaded, no code of the folder is run, and what the model writes is only a
suggestion: `pipeline.core.themes.names` takes it where it is short, unique and faithful.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InputError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

MAX_TITLES, MAX_TITLE_CHARS, MAX_NEW_TOKENS = 8, 150, 24
_TASK = (
    "Name the subject that these news headlines share, in two to six words taken from them. "
    "Answer with the name alone.\n\nHeadlines:\n{titles}\n\nKeywords: {keywords}\n\nName:"
)


def prompt_of(titles: Sequence[str], keywords: Sequence[str]) -> str:
    """What the model is asked."""
    shown = "\n".join(f"- {title[:MAX_TITLE_CHARS]}" for title in titles[:MAX_TITLES])
    return _TASK.format(titles=shown, keywords=", ".join(keywords))


class LanguageModel:
    """A text-generation model of transformers, on the CPU, always giving the likeliest answer.

    Parameters
    ----------
    folder : str
        Where the model lies: config.json, safetensors weights, tokenizer.

    Raises
    ------
    InputError
        If the folder holds no model.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        if not (self._folder / "config.json").is_file():
            raise InputError(
                f"params.yaml: themes.name_model: no model there (got '{folder}'); give a folder "
                "that holds a transformers text-generation model, or null"
            )
        self._loaded: tuple[PreTrainedTokenizerBase, PreTrainedModel] | None = None

    def write_name(self, titles: Sequence[str], keywords: Sequence[str]) -> str:
        """First line of the model's answer; empty where it gives none."""
        import torch

        tokenizer, model = self._load()
        prompt = prompt_of(titles, keywords)
        if tokenizer.chat_template:
            turns = [{"role": "user", "content": prompt}]
            prompt = str(
                tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
            )
        inputs = tokenizer(prompt, return_tensors="pt")
        with torch.inference_mode():
            output = model.generate(
                **inputs, do_sample=False, num_beams=1, max_new_tokens=MAX_NEW_TOKENS
            )
        answer = tokenizer.decode(
            output[0][inputs["input_ids"].shape[1] :], skip_special_tokens=True
        )
        return next(iter(str(answer).strip().splitlines()), "")

    def _load(self) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
        """Load on first use: the import alone takes seconds."""
        if self._loaded is None:
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer

            torch.set_num_threads(1)
            local = {"local_files_only": True, "trust_remote_code": False}
            tokenizer = AutoTokenizer.from_pretrained(str(self._folder), **local)
            model = AutoModelForCausalLM.from_pretrained(
                str(self._folder), use_safetensors=True, dtype=torch.float32, **local
            )
            model.eval()
            self._loaded = tokenizer, model
        return self._loaded
