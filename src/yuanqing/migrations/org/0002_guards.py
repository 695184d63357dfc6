"""The tree holds together on every day: no orphan, no circle, no path that is not the parent's and the own code.

Checked when the transaction commits, on the rows as they then are, so that an act may write them in any order. A path
that is always longer than the parent's makes a circle impossible. What hangs below a row needs a look only when the
row was changed or deleted: new children are looked at themselves.

A sign-in is for its account, and for those who look after sign-ins everywhere.
"""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall

SQL = """
CREATE FUNCTION org_lifetime(unit uuid) RETURNS datemultirange LANGUAGE sql STABLE AS $$
    SELECT coalesce(range_agg(during), '{}'::datemultirange) FROM org_placement WHERE unit_id = unit
$$;
CREATE FUNCTION org_no_orphans() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found_life boolean;
    found_path boolean;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        SELECT CASE WHEN t.parent_id IS NULL THEN true ELSE coalesce(t.during <@ a.life, false) END,
               CASE WHEN t.parent_id IS NULL THEN t.path = u.code || '/' ELSE a.fits END
        INTO found_life, found_path
        FROM org_placement t JOIN org_unit u ON u.id = t.unit_id
        CROSS JOIN LATERAL (SELECT range_agg(p.during) AS life, bool_and(t.path = p.path || u.code || '/') AS fits
                            FROM org_placement p WHERE p.unit_id = t.parent_id AND p.during && t.during) a
        WHERE t.id = NEW.id;
        IF NOT found_life THEN
            RAISE EXCEPTION 'placement % lies outside the life of its parent', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_lies_within_the_life_of_its_parent';
        ELSIF NOT found_path THEN
            RAISE EXCEPTION 'placement % has a path that is not its own', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_path_follows_its_parent';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.during, OLD.path, OLD.unit_id)
                                                 IS DISTINCT FROM (NEW.during, NEW.path, NEW.unit_id)) THEN
        IF EXISTS (SELECT FROM org_placement c
                   WHERE c.parent_id = OLD.unit_id AND NOT c.during <@ org_lifetime(OLD.unit_id)) THEN
            RAISE EXCEPTION 'placements below % would lose their parent', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_lies_within_the_life_of_its_parent';
        ELSIF EXISTS (SELECT FROM org_placement c JOIN org_unit u ON u.id = c.unit_id
                      JOIN org_placement p ON p.unit_id = c.parent_id AND p.during && c.during
                      WHERE c.parent_id = OLD.unit_id AND c.path <> p.path || u.code || '/') THEN
            RAISE EXCEPTION 'placements below % have a path that is not their own', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_path_follows_its_parent';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER placement_has_a_living_parent
    AFTER INSERT OR UPDATE OR DELETE ON org_placement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION org_no_orphans();

CREATE FUNCTION org_unit_below_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM org_unit t LEFT JOIN org_unit p ON p.id = t.parent_id
               WHERE t.id = NEW.id AND t.path <> coalesce(p.path, '') || t.code || '/')
       OR (TG_OP = 'UPDATE' AND EXISTS (SELECT FROM org_unit c JOIN org_unit p ON p.id = c.parent_id
                                        WHERE c.parent_id = NEW.id AND c.path <> p.path || c.code || '/')) THEN
        RAISE EXCEPTION 'unit % or one below it has a path that is not its own', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_path_follows_its_parent';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unit_stands_below_its_parent
    AFTER INSERT OR UPDATE OF path, parent_id, code ON org_unit DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION org_unit_below_parent();
"""
UNDO = """
DROP FUNCTION org_unit_below_parent CASCADE; DROP FUNCTION org_no_orphans CASCADE; DROP FUNCTION org_lifetime;
"""
OWN = "account_id = (SELECT c.account_id FROM kernel_context_now() c)"
ALL = "SELECT EXISTS (SELECT FROM kernel_reach('org.signin.view') r WHERE r.path = '' AND r.levels IS NULL)"


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0002_guards"),
        ("org", "0001_tables"),
        # before the tables of the duties: every step of theirs draws anew what stands
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    replaces = [("org", old) for old in ("0002_tree", "0004_paths")]
    operations = [
        migrations.RunSQL(SQL, UNDO),
        Wall("org_signin", f"{OWN} OR ({ALL})"),
    ]
