"""Row-level security of self-examinations: those who answer for the unit, and one's own; drafts are the author's alone."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_own, by_parent, by_unit


class Migration(migrations.Migration):
    dependencies = [("education", "0010_examination"), ("kernel", "0004_contexts"), ("org", "0005_rights")]
    operations = [
        Wall(
            "education_examination",
            f"{by_own()} OR (state <> 'draft' AND ({by_unit('education.examination.view')}))",
        ),
        Wall("education_problem", by_parent("education_examination", "examination_id")),
    ]
