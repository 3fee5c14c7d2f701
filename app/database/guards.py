"""Whether a database, and the role we log in as, can be trusted with the journal.

The service refuses to start as a role that could rewrite history: being append-only must not
depend on the service's good behaviour. Each check says how to mend what it found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from app.database.connections import Connection, Database
from app.database.migrate import (
    OLDEST_SERVER,
    Migration,
    applied_migrations,
    differences,
    known_migrations,
)

APPEND_ONLY: Final = ("entries", "nodes", "commands")
OTHER_LOGIN: Final = (
    "set WARDBOOK_DATABASE_URL to postgresql://wardbook_service:PASSWORD@HOST/DATABASE and run "
    "`wardbook migrate --admin-url URL`, which creates that login"
)

SERVER_SQL: Final = """
    SELECT current_setting('server_version_num')::int AS number,
           current_setting('server_version') AS version
"""

LOGIN_SQL: Final = """
    SELECT r.rolname AS name, r.rolsuper AS is_super, r.rolcreaterole AS creates_roles,
           EXISTS (SELECT FROM pg_roles o
                   WHERE o.rolname = 'wardbook_owner' AND pg_has_role(r.oid, o.oid, 'MEMBER')
           ) AS is_owner,
           EXISTS (SELECT FROM pg_roles s
                   WHERE s.rolname = 'wardbook_service' AND pg_has_role(r.oid, s.oid, 'USAGE')
           ) AS is_service,
           ARRAY(SELECT p.rolname::text FROM pg_roles p
                 WHERE p.rolname IN ('pg_write_all_data', 'pg_write_server_files',
                                     'pg_execute_server_program')
                   AND pg_has_role(r.oid, p.oid, 'MEMBER')
           ) AS powers
    FROM pg_roles r WHERE r.rolname = session_user
"""

# What belongs to the schema `journal` and not to its owner, or lends its owner's rights.
OWNERSHIP_SQL: Final = """
    SELECT coalesce(
        (SELECT rolcanlogin OR rolsuper FROM pg_roles WHERE rolname = 'wardbook_owner'), true
    ) AS owner_can_log_in,
    ARRAY(
        SELECT 'schema journal' FROM pg_namespace n
        WHERE n.nspname = 'journal' AND n.nspowner <> 'wardbook_owner'::regrole
        UNION ALL
        SELECT c.oid::regclass::text FROM pg_class c
        WHERE c.relnamespace = 'journal'::regnamespace AND c.relowner <> 'wardbook_owner'::regrole
        UNION ALL
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'journal'::regnamespace
          AND (p.prosecdef OR p.proowner <> 'wardbook_owner'::regrole)
    ) AS foreign_objects
"""

# Privileges to change what is recorded, of the login or of the role it acts as.
PRIVILEGES_SQL: Final = """
    SELECT DISTINCT role_name, table_name, privilege
    FROM unnest($1::text[]) AS table_name,
         unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS privilege,
         unnest(ARRAY[session_user::text, 'wardbook_service']) AS role_name
    WHERE has_table_privilege(role_name, 'journal.' || table_name, privilege)
       OR (privilege = 'UPDATE'
           AND has_any_column_privilege(role_name, 'journal.' || table_name, privilege))
    ORDER BY role_name, table_name, privilege
"""

# Bits of pg_trigger.tgtype: 2 BEFORE, 8 DELETE, 16 UPDATE, 32 TRUNCATE; 'A' is ENABLE ALWAYS.
TRIGGERS_SQL: Final = """
    SELECT table_name FROM unnest($1::text[]) AS table_name
    WHERE (SELECT coalesce(bit_or(t.tgtype), 0) & 56 FROM pg_trigger t
           WHERE t.tgrelid = to_regclass('journal.' || table_name)
             AND t.tgenabled = 'A' AND t.tgtype & 2 = 2 AND t.tgqual IS NULL
             AND t.tgfoid = to_regprocedure('journal.refuse_change()')) <> 56
"""


@dataclass(frozen=True)
class Check:
    """One thing looked at. found: what is so. mend: what to do about it; empty when it passed."""

    name: str
    found: str
    mend: str = ""

    @property
    def passed(self) -> bool:
        """Whether nothing has to be done."""
        return not self.mend


class DatabaseNotTrusted(Exception):
    """The database, or our role in it, is not fit to keep a journal. Lists what to mend."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self.failed = [check for check in checks if not check.passed]
        super().__init__(
            "\n".join(
                f"{check.name}: {check.found}. To mend: {check.mend}" for check in self.failed
            )
        )


async def require_trust(database: Database) -> None:
    """Raises DatabaseNotTrusted, or one of `connections.UNREACHABLE`."""
    checks = await check_database(database)
    if not all(check.passed for check in checks):
        raise DatabaseNotTrusted(checks)


async def check_database(database: Database) -> list[Check]:
    """Every check that can be made; one that needs an earlier, failed one is left out."""
    connection = await database.log_in()
    try:
        checks = [await _server(connection), await _login(connection)]
        if not await _acts_as_service(connection):
            return [*checks, Check("role", "the login may not act as wardbook_service", MIGRATE)]
        migrations = await _migrations(connection)
        checks.append(migrations)
        if migrations.passed:
            checks += [
                await _ownership(connection),
                await _privileges(connection),
                await _triggers(connection),
            ]
        return checks
    finally:
        await connection.close()


MIGRATE: Final = "run `wardbook migrate`"


async def _server(connection: Connection) -> Check:
    row = await _one(connection, SERVER_SQL)
    old = row["number"] < OLDEST_SERVER
    found = f"PostgreSQL {row['version']}"
    return Check("server", found, "use PostgreSQL 15 or newer" if old else "")


async def _login(connection: Connection) -> Check:
    login = await _one(connection, LOGIN_SQL)
    name = login["name"]
    if login["is_super"]:
        return Check("login", f"{name} is a superuser and could rewrite history", OTHER_LOGIN)
    if login["creates_roles"]:
        return Check("login", f"{name} may create roles, and so become any", OTHER_LOGIN)
    if login["is_owner"]:
        mend = f'as an admin, run: REVOKE wardbook_owner FROM "{name}"'
        return Check("login", f"{name} belongs to wardbook_owner and could rewrite history", mend)
    if login["powers"]:
        powers = ", ".join(login["powers"])
        mend = f'as an admin, run: REVOKE {powers} FROM "{name}"'
        return Check("login", f"{name} could rewrite history as a member of {powers}", mend)
    return Check("login", f"{name} can add to the journal and cannot rewrite it")


async def _acts_as_service(connection: Connection) -> bool:
    login = await _one(connection, LOGIN_SQL)
    if not login["is_service"]:
        return False
    try:
        await connection.execute("SET ROLE wardbook_service")
    except asyncpg.PostgresError:
        return False
    return True


async def _migrations(connection: Connection) -> Check:
    known = known_migrations()
    applied = await applied_migrations(connection)
    if problems := differences(applied, known):
        mend = "install the version of Wardbook that migrated this database, or a newer one"
        return Check("migrations", "; ".join(problems), mend)
    if missing := known[len(applied) :]:
        return Check("migrations", f"{_names(missing)} not applied yet", MIGRATE)
    return Check("migrations", f"all {len(known)} applied, with the contents they have here")


def _names(migrations: Sequence[Migration]) -> str:
    return ", ".join(migration.name for migration in migrations)


async def _ownership(connection: Connection) -> Check:
    row = await _one(connection, OWNERSHIP_SQL)
    if row["owner_can_log_in"]:
        mend = "as an admin, run: ALTER ROLE wardbook_owner NOLOGIN NOSUPERUSER"
        return Check("ownership", "the journal's owner can log in", mend)
    if row["foreign_objects"]:
        found = f"not wardbook_owner's, or acting for it: {', '.join(row['foreign_objects'])}"
        mend = "as an admin, look at who made them, then ALTER ... OWNER TO wardbook_owner or drop"
        return Check("ownership", found, mend)
    return Check("ownership", "the journal belongs to a role that cannot log in")


async def _privileges(connection: Connection) -> Check:
    rows = await connection.fetch(PRIVILEGES_SQL, APPEND_ONLY)
    if rows:
        held = ", ".join(f"{r['role_name']}: {r['privilege']} on {r['table_name']}" for r in rows)
        revoke = "; ".join(
            f'REVOKE {r["privilege"]} ON journal.{r["table_name"]} FROM PUBLIC, "{r["role_name"]}"'
            for r in rows
        )
        return Check("privileges", f"could rewrite history: {held}", f"as an admin, run: {revoke}")
    return Check("privileges", f"nothing but adding to {', '.join(APPEND_ONLY)}")


async def _triggers(connection: Connection) -> Check:
    rows = await connection.fetch(TRIGGERS_SQL, APPEND_ONLY)
    if rows:
        tables = [row["table_name"] for row in rows]
        found = f"no trigger refuses every change of {', '.join(tables)}"
        alter = "; ".join(
            f"ALTER TABLE journal.{table} ENABLE ALWAYS TRIGGER {table}_append_only"
            for table in tables
        )
        mend = f"find out who disabled it, run `wardbook verify`, then as an admin: {alter}"
        return Check("triggers", found, mend)
    return Check("triggers", "changes of entries are refused, for replicas too")


async def _one(connection: Connection, sql: str) -> asyncpg.Record:
    row = await connection.fetchrow(sql)
    if row is None:
        raise RuntimeError("a statement that always has a row had none")
    return row
