"""Draw one small picture of every figure from the published figures that come with gxstats.

python docs/images/figures/draw.py
"""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

import gxstats as gx
from gxstats.analysis import metric

FOLDER = Path(__file__).resolve().parent


def draw_all(lang: Any = "en", width: float = 16) -> None:
    """Every figure, 16 cm wide, with 64 colours so that the pages stay light."""
    reports = gx.load_published()
    rates = metric(reports, "disclosure_rate")
    with gx.plot.style("journal", width=width):
        drawn = {
            "volumes": gx.plot.volumes(reports.tidy(warn=False), lang),
            "outcomes": gx.plot.outcomes(reports, lang),
            "refusal_grounds": gx.plot.refusal_grounds(reports, lang),
            "funnel": gx.plot.funnel(rates[rates["scope"] == "summary"], lang, within=[]),
            "dots": gx.plot.dots(rates, lang),
            "disputes": gx.plot.disputes(reports, lang),
            "carry_over": gx.plot.carry_over(reports, lang),
            "multiples": gx.plot.multiples(rates, lang),
            "coverage": gx.plot.coverage(reports, lang),
            "forest": gx.plot.forest(metric(reports, "review_correction_rate"), lang),
        }
    for name, (figure, _) in drawn.items():
        picture = BytesIO()
        figure.savefig(picture, dpi=100)
        Image.open(picture).convert("RGB").quantize(64).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore", gx.UsageWarning)
    draw_all()
