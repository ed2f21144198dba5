"""Captions and credits of photographs."""

from __future__ import annotations

import time

import pytest

from pipeline.core.boilerplate.captions import is_caption, is_posed


@pytest.mark.parametrize(
    "line",
    [
        "FILE PHOTO: Sandbags in the street",
        "FILE - Sandbags lie in a street in Marl, May 3, 2021. (Ann Lee/DPA)",
        "(FILES) Sandbags in the street",
        "Sandbags in the street. A. Stringer/Pool via REUTERS",
        "Sandbags in the street REUTERS/A. Stringer",
        "Sandbags in the street ANN LEE AFP",
        "Sandbags in the street Ann Lee Getty Images",
        "Sandbags. Ann Lee/AFP/Getty Images",
        "Sandbags line the street. — NurPhoto",
        "Sandbags in the street | PA Wire",
        "Sandbags in the street. (Ann Lee/Marl Press)",
        "Sandbags in the street (AP Photo/Ann Lee, File)",
        "Sandbags in the street. Credit: Handout",
        "Sandbags in the street. Image: IRNA",
        "Sandbags in the street, Photo by Ann Lee",
        "Sandbags in the street [Ann Lee/Al Jazeera]",
        "A man looks on during the flood in Marl, in this May 3, 2021 file photo. (AFP)",
        "Photograph: Ann Lee/EPA",
        "Image source, Getty Images",
        "1 of 8 | Sandbags in the street",
        "Photo: Ann Lee",
        "Снимка: Анна Ли",
        "Reuters",
        "(AP)",
        "(AFP, Reuters)",
    ],
)
def test_credit_makes_a_caption(line: str) -> None:
    assert is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        "Bridge closed again | Reuters",
        "Bridge closed again - BBC News",
        "He had said so before, he told Reuters",
        "The port is shut, the mayor said on Monday. (Reuters)",
        "Credit: where it went",
        "Above: nothing but sky",
        "Photo finish",
        "File a complaint",
        "Images of war",
        "It was shown by AFP.",
        "Leaders gather in Marl ahead of the flood talks on Monday",
    ],
)
def test_story_and_headline_are_no_captions(line: str) -> None:
    assert not is_caption(line)


def test_agency_in_brackets_makes_a_caption_near_the_top() -> None:
    line = "Sandbags line the street on Monday. (Reuters)"

    assert is_caption(line, in_head=True)
    assert not is_caption(line)
    assert not is_caption("He had said so before, he told Reuters", in_head=True)


def test_scene_in_the_present_tense_is_posed() -> None:
    assert is_posed("Pickers pose for a photograph in a hop garden near Marl")
    assert is_posed("Two women walk past the shut bridge in Marl on Monday")
    assert not is_posed("Two women walk past the shut bridge in Marl on Monday.")
    assert not is_posed("Women walk out")


@pytest.mark.parametrize("unit", ["Ann ", "AFP/", "A/", "(", "| AP ", "Credit: ", "a b c. "])
def test_no_line_makes_the_patterns_slow(unit: str) -> None:
    start = time.perf_counter()
    is_caption((unit * 400)[:1199], in_head=True)
    is_caption((unit * 60)[:390], in_head=True)

    assert time.perf_counter() - start < 1
