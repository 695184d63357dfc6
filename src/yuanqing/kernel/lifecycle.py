"""生命周期: the order of steps of a record as one table, printed, drawn and enforced from the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise


@dataclass(frozen=True)
class Step:
    """One row: an act of this name moves a record from one of `source` to `target`.

    An empty `source` means that the act creates the record; an empty `target` leaves the state as it is.
    `basis` cites the clause that says so, `role` names who usually takes it (the policy decides who may).
    """

    name: str
    label: Text
    source: tuple[str, ...]
    target: str = ""
    role: str = ""
    basis: str = ""
    dangerous: bool = False
    is_aside: bool = False  # an exception, a correction or asked of nobody: never the first thing to press

    @property
    def is_automatic(self) -> bool:
        """Whether the system takes it when its time comes, and nobody else: it has no page and no button."""
        return self.role == "system"


@dataclass(frozen=True)
class Lifecycle:
    """States with their labels, the first state, and the table of steps."""

    initial: str
    states: Mapping[str, Text]
    steps: Sequence[Step]
    final: tuple[str, ...] = ()
    _by_name: dict[str, Step] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        named = {self.initial, *self.final, *(t.target for t in self.steps if t.target)}
        named |= {s for t in self.steps for s in t.source}
        unknown = named - set(self.states)
        if unknown:
            raise ValueError(f"unknown states: {sorted(unknown)}")
        self._by_name.update({step.name: step for step in self.steps})
        if len(self._by_name) != len(self.steps):
            raise ValueError("a step is named twice")

    def field(self) -> models.CharField[str, str]:
        """The `state` column of the model, with its choices."""
        return models.CharField(
            max_length=32, choices=list(self.states.items()), default=self.initial, db_default=self.initial
        )

    def step(self, name: str) -> Step | None:
        return self._by_name.get(name)

    def refusal(self, name: str, state: str) -> str:
        """Why the step is not open in this state; "" when it is, or when the step is no row of the table."""
        step = self.step(name)
        if step is None or not step.source or state in step.source:
            return ""
        return _("现在的状态是“%(state)s”，只有在“%(needed)s”时才能“%(step)s”。") % {
            "state": self.states[state],
            "needed": "”“".join(str(self.states[s]) for s in step.source),
            "step": step.label,
        }

    def reachable(self) -> set[str]:
        """States that some sequence of steps can reach."""
        seen = {self.initial}
        while True:
            new = {t.target for t in self.steps if t.target and (not t.source or seen & set(t.source))} - seen
            if not new:
                return seen
            seen |= new

    def mermaid(self) -> str:
        """The diagram of the table, for the reference pages."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for step in self.steps:
            for source in step.source:
                lines.append(f"    {source} --> {step.target or source}: {step.name}")
        lines += [f"    {state} --> [*]" for state in self.final]
        return "\n".join(lines)
