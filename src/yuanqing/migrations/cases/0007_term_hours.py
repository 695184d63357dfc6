"""Deadlines that count hours run from an instant to an instant."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_sittings'),
    ]

    operations = [
        migrations.AddField(
            model_name='term',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='到期时刻'),
        ),
        migrations.AddField(
            model_name='term',
            name='starts_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='起算时刻'),
        ),
    ]
