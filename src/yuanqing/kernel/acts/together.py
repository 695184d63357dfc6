"""合并落盘: calls of several threads that arrive while one is being done are done by the next, all in one go.

The first to arrive does its own at once; whoever comes meanwhile waits, and one of the waiting then does what has
gathered. A call returns when its own is done. When many at once fail, each is tried by itself, so that one that cannot be
done spoils no other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Condition
from typing import Generic, TypeVar

One = TypeVar("One")
Result = TypeVar("Result")


@dataclass(eq=False)
class _Call(Generic[One, Result]):
    one: One
    results: list[Result] = field(default_factory=list)
    error: Exception | None = None
    is_done: bool = False


class Together(Generic[One, Result]):
    """`run` does a list of them and returns a result for each."""

    def __init__(self, run: Callable[[Sequence[One]], Sequence[Result]], most: int) -> None:
        self.run, self.most = run, most
        self.waiting: deque[_Call[One, Result]] = deque()
        self.turn, self.is_busy = Condition(), False

    def __call__(self, one: One) -> Result:
        call: _Call[One, Result] = _Call(one)
        with self.turn:
            self.waiting.append(call)
        while not call.is_done:
            with self.turn:
                self.turn.wait_for(lambda: call.is_done or not self.is_busy)
                if call.is_done:
                    break
                self.is_busy = True
                calls = [self.waiting.popleft() for _n in range(min(self.most, len(self.waiting)))]
            try:
                self._do(calls)
            finally:
                with self.turn:
                    self.is_busy = False
                    self.turn.notify_all()
        if call.error is not None:
            raise call.error
        return call.results[0]

    def _do(self, calls: Sequence[_Call[One, Result]]) -> None:
        try:
            for call, result in zip(calls, self.run([call.one for call in calls]), strict=True):
                call.results = [result]
        except Exception as error:
            if len(calls) == 1:
                calls[0].error = error
            else:
                for call in calls:
                    self._do([call])
        finally:
            for call in calls:
                call.is_done = True
