"""The marks of a sealed text and how common each mark is; neither says a word of it without the key."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from yuanqing.kernel.sealing.models import SealedValue


class Mark(models.Model):
    """相同事项标记: the heaviest marks of one sealed text; goes when the text goes."""

    value = models.OneToOneField(SealedValue, models.PROTECT, primary_key=True, related_name="+")
    marks = ArrayField(models.IntegerField())
    weights = models.BinaryField()  # a byte for each mark
    length = models.FloatField()

    class Meta:
        indexes = [GinIndex(fields=["marks"], name="texts_by_mark", fastupdate=False)]


class Frequency(models.Model):
    """标记出现次数: in how many texts a mark stands; row 0 counts the texts."""

    mark = models.IntegerField(primary_key=True)
    texts = models.PositiveIntegerField()
