"""What is published stays as it was printed: the database itself refuses to change it."""

from django.db import migrations

WALL = """
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


class Migration(migrations.Migration):
    dependencies = [("discipline", "0004_bulletin")]
    operations = [migrations.RunSQL(WALL, UNDO)]
