"""The recogniser: the text of an image of one line, by the models that come with rapidocr.

Only its model file is used, with onnxruntime: rapidocr itself downloads what it does not find, and
reading must never touch the network.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gxstats.errors import LimitExceeded, UnsupportedFormat

if TYPE_CHECKING:
    from gxstats.read.scan_image import Grey

SWITCH: Final = "GXSTATS_OCR"
"""Set to ``off``, this environment variable keeps gxstats from reading images, whatever is installed."""
INSTALL: Final = "pip install 'gxstats[ocr]'"
_NEEDED: Final = ("cv2", "onnxruntime", "rapidocr")
_PACKAGES: Final = ("rapidocr", "onnxruntime", "opencv-python-headless")
LINE_HEIGHT: Final = 48
"""Pixels that the model wants a line to be high."""
_MIN_WIDTH: Final = 64
_MAX_WIDTH: Final = 4_000
_BATCH: Final = 8
_THREADS: Final = 1


class Line(NamedTuple):
    """What the recogniser reads in a line: signs, where along it each stands (0 to 1), how surely."""

    text: str
    places: tuple[float, ...]
    scores: tuple[float, ...]

    @property
    def surety(self) -> float:
        """The score of its least sure sign; 0 if it has none."""
        return min(self.scores, default=0.0)


def is_available() -> bool:
    """Whether images can be read: the extra is installed and nobody has switched it off."""
    return not _is_off() and all(find_spec(name) is not None for name in _NEEDED)


def _is_off() -> bool:
    return os.environ.get(SWITCH, "").lower() == "off"


def ocr_version() -> str:
    """Names and versions of what images are read with; "none" if they are not.

    Example:
        >>> ocr_version() == "none" or "rapidocr" in ocr_version()
        True
    """
    if not is_available():
        return "none"
    return "+".join(f"{name}-{_version(name)}" for name in _PACKAGES)


def reader_name() -> str:
    """What facts are said to be read by: OCR, and the version of its models."""
    return f"ocr:rapidocr-{_version('rapidocr')}"


@cache  # asked for every document of a build
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


@cache
def load() -> Recogniser:
    """The recogniser, loaded once per process.

    Raises:
        UnsupportedFormat: The extra is not installed, holds no model, or has no room in memory.
    """
    if not is_available():
        why = "switched off" if _is_off() else "not installed"
        raise UnsupportedFormat(f"reading images needs OCR, which is {why}", hint=INSTALL)
    spec = find_spec("rapidocr")
    folder = Path(spec.origin).parent / "models" if spec and spec.origin else Path()
    models = sorted(folder.glob("*rec*.onnx"))
    if not models:
        raise UnsupportedFormat("the installed rapidocr has no model for reading lines", hint=INSTALL)
    try:
        return Recogniser(models[-1])
    except Exception as error:  # onnxruntime raises its own kinds, also when memory is short
        raise UnsupportedFormat(
            f"OCR cannot be started here ({type(error).__name__})",
            hint="it needs 2 GB of address space and a working onnxruntime",
        ) from error


class Recogniser:
    """A model that reads lines; it holds the memory of its session, nothing else."""

    def __init__(self, model: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = _THREADS
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            str(model), sess_options=options, providers=["CPUExecutionProvider"]
        )
        signs = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        # The model's classes: nothing, its signs, a blank.
        self._signs = ["", *signs, " "]
        self._input = self._session.get_inputs()[0].name

    def read(self, crops: Sequence[Grey]) -> list[Line]:
        """The text of each image of a line, dark on light."""
        inputs = [_input(crop) for crop in crops]
        order = sorted(range(len(inputs)), key=lambda at: inputs[at].shape[1])
        found: list[Line] = [Line("", (), ())] * len(inputs)
        while order:
            # Memory grows with the widest line of a batch: short ones go together, long ones alone.
            count = max((n for n in range(1, _BATCH + 1) if self._fits(inputs, order[:n])), default=1)
            some, order = order[:count], order[count:]
            widest = max(inputs[at].shape[1] for at in some)
            batch = np.zeros((len(some), 3, LINE_HEIGHT, widest), dtype=np.float32)
            for row, at in enumerate(some):
                batch[row, :, :, : inputs[at].shape[1]] = inputs[at]
            answers = self._run(batch)
            for row, at in enumerate(some):
                found[at] = self._decode(answers[row], inputs[at].shape[1] / widest)
        return found

    @staticmethod
    def _fits(inputs: list[NDArray[np.float32]], some: list[int]) -> bool:
        return len(some) * int(inputs[some[-1]].shape[1]) <= _MAX_WIDTH

    def _run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            return np.asarray(self._session.run(None, {self._input: batch})[0], dtype=np.float32)
        except Exception as error:  # onnxruntime raises kinds of its own where memory is short
            raise LimitExceeded(
                f"OCR gave up ({type(error).__name__})", hint="it needs 2 GB of address space"
            ) from error

    def _decode(self, answer: NDArray[Any], share: float) -> Line:
        """The best path: runs of one class are one sign, class 0 parts them."""
        best = answer.argmax(axis=1)
        new = np.ones(len(best), dtype=bool)
        new[1:] = best[1:] != best[:-1]
        steps = np.flatnonzero(new & (best != 0))
        ends = np.append(np.flatnonzero(new)[1:], len(best))
        starts = np.flatnonzero(new)
        last = ends[np.searchsorted(starts, steps)]
        places = (steps + last) / 2 / (len(best) * share)
        return Line(
            "".join(self._signs[at] for at in best[steps].tolist()),
            tuple(np.clip(places, 0.0, 1.0).tolist()),
            tuple(answer[steps, best[steps]].tolist()),
        )


def _input(crop: Grey) -> NDArray[np.float32]:
    """A line at the model's height, from -1 (black) to 1 (white)."""
    import cv2

    height, width = crop.shape
    wide = min(max(round(width * LINE_HEIGHT / height), 8), _MAX_WIDTH)
    method = cv2.INTER_AREA if height > 1.5 * LINE_HEIGHT else cv2.INTER_CUBIC
    resized = cv2.resize(crop, (wide, LINE_HEIGHT), interpolation=method)
    if wide < _MIN_WIDTH:
        resized = np.pad(resized, ((0, 0), (0, _MIN_WIDTH - wide)), mode="edge")
    levels: NDArray[np.float32] = resized.astype(np.float32)
    return levels / np.float32(127.5) - np.float32(1.0)
