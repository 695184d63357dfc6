"""Row-level security of violations, the persons in them, their measures, and the cases told of them."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_capability, by_parent, by_unit

OWN_MATTERS = """
CREATE FUNCTION discipline_own_matters() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    WITH found AS (SELECT violation_id FROM discipline_involved WHERE person_id = ANY (kernel_persons()))
    SELECT violation_id FROM found
    UNION SELECT v.corrects_id FROM discipline_violation v JOIN found ON v.id = violation_id WHERE corrects_id IS NOT NULL
    UNION SELECT v.id FROM discipline_violation v JOIN found ON v.corrects_id = violation_id
    UNION SELECT unnest(kernel_denied_ids())
$$;
"""
PUBLISHED = "EXISTS (SELECT FROM discipline_bulletin b WHERE b.id = bulletin_id AND b.state = 'published')"


class Migration(migrations.Migration):
    dependencies = [("discipline", "0006_delivery_period"), ("kernel", "0004_contexts"), ("org", "0005_rights")]
    operations = [
        migrations.RunSQL(OWN_MATTERS, "DROP FUNCTION discipline_own_matters"),
        Wall(
            "discipline_violation",
            by_unit("discipline.violation.view"),
            unless="id IN (SELECT discipline_own_matters())",
        ),
        Wall("discipline_involved", by_parent("discipline_violation", "violation_id")),
        Wall("discipline_measure", by_parent("discipline_involved", "involved_id")),
        Wall(
            "discipline_typicalcase",
            f"{by_capability('discipline.bulletin.view_draft')}"
            f" OR ({by_capability('discipline.bulletin.view')} AND {PUBLISHED})",
        ),
    ]
