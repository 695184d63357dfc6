"""Row-level security of inductions and writings with their parts: one's own, and what is within reach; a draft is its author's."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_own, by_parent, by_unit, kept_from

WRITING = f"{by_own()} OR (state <> 'draft' AND ({by_unit('education.writing.view')}))"
INDUCTION = f"{by_own()} OR {by_unit('education.induction.view')}"


class Migration(migrations.Migration):
    dependencies = [
        ("education", "0011_examination_walls"),
        ("kernel", "0004_contexts"),
        ("org", "0005_rights"),
    ]
    operations = [
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
