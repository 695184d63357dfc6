"""What a package asks and is answered, its objectives, and what it asks for that is not done here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("education", "0015_courseware")]
    operations = [
        migrations.AddField(
            model_name="courseware",
            name="wants",
            field=models.JSONField(blank=True, default=list, verbose_name="不支持的要求"),
        ),
        migrations.AddField(
            model_name="place",
            name="completion",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="place",
            name="success",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(model_name="place", name="interactions", field=models.JSONField(default=list)),
        migrations.AddField(model_name="place", name="objectives", field=models.JSONField(default=list)),
    ]
