from __future__ import annotations

from django.db import models


class Spent(models.Model):
    """用过的令牌: the hash of a form's riddle, so that no form counts twice; forgotten when the riddle expires."""

    riddle = models.BinaryField(primary_key=True, max_length=32)
    expires_on = models.DateField(db_index=True)
