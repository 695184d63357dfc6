"""Destructions and findings are kept from whom their matter is kept from; a clearing from its person until it is approved."""

import django.contrib.postgres.fields
from django.db import migrations, models

from yuanqing.kernel.database.walls import by_key, by_own, by_unit

MARKS = {"base_field": models.CharField(max_length=64), "blank": True, "default": list, "size": None, "verbose_name": "应回避的账号"}
GUARD = {
    "blank": True, "null": True, "on_delete": models.PROTECT, "related_name": "+", "to": "kernel.sealingkey", "verbose_name": "线索的钥匙",
}  # fmt: skip
GUARDED = "ALTER POLICY within_reach ON {table} USING ((SELECT kernel_everything()) OR ({condition}))"
ALTER = "ALTER POLICY within_reach ON cases_clearing USING ((SELECT kernel_everything()) OR ({condition}))"
BEFORE = f"{by_unit('cases.clearing.view')} OR {by_own()}"
TOLD = "start = 'on_request' OR state IN ('approved', 'done')"
NOW = f"({BEFORE}) AND (NOT coalesce({by_own()}, false) OR {TOLD})"


def guarded(noun: str) -> migrations.RunSQL:
    """Within reach, and where it is about a lead the account's key opens that."""
    table, before = f"cases_{noun}", by_unit(f"cases.{noun}.view")
    now = f"({before}) AND (guard_id IS NULL OR {by_key('guard_id')})"
    return migrations.RunSQL(GUARDED.format(table=table, condition=now), GUARDED.format(table=table, condition=before))


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_likeness"), ("kernel", "0006_whole_tree")]
    operations = [
        migrations.AddField("destruction", "guard", models.ForeignKey(**GUARD)),
        migrations.AddField("slander", "guard", models.ForeignKey(**GUARD)),
        *(guarded(noun) for noun in ("destruction", "slander")),
        migrations.AddField("destruction", "barred", django.contrib.postgres.fields.ArrayField(**MARKS)),
        migrations.AddField("slander", "barred", django.contrib.postgres.fields.ArrayField(**MARKS)),
        migrations.RunSQL(ALTER.format(condition=NOW), ALTER.format(condition=BEFORE)),
    ]
