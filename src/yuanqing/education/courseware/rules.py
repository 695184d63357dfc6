"""The manifest of a package, and what a package may say of a learner; plain values only.

SCORM 1.2 and 2004 are the standards of ADL; elements are told by their local names, because packages name the spaces of
their manifests in many ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

MANIFEST = "imsmanifest.xml"
MOST_PARTS, MOST_SUSPENDED = 200, 65_536
DONE = ("completed", "passed")
CLOCK = re.compile(r"^(\d{1,4}):(\d{1,2}):(\d{1,2}(?:\.\d{1,2})?)$")  # SCORM 1.2
SPAN = re.compile(r"^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$")  # 2004
SECONDS = (365 * 86_400, 30 * 86_400, 86_400, 3600, 60, 1)


class Faulty(ValueError):
    """What is wrong with a manifest, as a word: xml, entity, empty, many, missing."""


@dataclass(frozen=True)
class Part:
    """一部分: one item of the package that a learner opens; `mastery` and `data` are what the package asks to be told."""

    code: str
    title: str
    href: str
    mastery: str = ""
    data: str = ""


@dataclass(frozen=True)
class Manifest:
    """清单: the standard, what the package calls itself, and its parts in order."""

    edition: str
    title: str
    parts: tuple[Part, ...]

    def as_data(self) -> list[dict[str, str]]:
        return [asdict(part) for part in self.parts]


def manifest(text: bytes, names: Sequence[str]) -> Manifest:
    """`names` are the files that the package holds; raises Faulty."""
    if b"<!DOCTYPE" in text.upper() or b"<!ENTITY" in text.upper():
        raise Faulty("entity")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 declarations were refused above, and nothing else expands
    except (ElementTree.ParseError, ValueError, LookupError):
        raise Faulty("xml") from None
    resources = {one.get("identifier", ""): one for one in _all(root, "resource")}
    parts = tuple(_part(item, resources) for item in _items(root) if item.get("identifierref", "") in resources)
    parts = tuple(part for part in parts if part.href)
    if not parts:
        raise Faulty("empty")
    if len(parts) > MOST_PARTS or len({part.code for part in parts}) < len(parts):
        raise Faulty("many")
    if any(file_of(part.href) not in names for part in parts):
        raise Faulty("missing")
    organization = next(_organizations(root))
    return Manifest(_edition(root), _text(organization, "title")[:120], parts)


def _edition(root: Element) -> str:
    said = " ".join(_text(one, "schemaversion") for one in _all(root, "metadata"))
    return "2004" if "2004" in said or "CAM" in said or "1.3" in said else "1.2"


def _organizations(root: Element) -> Iterator[Element]:
    """The default one, else the first."""
    holder = next(_all(root, "organizations"), root)
    found = list(_all(holder, "organization"))
    chosen = [one for one in found if one.get("identifier") == holder.get("default")]
    yield from chosen or found or [root]


def _items(root: Element) -> Iterator[Element]:
    yield from _all(next(_organizations(root)), "item")


def _part(item: Element, resources: Mapping[str, Element]) -> Part:
    resource = resources[item.get("identifierref", "")]
    base = "".join(one.get("{http://www.w3.org/XML/1998/namespace}base", "") for one in (resource,))
    href = f"{base}{resource.get('href', '')}{item.get('parameters', '')}"
    mastery = _text(item, "masteryscore") or _text(item, "minNormalizedMeasure")
    data = _text(item, "datafromlms") or _text(item, "dataFromLMS")
    title = _text(item, "title") or item.get("identifier", "")
    return Part(item.get("identifier", "")[:200], title[:200], href, mastery, data[:4000])


def _all(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == name)


def _text(root: Element, name: str) -> str:
    return next((" ".join((one.text or "").split()) for one in _all(root, name)), "")


def file_of(href: str) -> str:
    """The file of the package that an address within it names."""
    return re.split(r"[?#]", href, maxsplit=1)[0].removeprefix("./")


# What a part says


@dataclass(frozen=True)
class Said:
    """课件的话: status, points of a hundred, seconds of this session, where it stopped and what it wants back."""

    status: str
    score: int | None
    seconds: float
    location: str
    suspended: str


def said(edition: str, cmi: Mapping[str, Any]) -> Said:
    """From the runtime's data model; what is none of the standard's words counts as not said."""
    if edition == "1.2":
        core = _group(cmi, "core")
        status, score = _status(str(core.get("lesson_status", "")), ""), _score(_group(core, "score"))
        time, location = str(core.get("session_time", "")), str(core.get("lesson_location", ""))
    else:
        status = _status(str(cmi.get("completion_status", "")), str(cmi.get("success_status", "")))
        score = _score(_group(cmi, "score"))
        time, location = str(cmi.get("session_time", "")), str(cmi.get("location", ""))
    suspended = str(cmi.get("suspend_data", ""))
    if len(suspended) > MOST_SUSPENDED:
        raise ValueError("suspend_data")
    return Said(status, score, seconds_of(time), location[:1000], suspended)


def _group(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def _status(completion: str, success: str) -> str:
    if success in ("passed", "failed"):
        return success
    if completion in ("passed", "failed", "completed"):
        return completion
    return "incomplete" if completion in ("incomplete", "browsed") else ""


def _score(given: Mapping[str, Any]) -> int | None:
    """Points of a hundred: scaled (-1…1), else raw between its least and its most (0 and 100)."""
    scaled, raw = _number(given.get("scaled")), _number(given.get("raw"))
    if scaled is not None:
        return round(100 * min(1.0, max(0.0, scaled)))
    if raw is None:
        return None
    least, most = _number(given.get("min")) or 0.0, _number(given.get("max")) or 100.0
    return round(100 * min(1.0, max(0.0, (raw - least) / (most - least)))) if most > least else None


def _number(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if abs(found) < 1e9 else None


def seconds_of(time: str) -> float:
    """0000:20:30.5 or PT20M30.5S; nothing that can be read is 0, and a day is the most."""
    clock, span = CLOCK.match(time), SPAN.match(time)
    if clock:
        found = int(clock[1]) * 3600 + int(clock[2]) * 60 + float(clock[3])
    else:
        found = sum(float(part or 0) * size for part, size in zip(span.groups(), SECONDS, strict=True)) if span else 0.0
    return min(found, 86_400.0)


def together(parts: Sequence[str], said: Mapping[str, tuple[str, int | None]]) -> tuple[str, int | None]:
    """The status and score of the whole from (status, score) of its parts: the worst status, the mean of the scores."""
    states = [said.get(part, ("", None))[0] for part in parts]
    scores = [score for part in parts if (score := said.get(part, ("", None))[1]) is not None]
    score = round(sum(scores) / len(scores)) if scores else None
    if any(state == "failed" for state in states):
        return "failed", score
    if all(state in DONE for state in states):
        return ("passed" if all(state == "passed" for state in states) else "completed"), score
    return ("incomplete" if any(states) else ""), score


def counted(elapsed: float, gap: float) -> float:
    """Seconds between two reports that count as learning: none when the window was silent for too long."""
    return elapsed if 0 <= elapsed <= gap else 0.0


def inserted(page: bytes, tags: str) -> bytes:
    """A page of the package with our script tags before its own."""
    found = re.search(rb"<head\b[^>]{0,500}>", page[:65_536], re.IGNORECASE) or re.search(
        rb"<html\b[^>]{0,500}>", page[:65_536], re.IGNORECASE
    )
    at = found.end() if found else 0
    return page[:at] + tags.encode("ascii") + page[at:]
