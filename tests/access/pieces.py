"""What a drill has done, piece by piece, so that a run that was stopped is gone on with where it was.

    GO_ON=matrix.jsonl pytest -m drill tests/access/test_matrix.py

A piece that was right is not done again, one that was not is; without GO_ON every piece is done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Pieces:
    """The pieces that this run has gone through, those of earlier runs among them."""

    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    file: str = field(default_factory=lambda: os.environ.get("GO_ON", ""))

    def is_right(self, piece: str) -> bool:
        """Whether an earlier run found nothing wrong with it, whose count is then taken over."""
        known = self._earlier.get(piece)
        if known is None or known["wrong"]:
            return False
        self._take(piece, known["asked"], [], known["told"])
        return True

    def note(self, piece: str, asked: int, wrong: Sequence[str], told: str = "") -> None:
        self._take(piece, asked, wrong, told)
        if self.file:
            line = {"piece": piece, "asked": asked, "wrong": list(wrong), "told": told}
            with Path(self.file).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._earlier[piece] = line

    def __post_init__(self) -> None:
        path = Path(self.file)
        lines = path.read_text(encoding="utf-8").splitlines() if self.file and path.is_file() else []
        self._earlier = {line["piece"]: line for line in map(json.loads, lines)}

    def _take(self, piece: str, asked: int, wrong: Sequence[str], told: str) -> None:
        self.asked += asked
        self.wrong += wrong
        self.told[piece] = told
