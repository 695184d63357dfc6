"""A package and its files, where a learner stands, and how others do."""

from __future__ import annotations

import mimetypes
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any

from django.core import signing
from django.db.models import QuerySet

from yuanqing.education.courseware import rules
from yuanqing.education.courseware.models import EDITIONS, KINDS, RESULTS, STATUSES, WANTS, Courseware, Desk, Place, Run
from yuanqing.education.courseware.policies import PACKAGE
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.store.packages import inflated
from yuanqing.shell.file.models import File
from yuanqing.shell.file.queries import store

SALT = "courseware-content"
PAGES = ("text/html", "application/xhtml+xml")
MORE_TYPES = {
    ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml",
    ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".mp4": "video/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg",
    ".vtt": "text/vtt", ".xml": "text/xml", ".webp": "image/webp",
}  # fmt: skip


def parameter(code: str) -> int:
    return int(current("education").entry(code).value)


def package(courseware: Courseware) -> File | None:
    """The file last handed in for it."""
    rows: QuerySet[Any] = File.objects.filter(purpose=PACKAGE, about=courseware.pk)
    return rows.order_by("-added_at").first()


def read_manifest(file: File) -> rules.Manifest:
    """Raises rules.Faulty; the package was judged when it was taken in."""
    with store().path(file.digest).open("rb") as handle, zipfile.ZipFile(handle) as archive:
        members = {one.filename: one for one in archive.infolist()}
        if rules.MANIFEST not in members or members[rules.MANIFEST].file_size > 4 << 20:
            raise rules.Faulty("missing")
        text = b"".join(inflated(handle, members[rules.MANIFEST]))
    return rules.manifest(text, list(members))


@lru_cache(maxsize=64)
def _looked_at(digest: str) -> rules.Manifest | str:
    """The manifest of a package, which never changes, or the word for what is wrong with it."""
    try:
        return read_manifest(File(digest=digest))
    except rules.Faulty as error:
        return str(error)


@dataclass(frozen=True)
class Look:
    """看一眼: what a package says of itself before it is published, or what is wrong with it."""

    edition: str
    parts: int
    unsupported: tuple[str, ...]
    fault: str


def look(file: File) -> Look:
    found = _looked_at(file.digest)
    if isinstance(found, str):
        return Look("", 0, (), found)
    return Look(
        str(dict(EDITIONS)[found.edition]), len(found.parts), tuple(str(WANTS[code]) for code in found.wants), ""
    )


def parts(courseware: Courseware) -> list[rules.Part]:
    return [rules.Part(**one) for one in courseware.parts]


def own(courseware: Courseware, account: Any) -> Run | None:
    person = getattr(account, "person_id", None)
    return Run.objects.filter(courseware=courseware, person=person).first() if person else None


@dataclass(frozen=True)
class Standing:
    """进展: one part with what it said last."""

    part: rules.Part
    place: Place | None

    @property
    def label(self) -> str:
        return str(dict(STATUSES)[self.place.status if self.place else ""])

    @property
    def seconds(self) -> int:
        """As the package counts them."""
        return int(self.place.seconds + self.place.session) if self.place else 0

    @property
    def answers(self) -> list[tuple[rules.Answer, str, str]]:
        """Each question with its kind and the result in words."""
        found = rules.answers(self.place.interactions) if self.place else []
        return [(one, str(KINDS.get(one.kind, one.kind)), str(RESULTS.get(one.result, one.result))) for one in found]

    @property
    def aims(self) -> list[tuple[rules.Aim, str]]:
        found = rules.aims(self.place.objectives) if self.place else []
        return [(one, str(dict(STATUSES)[one.status])) for one in found]


def standings(courseware: Courseware, run: Run | None) -> list[Standing]:
    known = {place.part: place for place in Place.objects.filter(run=run)} if run else {}
    return [Standing(part, known.get(part.code)) for part in parts(courseware)]


def seconds_counted(run: Run | None) -> int:
    desk = Desk.objects.filter(run=run).first() if run else None
    return int(desk.seconds) if desk else 0


def start(edition: str, part: rules.Part, place: Place | None) -> dict[str, Any]:
    """The data model a part begins with; neither the name nor the number of the learner goes into a package."""
    entry = "resume" if place and place.status else "ab-initio"
    status = place.status if place else ""
    known: dict[str, Any] = {"suspend_data": place.suspended if place else "", "launch_data": part.data}
    known |= {"objectives": place.objectives, "interactions": place.interactions} if place else {}
    location, time = (place.location, int(place.seconds)) if place else ("", 0)
    hours, minutes, seconds = time // 3600, time // 60 % 60, time % 60
    if edition == "1.2":
        core: dict[str, Any] = {
            "lesson_location": location,
            "entry": entry,
            "credit": "credit",
            "lesson_mode": "normal",
        }
        core |= {"lesson_status": status or "not attempted", "total_time": f"{hours:04}:{minutes:02}:{seconds:02}"}
        if place and place.score is not None:
            core["score"] = {"raw": str(place.score)}
        return {**known, "core": core, "student_data": {"mastery_score": part.mastery}}
    known |= {"location": location, "entry": entry, "total_time": f"PT{hours}H{minutes}M{seconds}S", "mode": "normal"}
    known["completion_status"] = (
        "completed" if status in ("completed", "passed") else "incomplete" if status else "unknown"
    )
    known["success_status"] = status if status in ("passed", "failed") else "unknown"
    if place and place.score is not None:
        known["score"] = {"scaled": str(place.score / 100)}
    return {**known, "scaled_passing_score": part.mastery, "completion_threshold": part.threshold}


# The files of a package, for those who hold a key to it


def key_to(run: Run, part: rules.Part) -> str:
    """Good for this package and this learner for some hours; whoever plays it has no session there."""
    return signing.dumps({"run": str(run.pk), "part": part.code}, salt=SALT)


def opened_by(key: str) -> tuple[Run, rules.Part] | None:
    """Whose window it is; None for a key that is forged, stale, or to a package that was taken down."""
    try:
        said = signing.loads(key, salt=SALT, max_age=parameter("courseware.hours") * 3600)
    except signing.BadSignature:
        return None
    run = Run.objects.select_related("courseware").filter(pk=said["run"], courseware__state="published").first()
    part = next((one for one in parts(run.courseware) if one.code == said["part"]), None) if run else None
    return (run, part) if run and part else None


@lru_cache(maxsize=8)
def members(digest: str) -> dict[str, zipfile.ZipInfo]:
    """The directory of a package, which never changes."""
    with store().path(digest).open("rb") as handle, zipfile.ZipFile(handle) as archive:
        return {one.filename: one for one in archive.infolist() if not one.is_dir()}


def media_type(name: str) -> str:
    ending = f".{name.rpartition('.')[2].lower()}"
    return MORE_TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def content(digest: str, member: zipfile.ZipInfo, begin: int, end: int) -> Iterator[bytes]:
    """Bytes begin…end, the last included, inflated on the way; what lies before is read over."""
    with store().path(digest).open("rb") as handle:
        yield from _cut(handle, member, begin, end)


def _cut(handle: IO[bytes], member: zipfile.ZipInfo, begin: int, end: int) -> Iterator[bytes]:
    at = 0
    for chunk in inflated(handle, member):
        if at + len(chunk) > begin:
            yield chunk[max(0, begin - at) : end + 1 - at]
        at += len(chunk)
        if at > end:
            return


def results(runs: QuerySet[Any]) -> QuerySet[Any]:
    found: QuerySet[Any] = runs.select_related("person", "unit", "desk")
    return found


def codes(all_parts: Sequence[rules.Part]) -> list[str]:
    return [part.code for part in all_parts]
