"""Pictures of a run for places that show no HTML. Values in, the bytes of a PNG out.

The same values give the same bytes with one version of matplotlib: no time, no version and no
setting of this machine enters. Scraped text is drawn as it is, never read as mathematics.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline.core.labels.scores import CalibrationBin
from pipeline.core.report.headlines import shorten
from pipeline.core.report.theme_cards import ThemeCard
from pipeline.core.report.theme_map import ThemeMap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Themes in a picture; more rows cannot be read.
MAX_THEMES = 30
#: Same hues and shapes as on the page.
HUES = ("#0a6aa8", "#bd6400", "#0b8560", "#c03f1d", "#a6478a", "#2a8fbb")
SHAPES = ("o", "s", "^", "D")
_INK, _SOFT, _NONE = "#1f1e1b", "#625f58", "#8b877d"


def draw_sizes(cards: Sequence[ThemeCard]) -> bytes:
    """Draw one bar for each theme, as long as it has distinct articles."""
    shown = cards[:MAX_THEMES]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        places = range(len(shown))
        hues = [HUES[card.mark.colour] for card in shown]
        axes.barh(places, [card.n_distinct for card in shown], color=hues, height=0.7)
        axes.set_yticks(places, [_name(card) for card in shown], parse_math=False)
        axes.invert_yaxis()
        axes.set_xlabel("distinct articles")
        axes.set_title("Themes by size", loc="left")

    return _png(draw, width=8, height=1.2 + 0.3 * max(len(shown), 2))


def draw_timelines(cards: Sequence[ThemeCard]) -> bytes | None:
    """Draw one row of bars for each dated theme, all on one axis; None where none is dated."""
    dated = [(card, card.trend) for card in cards if card.trend][:MAX_THEMES]
    if not dated:
        return None

    def draw(figure: Figure) -> None:
        rows = figure.subplots(len(dated), 1, sharex=True, squeeze=False)[:, 0]
        for axes, (card, trend) in zip(rows, dated, strict=True):
            counts = [bar.n for bar in trend.bars]
            axes.bar(range(len(counts)), counts, color=HUES[card.mark.colour], width=0.85)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.tick_params(bottom=False)
            label = f"{_name(card)}  (max {trend.peak.n})"
            axes.set_ylabel(label, rotation=0, ha="right", va="center", parse_math=False)
        axis = dated[0][1].axis
        rows[-1].set_xticks([0, axis.n_bars - 1], [axis.start, axis.end])
        figure.suptitle(f"Dated articles per {axis.unit}, each theme to its own scale", x=0.5)

    return _png(draw, width=9, height=1 + 0.42 * len(dated))


def draw_map(theme_map: ThemeMap | None, cards: Sequence[ThemeCard]) -> bytes | None:
    """Draw the map of articles with the number of each theme; None without a map."""
    if theme_map is None:
        return None
    from matplotlib.patheffects import withStroke

    marks = {card.theme_id: card.mark for card in cards}

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for group in theme_map.groups:
            mark = marks.get(group.theme_id or "")
            hue = HUES[mark.colour] if mark else _NONE
            shape = SHAPES[mark.shape] if mark else "o"
            xs, ys = [dot.x for dot in group.dots], [dot.y for dot in group.dots]
            axes.scatter(xs, ys, s=14, c=hue, marker=shape, linewidths=0, alpha=0.85)
            if mark:
                at = (group.label_x, group.label_y)
                number = axes.annotate(str(mark.number), at, size=13, ha="center", va="center")
                number.set_path_effects([withStroke(linewidth=3, foreground="white")])
        axes.set(xlim=(0, theme_map.width), ylim=(theme_map.height, 0), xticks=[], yticks=[])
        axes.set_title("Map of articles, numbered by theme", loc="left")

    return _png(draw, width=9, height=6.3)


def draw_reliability(reliability: Sequence[CalibrationBin]) -> bytes | None:
    """Draw stated probability against the share that is right; None without measurements."""
    if not reliability:
        return None

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color=_SOFT, linestyle="--", linewidth=1)
        sizes = [20 + 4 * part.n for part in reliability]
        xs = [part.probability for part in reliability]
        axes.scatter(xs, [part.accuracy for part in reliability], s=sizes, c=HUES[0], alpha=0.8)
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="stated probability", ylabel="share right")
        axes.set_aspect("equal")
        axes.set_title("Can its probabilities be trusted?", loc="left")

    return _png(draw, width=5.5, height=5.5)


def _name(card: ThemeCard) -> str:
    return f"{shorten(card.name, 42)}  {card.mark.number}"


def _png(draw: Callable[[Figure], None], *, width: float, height: float) -> bytes:
    from matplotlib import style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    settings = {
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": _SOFT,
        "text.color": _INK,
        "font.family": ["DejaVu Sans"],  # comes with matplotlib, so it is the same everywhere
        "font.size": 10,
    }
    with style.context(["default", settings]), warnings.catch_warnings():
        # A script that the font lacks shows as boxes here; the HTML page has it right.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        figure = Figure(figsize=(width, height), dpi=110, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()
