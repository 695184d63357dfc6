"""Row-level security of corrected attendances: whoever sees the attendance sees why it was corrected."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_parent


class Migration(migrations.Migration):
    dependencies = [("education", "0013_attendance_correction")]
    operations = [Wall("education_correction", by_parent("education_attendance", "attendance_id"))]
