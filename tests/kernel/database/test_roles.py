"""The application works with the tables and owns nothing."""

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection

pytestmark = pytest.mark.django_db

FORBIDDEN = (
    "CREATE TABLE intruder (id int)",
    "CREATE SCHEMA intruder",
    "CREATE FUNCTION intruder() RETURNS int LANGUAGE sql RETURN 1",
    "CREATE ROLE intruder",
    "CREATE DATABASE intruder",
    "ALTER TABLE django_session ADD COLUMN intruder int",
    "ALTER TABLE django_session DISABLE TRIGGER ALL",
    "DROP TABLE django_session",
    "TRUNCATE django_session",
    "ALTER ROLE yuanqing_app SUPERUSER",
    "SET ROLE yuanqing_owner",
    "SET session_replication_role = replica",
    "SELECT pg_read_file('postgresql.conf')",
    "COPY django_session TO PROGRAM 'true'",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_role_is_refused(statement):
    with connection.cursor() as cursor, pytest.raises(Exception) as refused:
        cursor.execute(statement)
    assert isinstance(refused.value, ProgrammingError) or "transaction block" in str(refused.value)


def test_the_application_role_has_no_special_rights_and_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("yuanqing_app", False, False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole")
        assert cursor.fetchone() == (0,)


def test_the_application_role_reads_and_writes_what_migrations_made():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('k', 'd', now())")
        cursor.execute("UPDATE django_session SET session_data = 'e' WHERE session_key = 'k'")
        cursor.execute("DELETE FROM django_session WHERE session_key = 'k'")
        assert cursor.rowcount == 1
        cursor.execute("SELECT nextval('procrastinate_jobs_id_seq') > 0")
        assert cursor.fetchone() == (True,)


def test_a_session_runs_in_the_organisations_time_zone_whichever_client_opens_it():
    with connection.cursor() as cursor:
        cursor.execute("SHOW timezone")
        assert cursor.fetchone() == ("Asia/Shanghai",)
    with psycopg.connect(settings.SERVER.url(settings.SERVER.name())) as direct:
        assert direct.execute("SHOW timezone").fetchone() == ("Asia/Shanghai",)


def test_ranges_can_be_excluded_because_btree_gist_is_there():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'btree_gist'")
        assert cursor.fetchone() == (1,)
