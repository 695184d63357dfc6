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
    threshold: str = ""  # 2004: the share of its own progress from which it counts as completed


@dataclass(frozen=True)
class Manifest:
    """清单: the standard, what the package calls itself, and its parts in order."""

    edition: str
    title: str
    parts: tuple[Part, ...]
    wants: tuple[str, ...] = ()  # what it asks a player for that this one does not do; see WANTS

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
    return Manifest(_edition(root), _text(organization, "title")[:120], parts, _wants(root, len(parts) > 1))


WANTS = {  # elements by which a package asks for something, and whether it matters to packages of several parts alone
    "order": (("preConditionRule", "postConditionRule", "exitConditionRule", "prerequisites"), True),
    "rollup": (("rollupRule",), True),
    "shared": (("mapInfo",), True),
    "buttons": (("navigationInterface",), True),
    "limit": (("limitConditions", "maxtimeallowed"), False),
}


def _wants(root: Element, has_parts: bool) -> tuple[str, ...]:
    """Codes of what the package asks for and does not get here, in the order of WANTS."""
    there = {one.tag.rpartition("}")[2] for one in root.iter() if isinstance(one.tag, str)}
    controls = list(_all(root, "controlMode"))
    is_led = any(one.get("choice", "").lower() == "false" or one.get("forwardOnly", "").lower() == "true" for one in controls)  # fmt: skip
    found = {code for code, (names, of_many) in WANTS.items() if there & set(names) and (has_parts or not of_many)}
    return tuple(code for code in WANTS if code in found or (code == "order" and is_led and has_parts))


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
    return Part(item.get("identifier", "")[:200], title[:200], href, mastery, data[:4000], _threshold(item))


def _threshold(item: Element) -> str:
    """As text (3rd edition) or as an attribute (4th); a number from 0 to 1, anything else is none."""
    found = next(_all(item, "completionThreshold"), None)
    given = "" if found is None else (found.text or "").strip() or found.get("minProgressMeasure", "")
    value = _number(given)
    return given if value is not None and 0 <= value <= 1 and len(given) < 12 else ""


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
    completion: str = ""  # 2004 keeps the two words apart that 1.2 has in one
    success: str = ""
    interactions: tuple[dict[str, Any], ...] = ()
    objectives: tuple[dict[str, Any], ...] = ()


def said(edition: str, cmi: Mapping[str, Any]) -> Said:
    """From the runtime's data model; what is none of the standard's words counts as not said."""
    if edition == "1.2":
        core = _group(cmi, "core")
        completion, success = str(core.get("lesson_status", "")), ""
        status, score = _status(completion, ""), _score(_group(core, "score"))
        time, location = str(core.get("session_time", "")), str(core.get("lesson_location", ""))
    else:
        completion, success = str(cmi.get("completion_status", "")), str(cmi.get("success_status", ""))
        status, score = _status(completion, success), _score(_group(cmi, "score"))
        time, location = str(cmi.get("session_time", "")), str(cmi.get("location", ""))
    suspended = str(cmi.get("suspend_data", ""))
    if len(suspended) > MOST_SUSPENDED:
        raise ValueError("suspend_data")
    return Said(
        status, score, seconds_of(time), _kept(location)[:1000], _kept(suspended), _kept(completion)[:20], _kept(success)[:20],
        tuple(_interaction(edition, one) for one in _listed(cmi.get("interactions"))),
        tuple(_objective(edition, one) for one in _listed(cmi.get("objectives"))),
    )  # fmt: skip


def _kept(text: str) -> str:
    """Without what no database keeps: zeros, and halves of letters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


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


# Answers and objectives, kept in the standard's own words so that the runtime can be given them again

MOST_LISTED, MOST_LETTERS = 250, 1000
INTERACTION = {
    "1.2": ("id", "type", "time", "weighting", "student_response", "result", "latency"),
    "2004": ("id", "type", "timestamp", "weighting", "learner_response", "result", "latency", "description"),
}
OBJECTIVE = {
    "1.2": ("id", "status"),
    "2004": ("id", "success_status", "completion_status", "progress_measure", "description"),
}


def _listed(values: Any) -> list[Mapping[str, Any]]:
    """A collection of the data model; the runtime gives it as an object with numbers for names."""
    if isinstance(values, Mapping):
        values = [values[key] for key in sorted((k for k in values if re.fullmatch(r"[0-9]{1,4}", str(k))), key=int)]
    found = values if isinstance(values, list) else []
    return [one for one in found if isinstance(one, Mapping)][:MOST_LISTED]


def _words(one: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    given = {name: one.get(name) for name in names}
    return {
        name: _kept(str(value))[:MOST_LETTERS]
        for name, value in given.items()
        if isinstance(value, str | int | float) and str(value) and not isinstance(value, bool)
    }


def _interaction(edition: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """The type stands before the answer, by which the runtime judges it."""
    found = _words(one, INTERACTION[edition])
    for name, inner in (("correct_responses", "pattern"), ("objectives", "id")):
        listed = [line for part in _listed(one.get(name))[:20] if (line := _words(part, (inner,)))]
        found |= {name: listed} if listed else {}
    return found


def _objective(edition: str, one: Mapping[str, Any]) -> dict[str, Any]:
    score = _words(_group(one, "score"), ("raw", "min", "max", *(("scaled",) if edition == "2004" else ())))
    return _words(one, OBJECTIVE[edition]) | ({"score": score} if score else {})


@dataclass(frozen=True)
class Answer:
    """课件里的一题: what was answered, what the package holds to be right, and what it made of it."""

    code: str
    words: str
    kind: str
    given: str
    right: tuple[str, ...]
    result: str
    seconds: float


@dataclass(frozen=True)
class Aim:
    """课件里的一个目标: how far the package says it was reached."""

    code: str
    words: str
    status: str
    score: int | None


def answers(kept: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """For reading, whichever standard the words are of."""
    return [
        Answer(
            one.get("id", ""), one.get("description", ""), one.get("type", ""),
            readable(one.get("student_response") or one.get("learner_response") or ""),
            tuple(readable(line["pattern"]) for line in one.get("correct_responses", ())),
            one.get("result", ""), seconds_of(one.get("latency", "")),
        )
        for one in kept
    ]  # fmt: skip


def aims(kept: Sequence[Mapping[str, Any]]) -> list[Aim]:
    return [
        Aim(one.get("id", ""), one.get("description", ""), _state_of(one), _score(_group(one, "score"))) for one in kept
    ]


def _state_of(one: Mapping[str, Any]) -> str:
    return _status(one.get("status") or one.get("completion_status", ""), one.get("success_status", ""))


def readable(response: str) -> str:
    """Answers of several parts without the signs by which 2004 joins them."""
    for sign, word in (("[,]", "、"), ("[.]", " → "), ("[:]", " – ")):
        response = response.replace(sign, word)
    return response


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
