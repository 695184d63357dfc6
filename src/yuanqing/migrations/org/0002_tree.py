"""A unit never has a parent that does not exist at the time: checked when the transaction commits."""

from django.db import migrations

SQL = """
CREATE FUNCTION org_lifetime(unit uuid) RETURNS datemultirange LANGUAGE sql STABLE AS $$
    SELECT coalesce(range_agg(during), '{}'::datemultirange) FROM org_placement WHERE unit_id = unit
$$;
CREATE FUNCTION org_no_orphans() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan record;
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.parent_id IS NOT NULL AND NOT NEW.during <@ org_lifetime(NEW.parent_id) THEN
        RAISE EXCEPTION 'placement % lies outside the life of its parent', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_lies_within_the_life_of_its_parent';
    END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT id INTO orphan FROM org_placement
        WHERE parent_id = OLD.unit_id AND NOT during <@ org_lifetime(OLD.unit_id) LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'placement % would lose its parent', orphan.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_lies_within_the_life_of_its_parent';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER placement_has_a_living_parent
    AFTER INSERT OR UPDATE OR DELETE ON org_placement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION org_no_orphans();
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial")]
    operations = [
        migrations.RunSQL(
            SQL, "DROP FUNCTION org_no_orphans CASCADE; DROP FUNCTION org_lifetime;"
        )
    ]
