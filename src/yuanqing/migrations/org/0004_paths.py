"""The tree holds together on every day: no orphan, no circle, no path that is not the parent's and the own code.

Checked when the transaction commits, on the rows as they then are, so that an act may write them in any order. A path
that is always longer than the parent's makes a circle impossible.
"""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION org_no_orphans() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    placed org_placement%ROWTYPE;
    owner uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.unit_id ELSE NEW.unit_id END;
    own_code text;
    wrong record;
BEGIN
    SELECT code INTO own_code FROM org_unit WHERE id = owner;
    IF TG_OP <> 'DELETE' THEN
        SELECT * INTO placed FROM org_placement WHERE id = NEW.id;
        IF placed.parent_id IS NULL THEN
            IF placed.path <> own_code || '/' THEN
                RAISE EXCEPTION 'placement % has a path that is not its own', placed.id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_path_follows_its_parent';
            END IF;
        ELSIF NOT placed.during <@ org_lifetime(placed.parent_id) THEN
            RAISE EXCEPTION 'placement % lies outside the life of its parent', placed.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_lies_within_the_life_of_its_parent';
        ELSIF EXISTS (SELECT FROM org_placement p WHERE p.unit_id = placed.parent_id AND p.during && placed.during
                      AND placed.path <> p.path || own_code || '/') THEN
            RAISE EXCEPTION 'placement % has a path that is not its own', placed.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_path_follows_its_parent';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.during = NEW.during AND OLD.path = NEW.path AND OLD.unit_id = NEW.unit_id THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT id INTO wrong FROM org_placement
        WHERE parent_id = OLD.unit_id AND NOT during <@ org_lifetime(OLD.unit_id) LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'placement % would lose its parent', wrong.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_lies_within_the_life_of_its_parent';
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT c.id INTO wrong FROM org_placement c JOIN org_unit u ON u.id = c.unit_id
        WHERE c.parent_id = owner AND c.during && placed.during AND c.path <> placed.path || u.code || '/' LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'placement % has a path that is not its own', wrong.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_path_follows_its_parent';
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION org_unit_below_parent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    here org_unit%ROWTYPE;
BEGIN
    SELECT * INTO here FROM org_unit WHERE id = NEW.id;
    IF here.path <> coalesce((SELECT path FROM org_unit WHERE id = here.parent_id), '') || here.code || '/'
       OR EXISTS (SELECT FROM org_unit c WHERE c.parent_id = here.id AND c.path <> here.path || c.code || '/') THEN
        RAISE EXCEPTION 'unit % has a path that is not its own', here.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_path_follows_its_parent';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unit_stands_below_its_parent
    AFTER INSERT OR UPDATE OF path, parent_id, code ON org_unit DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION org_unit_below_parent();
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0003_registers")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION org_unit_below_parent CASCADE;")]
