"""边收边封: an upload is sealed while it arrives; what is not sealed exists only as a few pieces in memory."""

from __future__ import annotations

import queue
from collections.abc import Callable
from threading import Thread
from typing import Any

import pyrage

from yuanqing.kernel.sealing.envelope import Context, ending, recipient

PIECES = 4  # unsealed pieces that may wait
SMALL = 256 << 10  # an upload of no more bytes is sealed in one go, without a thread of its own


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
        self._thread: Thread | None = None
        self._to, self._few = recipient(public), bytearray(context.header())

    def _run(self) -> None:
        try:
            pyrage.encrypt_io(self._reader, self._writer, [self._to])
        except Exception as error:  # told to the writing thread
            self._error = error
            while self._reader.pieces.get() is not None:
                pass

    def _put(self, piece: bytes) -> None:
        if self._thread is None:
            self._few += piece
            if len(self._few) <= SMALL:
                return
            self._thread, piece = Thread(target=self._run, daemon=True), bytes(self._few)
            self._few.clear()
            self._thread.start()
        self._reader.pieces.put(piece)

    def _end(self) -> None:
        """The sealing thread finishes what it has."""
        if self._thread is not None:
            self._reader.pieces.put(None)
            self._thread.join()

    def write(self, piece: bytes) -> None:
        if piece:
            self.length += len(piece)
            self._put(bytes(piece))
        self._hand_over(whole_only=True)

    def close(self) -> int:
        """Finish the file; returns the length of the content."""
        self._put(ending(self.header, self.length))
        if self._thread is None:
            self._writer.write(pyrage.encrypt(bytes(self._few), [self._to]))
        self._end()
        if self._error is not None:
            raise self._error
        self._hand_over(whole_only=False)
        return self.length

    def abandon(self) -> None:
        """Stop; what was made so far is the caller's to throw away."""
        self._few.clear()
        self._end()

    def _hand_over(self, *, whole_only: bool) -> None:
        held, size = self._writer.held, self._writer.size
        while len(held) >= size or (held and not whole_only):
            piece = bytes(held[:size])
            del held[:size]
            self._take(piece)
