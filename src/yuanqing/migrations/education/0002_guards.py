"""Row-level security: one's own, and what is within reach; a draft is its author's alone."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_own, by_parent, by_unit, kept_from

ATTENDANCE = f"{by_unit('education.session.view')} OR {by_own()}"
ATTEMPT = f"{by_unit('education.quiz.view')} OR {by_own()}"
EXAMINATION = f"{by_own()} OR (state <> 'draft' AND ({by_unit('education.examination.view')}))"
WRITING = f"{by_own()} OR (state <> 'draft' AND ({by_unit('education.writing.view')}))"
INDUCTION = f"{by_own()} OR {by_unit('education.induction.view')}"


class Migration(migrations.Migration):
    dependencies = [("education", "0001_tables"), ("kernel", "0002_guards"), ("org", "0002_guards")]
    replaces = [("education", old) for old in (
        "0006_walls", "0008_quiz_walls", "0011_examination_walls", "0012_walls_of_writings",
        "0014_attendance_correction_walls",
    )]
    operations = [
        Wall("education_attendance", ATTENDANCE),
        Wall("education_correction", by_parent("education_attendance", "attendance_id")),
        Wall("education_attempt", ATTEMPT),
        Wall("education_examination", EXAMINATION),
        Wall("education_problem", by_parent("education_examination", "examination_id")),
        Wall("education_writing", WRITING, unless=kept_from()),
        *(
            Wall(f"education_{part}", by_parent("education_writing", "writing_id"))
            for part in ("draft", "version", "comment", "match")
        ),
        Wall("education_induction", INDUCTION, unless=kept_from()),
        *(
            Wall(f"education_{part}", by_parent("education_induction", "induction_id"))
            for part in ("inductionitem", "sitting")
        ),
    ]
