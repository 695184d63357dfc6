"""Tables of the ledger. Rows are only ever added: grants and triggers refuse everything else."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Shape(models.Model):
    """记录结构: the columns of a table that a digest covers, so that a later column does not break old digests."""

    id = models.BigAutoField(primary_key=True)
    model = models.CharField(max_length=100)
    columns = ArrayField(models.TextField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "columns"], name="shape_is_listed_once")]


class Entry(models.Model):
    """台账条目: one act on one record, with the digest of the record after the act."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=100)
    model = models.CharField(max_length=100)
    record_id = models.UUIDField()
    record_version = models.PositiveIntegerField()
    by_id = models.UUIDField(null=True)
    shape = models.ForeignKey(Shape, on_delete=models.PROTECT)
    digest = models.BinaryField(max_length=32)
    note = models.TextField(default="", blank=True)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["record_id", "seq"], name="entry_by_record")]


class Seal(models.Model):
    """封签: after each act, a keyed chain over its entries; the key lies outside the database."""

    last_seq = models.BigIntegerField(primary_key=True)
    first_seq = models.BigIntegerField()
    chain = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)


class Checkpoint(models.Model):
    """检查点: the signed root of the tree at a size, in the C2SP tlog-checkpoint format."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()
