"""Row-level security of petitions: only for accounts that hold the right somewhere; each is sealed to keys besides."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_capability


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_petitions"), ("kernel", "0004_contexts")]
    operations = [Wall("cases_petition", by_capability("cases.petition.view"))]
