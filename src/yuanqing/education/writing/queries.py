"""What is asked about writings: kinds and outlines from the pack, candidates for shared words, lists with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from yuanqing.education.notice.models import NoticeText
from yuanqing.education.writing import rules
from yuanqing.education.writing.models import Fingerprint, Match, Version, Writing
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.packs.published import current


@dataclass(frozen=True)
class Outline:
    """提纲: the headings a writing of this kind has, how long each part and the whole must be at least."""

    code: str
    label: str
    obligation: str
    least: int
    parts: tuple[tuple[str, str, int], ...]  # heading, hint, least length

    @property
    def template(self) -> str:
        return "\n\n".join(f"## {heading}\n" for heading, _hint, _least in self.parts)


def outlines() -> dict[str, Outline]:
    """Every kind of writing the pack in force offers, by code."""
    pack = current("education")
    return {entry.code: _outline(pack, entry) for entry in pack.table("writing_kind")}


def _outline(pack: Any, entry: Any) -> Outline:
    parts = [one for one in pack.table("writing_part") if one.parent == entry.code]
    lines = tuple((one.title, one.text, int(one.values.get("least", "0"))) for one in parts)
    return Outline(
        entry.code, entry.label, entry.values.get("obligation", ""), int(entry.values.get("least", "0")), lines
    )


def parameter(code: str) -> int:
    return int(current("education").entry(code).value)


def missing_parts(outline: Outline, body: str) -> list[tuple[str, int, int]]:
    """(heading, letters there, letters asked for) of every part of the outline that is missing or too short."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in body.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        else:
            found.setdefault(heading, []).append(line)
    lengths = {name: rules.length("".join(lines)) for name, lines in found.items()}
    return [
        (name, lengths.get(name, 0), least)
        for name, _hint, least in outline.parts
        if lengths.get(name, 0) < max(least, 1)
    ]


FREQUENT = """
SELECT hash FROM education_fingerprint WHERE hash = ANY(%(hashes)s) AND version_id IS NOT NULL
GROUP BY hash HAVING count(*) > %(common)s
"""
CANDIDATES = """
SELECT f.version_id, f.text_id, count(*) FROM education_fingerprint f
LEFT JOIN education_version v ON v.id = f.version_id
WHERE f.hash = ANY(%(hashes)s) AND (v.id IS NULL OR f.hash = ANY(%(rare)s::bigint[]) AND v.writing_id <> %(writing)s)
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 200
"""
EARLIEST = """
SELECT f.version_id FROM education_fingerprint f JOIN education_version v ON v.id = f.version_id
WHERE f.hash = ANY(%(frequent)s) AND v.writing_id <> %(writing)s
GROUP BY 1, v.submitted_at HAVING count(*) * 2 > %(half)s ORDER BY v.submitted_at, 1 LIMIT 5
"""
SAMPLE = 20  # frequent fingerprints by which the earliest holders are found


def candidates(
    writing_id: UUID, hashes: Sequence[int], letters: int, ask: int, run: int
) -> tuple[list[Version], list[NoticeText]]:
    """Submitted versions of others that share enough fingerprints, and texts handed out that share any.

    What very many hold is a set phrase and left out; where it is most of the text, the text itself went round, and the
    earliest who handed it in are candidates. What was handed out is found however many quote it.
    """
    with connection.cursor() as cursor:
        cursor.execute(FREQUENT, {"hashes": list(hashes), "common": rules.COMMON})
        frequent = sorted(row[0] for row in cursor.fetchall())
        rare = sorted(set(hashes) - set(frequent))
        cursor.execute(CANDIDATES, {"hashes": list(hashes), "rare": rare, "writing": writing_id})
        rows = cursor.fetchall()
        found = [row[0] for row in rows if row[0] and rules.may_reach(row[2], letters, ask, run)]
        if rules.went_round(len(frequent), len(hashes)):
            sample = frequent[:SAMPLE]
            cursor.execute(EARLIEST, {"frequent": sample, "writing": writing_id, "half": len(sample)})
            found += [row[0] for row in cursor.fetchall()]
    versions = Version.objects.filter(pk__in=found).select_related("writing")
    texts = NoticeText.objects.filter(pk__in=[row[1] for row in rows if row[1]]).select_related("notice")
    return list(versions), list(texts)


def latest_only(versions: Sequence[Version]) -> list[Version]:
    """Of several versions of one writing the newest."""
    newest: dict[UUID, Version] = {}
    for version in sorted(versions, key=lambda v: v.number):
        newest[version.writing_id] = version
    return list(newest.values())


def unprinted_texts() -> QuerySet[Any]:
    """Texts of issued notices that have no fingerprints yet."""
    known = Fingerprint.objects.filter(text__isnull=False).values("text")
    return NoticeText.objects.exclude(notice__state="draft").exclude(pk__in=known)


SOURCES = ("writing__person", "writing__unit", "other__writing__person", "text__notice")


def matches_of(writing: Writing) -> list[Match]:
    """The open questions about a writing that the reader sees, each with what it was compared with."""
    with as_system():  # what it was compared with may be closed to the reader, who is told its kind and year alone
        return list(Match.objects.filter(writing=writing).exclude(state="cleared").select_related(*SOURCES))


def with_its_source(match: Match) -> Match:
    """A question that the reader sees, with both texts; the page shows of the other what the reader may see."""
    with as_system():
        found: Match = Match.objects.select_related(*SOURCES).get(pk=match.pk)
    return found


def with_questions(writings: Any) -> Any:
    """Writings with the number of open questions and the largest share of shared words."""
    open_ones = Q(matches__state__in=("asked", "explained"))
    return writings.annotate(
        questions=Count("matches", filter=open_ones), shared=Coalesce(Max("matches__share", filter=open_ones), 0)
    )


def own_writings(account: Any) -> QuerySet[Any]:
    person = getattr(account, "person_id", None)
    return Writing.objects.filter(person_id=person) if person else Writing.objects.none()
