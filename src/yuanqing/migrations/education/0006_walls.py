"""Row-level security of attendances: those who answer for the unit, and one's own."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_own, by_unit


class Migration(migrations.Migration):
    dependencies = [("education", "0005_activity"), ("kernel", "0004_contexts"), ("org", "0005_rights")]
    operations = [
        Wall("education_attendance", f"{by_unit('education.session.view')} OR {by_own()}"),
    ]
