"""Lines that lead to other stories."""

from __future__ import annotations

import pytest

from pipeline.core.formats.pointers import is_pointer


@pytest.mark.parametrize(
    "line",
    [
        "Lea también: El puente reabre el lunes",
        "VEA TAMBIÉN: El puente reabre el lunes",
        "Lire aussi",
        "À lire aussi : Le pont rouvre lundi",
        "Czytaj też",
        "Lesen Sie auch: Die Brücke öffnet am Montag",
        "Читайте также: Мост откроют в понедельник",
        "Le puede interesar",
    ],
)
def test_pointer_is_known_in_many_languages(line: str) -> None:
    assert is_pointer(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ver el puente desde el río es otra cosa",
        "Vea, dijo el alcalde: no hay dinero para el puente.",
        "Mehr zum Thema sagte der Bürgermeister nicht.",
        "See the bridge: it is closed",
    ],
)
def test_sentence_is_no_pointer(line: str) -> None:
    assert not is_pointer(line)
