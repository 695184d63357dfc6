"""Verification: everything that somebody could have changed behind the application's back, found by comparing."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _
from psycopg import sql

from yuanqing.kernel.database.moment import one_moment
from yuanqing.kernel.ledger import append, checkpoint, merkle
from yuanqing.kernel.ledger.models import Checkpoint, Entry, Seal, Shape
from yuanqing.kernel.records import Record

MOST_PER_KIND = 20


@dataclass
class Report:
    """What was compared, and every difference as a sentence."""

    entries: int = 0
    records: int = 0
    checkpoints: int = 0
    root: bytes = b""
    problems: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.problems


def leaf_text(
    seq: int,
    at: datetime,
    act: str,
    model: str,
    record_id: UUID,
    version: int,
    by_id: UUID | None,
    shape: int,
    digest: bytes,
    note: str,
) -> str:
    """The canonical text of an entry; `kernel_leaf` in the database makes the same."""
    instant = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fields = [str(seq), instant, act, model, str(record_id), str(version), str(by_id or ""), str(shape), digest.hex()]
    return "\n".join([*fields, note])


def leaf_hash(text: str) -> bytes:
    return sha256(b"\x00" + text.encode()).digest()


def verify() -> Report:
    """Compare entries, seals, checkpoints and records on one snapshot; the report names every difference."""
    report = Report()
    with one_moment():
        leaves = _verify_entries(report)
        _verify_seals(report, leaves)
        _verify_checkpoints(report, leaves)
        _verify_records(report)
        _verify_sealed(report)
    return report


def _verify_entries(report: Report) -> list[bytes]:
    leaves: list[bytes] = []
    rows = Entry.objects.order_by("seq").values_list(
        "seq", "at", "act", "model", "record_id", "record_version", "by_id", "shape_id", "digest", "note", "leaf"
    )
    for seq, at, act, model, record_id, version, by_id, shape, digest, note, leaf in rows.iterator(20_000):
        expected = len(leaves) + 1
        if seq != expected:
            report.problems.append(_("台账第 %(seq)s 条之前缺少或多出条目。") % {"seq": seq})
            leaves.extend([b""] * max(0, seq - expected))
        text = leaf_text(seq, at, act, model, record_id, version, by_id, shape, bytes(digest), note)
        computed = leaf_hash(text)
        if computed != bytes(leaf):
            report.problems.append(_("台账第 %(seq)s 条的内容被改动。") % {"seq": seq})
        leaves.append(computed)
        report.entries += 1
    report.root = merkle.root(leaves)
    return leaves


def _verify_seals(report: Report, leaves: list[bytes]) -> None:
    chain, expected_first = b"", 1
    for seal in Seal.objects.order_by("last_seq").iterator(20_000):
        digest = sha256(b"".join(leaves[seal.first_seq - 1 : seal.last_seq])).digest()
        batch = append.Batch(seal.first_seq, seal.last_seq, digest)
        chain = append.chain_step(chain, batch)
        fits = seal.first_seq == expected_first and hmac.compare_digest(chain, bytes(seal.chain))
        if not fits or not hmac.compare_digest(append.mac(chain, seal.last_seq), bytes(seal.mac)):
            where = {"first": seal.first_seq, "last": seal.last_seq}
            report.problems.append(_("台账第 %(first)s 至 %(last)s 条的封签不符。") % where)
            chain = bytes(seal.chain)
        expected_first = seal.last_seq + 1
    if expected_first != len(leaves) + 1:
        report.problems.append(_("台账末尾的条目与封签数目不符（封签至第 %(seq)s 条）。") % {"seq": expected_first - 1})


def _notes() -> Iterator[tuple[str, str]]:
    for size, note in Checkpoint.objects.order_by("size").values_list("size", "note"):
        yield _("数据库中的检查点 %(size)s") % {"size": size}, note
    for path in sorted(checkpoint.folder().glob("*.txt")):
        yield path.name, path.read_text(encoding="utf-8")


def _verify_checkpoints(report: Report, leaves: list[bytes]) -> None:
    signed: dict[int, list[tuple[str, bytes]]] = {}
    for name, note in _notes():
        report.checkpoints += 1
        try:
            _origin, size, root = checkpoint.parse(note)
        except ValueError as error:
            report.problems.append(_("%(name)s 无法核验：%(error)s") % {"name": name, "error": error})
            continue
        if size > len(leaves):
            report.problems.append(_("台账比%(name)s记载的短：应有 %(size)s 条。") % {"name": name, "size": size})
        else:
            signed.setdefault(size, []).append((name, root))
    for size, stored in Checkpoint.objects.filter(size__lte=len(leaves)).values_list("size", "root"):
        signed.setdefault(size, []).append((_("检查点 %(size)s 的根值") % {"size": size}, bytes(stored)))
    for size, root in merkle.roots_at(leaves, signed):
        for name, expected in signed[size]:
            if root != expected:
                report.problems.append(_("台账前 %(size)s 条与%(name)s不符。") % {"name": name, "size": size})


def _verify_records(report: Report) -> None:
    known = set(Entry.objects.values_list("model", flat=True).distinct())
    for model in apps.get_models():
        if issubclass(model, Record):
            known.discard(model._meta.label_lower)
            _verify_model(report, model)
    for label in sorted(known):
        report.problems.append(_("台账中有未知种类的记录：%(label)s。") % {"label": label})


def _verify_model(report: Report, model: type[models.Model]) -> None:
    """Each row against its last entry, with the columns that entry covered."""
    label, table = model._meta.label_lower, sql.Identifier(model._meta.db_table)
    name = model._meta.verbose_name
    present = _table_columns(model._meta.db_table)
    shapes = {s.pk: s.columns for s in Shape.objects.filter(model=label)}
    digests = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(
            sql.Literal(pk), append.digest_sql(model, [c for c in columns if c in present])
        )
        for pk, columns in shapes.items()
    )
    comparison = sql.SQL("CASE e.shape_id {} END").format(digests) if shapes else sql.SQL("NULL")
    statement = sql.SQL(
        """
        WITH last AS (SELECT DISTINCT ON (record_id) record_id, seq, digest, shape_id, record_version
                      FROM kernel_entry WHERE model = {label} ORDER BY record_id, seq DESC),
        compared AS (
            SELECT coalesce(t.id, e.record_id) AS id, e.seq,
                   CASE WHEN e.seq IS NULL THEN 'unrecorded' WHEN t.id IS NULL THEN 'deleted'
                        WHEN {comparison} IS DISTINCT FROM e.digest THEN 'altered' ELSE '' END AS verdict
            FROM last e FULL JOIN {table} t ON t.id = e.record_id)
        SELECT id, seq, verdict, count(*) OVER (PARTITION BY verdict), (SELECT count(*) FROM compared)
        FROM compared WHERE verdict <> '' ORDER BY verdict, seq
        """
    ).format(label=sql.Literal(label), table=table, comparison=comparison)
    sentences = {
        "unrecorded": _("%(kind)s %(id)s 没有台账条目（绕过系统写入）。"),
        "deleted": _("%(kind)s %(id)s 已不存在，但台账第 %(seq)s 条有记载（被删除）。"),
        "altered": _("%(kind)s %(id)s 与台账第 %(seq)s 条不符（被改动）。"),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(table).as_string(cursor.connection))
        report.records += cursor.fetchone()[0]
        cursor.execute(statement.as_string(cursor.connection))
        for position, (record_id, seq, verdict, _total, _all) in enumerate(cursor.fetchall()):
            if position < MOST_PER_KIND:
                report.problems.append(sentences[verdict] % {"kind": name, "id": record_id, "seq": seq})


def _verify_sealed(report: Report) -> None:
    """The bodies of sealed values against the commitments that the ledger knows."""
    from yuanqing.kernel.sealing.store import altered  # the ledger stands below what it is asked about

    for value_id in altered()[:MOST_PER_KIND]:
        report.problems.append(_("封存内容 %(id)s 与台账中的承诺值不符（被改动或删除）。") % {"id": value_id})


def _table_columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def proof(seq: int) -> dict[str, object]:
    """Inclusion of entry `seq` in the last checkpoint that covers it: what a bystander needs to check it."""
    covering = Checkpoint.objects.filter(size__gte=seq).order_by("size").first()
    if covering is None:
        return {}
    leaves = [
        bytes(x) for x in Entry.objects.filter(seq__lte=covering.size).order_by("seq").values_list("leaf", flat=True)
    ]
    path = [base64.b64encode(h).decode() for h in merkle.inclusion(leaves, seq - 1)]
    return {
        "index": seq - 1,
        "leaf": base64.b64encode(leaves[seq - 1]).decode(),
        "path": path,
        "checkpoint": covering.note,
    }
