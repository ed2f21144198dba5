"""What a scraper's file adds to any page: line ends, blanks, marks that nobody sees."""

from __future__ import annotations

import re
from random import Random


def _as_cp1252(text: str) -> str:
    """UTF-8 read as Windows-1252: the mojibake that everybody has seen."""
    return "".join(
        bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)
        for byte in text.encode("utf-8")
    )


def with_noise(rng: Random, text: str) -> str:
    """The same page as another tool would have written it; no visible word changes."""
    if rng.random() < 0.03:
        text = text.replace("&", "&amp;").replace('"', "&quot;").replace("’", "&#8217;")
    elif rng.random() < 0.025:
        text = _as_cp1252(text)
    if rng.random() < 0.12:
        text = "".join(
            line + (" " * rng.randint(1, 3) if rng.random() < 0.3 else "") + "\n"
            for line in text.splitlines()
        )
    if rng.random() < 0.06:
        text = re.sub(
            r"(?<=[a-z]) (?=[A-Z])", lambda m: "\u00a0" if rng.random() < 0.1 else m[0], text
        )
    if rng.random() < 0.04:
        text = re.sub(
            r"^(?=.)", lambda _: "\u200b" if rng.random() < 0.05 else "", text, flags=re.MULTILINE
        )
    if rng.random() < 0.05:
        text = "\n".join(
            "  " + line if line and rng.random() < 0.2 else line for line in text.split("\n")
        )
    if rng.random() < 0.06:
        text = (
            text.replace("\n\n", "\n \n") if rng.random() < 0.5 else text.replace("\n\n", "\n\t\n")
        )
    if rng.random() < 0.07:
        text = text.replace("\n", "\r\n")
    if rng.random() < 0.03:
        text = "\ufeff" + text
    return text
