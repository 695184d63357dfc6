"""What the matrix expects: reckoned from its line and from the roles pack alone, never by the product's own code."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

from tests.access.routes import Row

from yuanqing.norms.packs import shipped

WITHOUT_ACCOUNT = ("anonymous", "suspended")
BELOW = ("own", "child")  # relations within the actor's own unit and below it
CLOSED = frozenset({"closed", "absent", "refused"})


@cache
def capabilities(role: str) -> tuple[str, ...]:
    return next((tuple(r.capabilities) for r in shipped("roles").of_kind("role") if r.code == role), ())


@cache
def roles() -> tuple[str, ...]:
    return tuple(r.code for r in shipped("roles").of_kind("role"))


@cache
def holds(role: str, capability: str) -> bool:
    if role in WITHOUT_ACCOUNT:
        return capability == "anybody"
    if capability in ("signed_in", "anybody"):
        return True
    wanted = capability.split("|")
    return f"role:{role}" in wanted or any(
        fnmatchcase(one, pattern) for one in wanted for pattern in capabilities(role)
    )


def reaches(row: Row, role: str, relation: str, capability: str) -> bool:
    """Whether the capability counts for this record."""
    if relation == "mine":
        return "hidden" not in row.given and (row.reach.endswith("mine") or holds(role, capability))
    if row.reach == "mine":
        return False
    if relation not in row.given.get("seen", (relation,)):
        return False
    return holds(role, capability) and (row.reach.startswith("everywhere") or relation in BELOW)


def sees(row: Row, role: str, relation: str) -> bool:
    return (role not in WITHOUT_ACCOUNT or row.sees == "anybody") and reaches(row, role, relation, row.sees)


def may(row: Row, role: str, relation: str) -> bool:
    """Whether the write is open, once the record is seen."""
    if not row.does or not sees(row, role, relation):
        return False
    if relation == "mine" and row.given.get("self") is True:
        return role not in WITHOUT_ACCOUNT
    if not holds(role, row.does):
        return False
    if relation == "mine":
        return row.given.get("self") is not False
    return relation in row.given.get("where", ()) or "where" not in row.given


def reading(row: Row, role: str, relation: str) -> frozenset[str]:
    """The outcomes of GET that are right."""
    if role in WITHOUT_ACCOUNT and row.sees != "anybody":
        return frozenset({"sign_in", "absent"} if row.sees == "nobody" else {"sign_in"})
    if not row.reads:
        return CLOSED - {"refused"}
    if row.given.get("missing") and (relation == "unknown" or row.otherwise == "shown"):
        return frozenset({"absent", "faulty", "shown", "refused", "closed", "unwell"})
    if not sees(row, role, relation):
        return frozenset({row.otherwise})
    if "asks" in row.given and not _is_told(row, role, relation):
        return frozenset({"refused"})
    if row.given.get("missing"):
        return frozenset({"absent", "faulty", "shown", "refused", "unwell"})
    if row.given.get("faulty") == "always" and may(row, role, relation) | (not row.does):
        return frozenset({"faulty"})
    shown = {"shown", "faulty"} if row.given.get("faulty") else {"shown"}
    for_all = row.given.get("shows") is True or (row.given.get("shows") == "held" and holds(role, row.does))
    if not row.does or may(row, role, relation) or for_all:
        return frozenset(shown)
    return frozenset({"refused"})  # a form that would be refused is not shown


def _is_told(row: Row, role: str, relation: str) -> bool:
    """Whether the further capability is there; of one's own it is not asked for (`self: true`), or does not help (`self: false`)."""
    if relation == "mine" and "self" in row.given:
        return bool(row.given["self"])
    return holds(role, row.given["asks"])


def writing(row: Row, role: str, relation: str) -> frozenset[str]:
    """The outcomes of the write that are right; "done" has changed something."""
    if role in WITHOUT_ACCOUNT and row.is_api and not row.does:
        return frozenset({"sign_in", "closed"})  # no operation of this method
    if role in WITHOUT_ACCOUNT and row.sees != "anybody":
        nothing = {"sign_in", "absent"} if row.does else {"sign_in", "absent", "closed"}
        return frozenset(nothing if row.sees == "nobody" else {"sign_in"})
    if not row.does:
        return (
            CLOSED | ({"forged", "faulty"} if row.given.get("missing") else set())
            if relation == "unknown"
            else CLOSED - {"refused"}
        )
    if relation == "unknown":
        return CLOSED | {"faulty", "shown"}
    if not sees(row, role, relation):
        unsaid = (
            row.is_api and row.given.get("missing") and "send" not in row.given
        )  # an empty body is faulty before it is anybody's
        return frozenset({"refused" if row.otherwise == "shown" else row.otherwise, *(("faulty",) if unsaid else ())})
    if not may(row, role, relation):
        named = row.is_api and any(str(value).startswith("=") for value in row.given.get("send", {}).values())
        loose = named or row.given.get("missing")  # what is sent may name something that the role does not see
        return frozenset({"refused", "faulty", "absent"} if loose else {"refused", "faulty"})
    if row.given.get("faulty") == "always":
        return frozenset({"faulty"})
    return frozenset({"faulty", "done", "shown", "absent", "refused"} if _weak(row) else {"done"})


def _weak(row: Row) -> bool:
    """Lines whose write cannot succeed as sent: it is only known that it was not taken for something it is not."""
    return bool(row.given.get("faulty") or row.given.get("missing") or row.does == "anybody")
