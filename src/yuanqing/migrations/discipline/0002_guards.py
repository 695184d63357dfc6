"""What is published stays as it was printed; row-level security of violations and of the cases told of them."""

from django.db import migrations

from yuanqing.kernel.database.walls import Wall, by_capability, by_parent, by_unit

STAYS = """
CREATE FUNCTION discipline_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published bulletin never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE ON discipline_bulletin
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION discipline_published();

CREATE FUNCTION discipline_part_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF EXISTS (SELECT FROM discipline_bulletin b WHERE b.state = 'published'
               AND b.id IN (part.bulletin_id, CASE WHEN TG_OP = 'INSERT' THEN part.bulletin_id ELSE OLD.bulletin_id END)) THEN
        RAISE EXCEPTION 'a published bulletin never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN part;
END $$;
CREATE TRIGGER published_stays BEFORE INSERT OR UPDATE OR DELETE ON discipline_typicalcase
    FOR EACH ROW EXECUTE FUNCTION discipline_part_of_published();
CREATE TRIGGER published_stays BEFORE INSERT OR UPDATE OR DELETE ON discipline_erratum
    FOR EACH ROW EXECUTE FUNCTION discipline_part_of_published();

CREATE FUNCTION discipline_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.read_at IS NOT NULL AND NEW.read_at IS DISTINCT FROM OLD.read_at
       OR (NEW.bulletin_id, NEW.account_id, NEW.delivered_at) IS DISTINCT FROM (OLD.bulletin_id, OLD.account_id, OLD.delivered_at) THEN
        RAISE EXCEPTION 'a read receipt never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipt_stays BEFORE UPDATE OR DELETE ON discipline_delivery
    FOR EACH ROW EXECUTE FUNCTION discipline_receipt();
"""
UNDO = """
DROP FUNCTION discipline_published CASCADE;
DROP FUNCTION discipline_part_of_published CASCADE;
DROP FUNCTION discipline_receipt CASCADE;
"""
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
    dependencies = [("discipline", "0001_tables"), ("kernel", "0002_guards"), ("org", "0002_guards")]
    replaces = [("discipline", old) for old in ("0005_published_bulletin", "0007_walls")]
    operations = [
        migrations.RunSQL(STAYS, UNDO),
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
