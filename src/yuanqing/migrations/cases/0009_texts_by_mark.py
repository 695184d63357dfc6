"""The index of marks under row-level security: whether arrays overlap may not be asked before a policy, so the wall is asked first."""

from django.db import migrations

BY_MARK = """
CREATE FUNCTION cases_texts_by_mark(doors integer[], but uuid, most integer)
RETURNS TABLE (value_id uuid, marks bytea, weights bytea, length double precision) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN  -- the same question as the wall of cases_mark asks; the owner then reads by the index
    IF kernel_everything() OR kernel_holds('cases.petition.view') THEN
        RETURN QUERY SELECT m.value_id, array_send(m.marks), m.weights, m.length FROM cases_mark m
                     WHERE m.marks && doors AND m.value_id <> but LIMIT most;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_absent_signatures")]
    operations = [migrations.RunSQL(BY_MARK, "DROP FUNCTION cases_texts_by_mark")]
