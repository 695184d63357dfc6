"""Blind marks of sealed texts, for suggesting what is about the same matter; only for who receives petitions."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from yuanqing.kernel.database.walls import Wall, by_capability


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_custody_wall"), ("kernel", "0004_contexts")]
    operations = [
        migrations.CreateModel(
            name="Frequency",
            fields=[
                ("mark", models.IntegerField(primary_key=True, serialize=False)),
                ("texts", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "value",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="kernel.sealedvalue",
                    ),
                ),
                ("marks", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("weights", models.BinaryField()),
                ("length", models.FloatField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["marks"], name="texts_by_mark")
                ]
            },
        ),
        Wall("cases_mark", by_capability("cases.petition.view")),
        Wall("cases_frequency", by_capability("cases.petition.view")),
    ]
