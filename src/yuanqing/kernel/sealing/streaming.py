"""边收边封: an upload is sealed while it arrives; what is not sealed exists only as a few pieces in memory."""

from __future__ import annotations

import queue
from collections.abc import Callable
from threading import Thread
from typing import Any

import pyrage

from yuanqing.kernel.sealing.envelope import Context, ending, recipient

PIECES = 4  # unsealed pieces that may wait


class _Reader:
    """What age reads from: the pieces put into a queue, in the portions it asks for."""

    def __init__(self) -> None:
        self.pieces: queue.Queue[bytes | None] = queue.Queue(PIECES)
        self.left: bytes | None = b""

    def read(self, amount: int = -1) -> bytes:
        while self.left == b"":
            self.left = self.pieces.get()
        if self.left is None:
            return b""
        given, self.left = self.left[:amount], self.left[amount:]
        return given


class _Writer:
    """What age writes to: whole pieces go to a function."""

    def __init__(self, size: int, take: Callable[[bytes], None]) -> None:
        self.size, self.take, self.held = size, take, bytearray()

    def write(self, data: Any) -> int:
        self.held += data
        return len(data)

    def flush(self) -> None:
        pass


class SealingStream:
    """Pieces of plaintext in, pieces of an age file out, each of `size` bytes but the last.

    The finished pieces are handed over in the thread that writes, never in the sealing one.
    """

    def __init__(self, context: Context, public: str, take: Callable[[bytes], None], size: int = 1 << 20) -> None:
        self.length, self.header = 0, len(context.header())
        self._reader, self._writer, self._take = _Reader(), _Writer(size, take), take
        self._error: Exception | None = None
        self._thread = Thread(target=self._run, args=(recipient(public),), daemon=True)
        self._thread.start()
        self._put(context.header())

    def _run(self, to: Any) -> None:
        try:
            pyrage.encrypt_io(self._reader, self._writer, [to])
        except Exception as error:  # told to the writing thread
            self._error = error
            while self._reader.pieces.get() is not None:
                pass

    def _put(self, piece: bytes | None) -> None:
        self._reader.pieces.put(piece)

    def write(self, piece: bytes) -> None:
        if piece:
            self.length += len(piece)
            self._put(bytes(piece))
        self._hand_over(whole_only=True)

    def close(self) -> int:
        """Finish the file; returns the length of the content."""
        self._put(ending(self.header, self.length))
        self._put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error
        self._hand_over(whole_only=False)
        return self.length

    def abandon(self) -> None:
        """Stop; what was made so far is the caller's to throw away."""
        self._put(None)
        self._thread.join()

    def _hand_over(self, *, whole_only: bool) -> None:
        held, size = self._writer.held, self._writer.size
        while len(held) >= size or (held and not whole_only):
            piece = bytes(held[:size])
            del held[:size]
            self._take(piece)
