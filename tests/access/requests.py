"""One request as an actor, and what came of it; whatever it wrote is rolled back."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4
from zipfile import ZipFile

from allauth.account.internal.userkit import user_id_to_str
from django.db import connection, transaction
from django.test import Client
from tests.access.expected import WITHOUT_ACCOUNT
from tests.access.marks import PLACES, secret
from tests.access.routes import Row, places_of
from tests.access.world import World

from yuanqing.org.account.models import Account

TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
TOKEN = re.compile(rb'(csrfmiddlewaretoken" value=|"X-CSRFToken": ?)"[^"]+"')
CHANGES = """SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
                    + pg_stat_get_xact_tuples_deleted(oid)), 0)
             FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname <> ALL(%s)"""
TRACES = ["org_session", "kernel_context"]  # what reading leaves behind
SEEN = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CODES = tuple(PLACES[place] for place in ("sibling", "none"))  # of units elsewhere, in links to lists about them
NUMBER = re.compile(rb'"person": ?"([^"]+)"')  # of a person on the rolls
FOR_EVERYBODY = ("article.published", "holder")
METHODS = "account_authentication_methods"
OUTSIDE = ("parent", "sibling", "none")
STATUS = {
    404: "absent",
    409: "refused",
    405: "closed",
    401: "sign_in",
    422: "faulty",
    503: "unwell",
    400: "faulty",
    403: "forged",
    413: "faulty",
}


@dataclass
class Answer:
    """What a cell saw."""

    status: int
    outcome: str
    changed: int
    body: bytes = b""
    location: str = ""
    there: int = 0  # what a write leads to answers


class _Fields(HTMLParser):
    """What the last form of a page would send if one pressed its button at once."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.select = ""
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({"": given.get("action", "")})
        if not self.forms:
            return
        name, form = given.get("name", ""), self.forms[-1]
        if tag == "input" and name:
            if given.get("type") not in ("checkbox", "radio", "file", "submit") or "checked" in given:
                form.setdefault(name, given.get("value", ""))
        elif tag == "select":
            self.select = name
        elif (
            tag == "option" and self.select and given.get("value") and ("selected" in given or self.select not in form)
        ):
            form[self.select] = given["value"]
        elif tag == "textarea" and name:
            self.area, form[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1][self.area] += data

    def handle_endtag(self, tag: str) -> None:
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area


def form_of(page: bytes) -> dict[str, Any]:
    """The largest form of the page, without its token."""
    parser = _Fields()
    parser.feed(page.decode())
    best = max(parser.forms, key=len, default={})
    return {name: value for name, value in best.items() if name and name != "csrfmiddlewaretoken"}


@dataclass
class Actor:
    """Somebody with a browser: signed in, and with a token against forgery."""

    role: str
    client: Client
    token: str


@dataclass
class Stage:
    """The actors, and what every line sends."""

    world: World
    actors: dict[str, Actor] = field(default_factory=dict)

    @cached_property
    def foreign(self) -> dict[str, str]:
        """Identifiers that no actor may come across, and what they are of."""
        found = {
            str(key): f"{kind} of {place}"
            for place in (*OUTSIDE, "recused")
            for kind, key in self.world.at[place].items()
            if (isinstance(key, UUID) or kind in ("person.number", "unit.code"))
            and kind not in FOR_EVERYBODY
            and (place, kind) not in (("parent", "unit"), ("parent", "unit.code"))
        }
        return {key: what for key, what in found.items() if key not in map(str, self.world.at["own"].values())}

    def betrayed(self, row: Row, body: bytes, address: str) -> list[str]:
        """What of records elsewhere stands in what was shown, besides what was asked for by its identifier."""
        keys = {key.decode() for key in SEEN.findall(body)} | (
            {key.decode() for key in NUMBER.findall(body)} if row.is_api else set()
        )
        keys |= {code for code in CODES if f'unit={code}"'.encode() in body}
        found = sorted(self.foreign[key] for key in keys & self.foreign.keys() if key not in address)
        return [what for what in found if what.split()[0] not in row.given.get("open", ())]

    def actor(self, role: str) -> Actor:
        if role not in self.actors:
            client = Client(enforce_csrf_checks=True, raise_request_exception=False)
            if role != "anonymous":
                client.force_login(Account.objects.get(pk=self.world.accounts[role]))
                session = client.session  # has just shown who she is: what asks for that first is open
                session[METHODS] = [{"method": "password", "at": time.time() + 86_400}]
                session[f"{METHODS}_user"] = user_id_to_str(Account.objects.get(pk=self.world.accounts[role]))
                session.save()
            client.get("/" if role not in WITHOUT_ACCOUNT else "/sign-in/")
            self.actors[role] = Actor(role, client, client.cookies["csrftoken"].value)
        return self.actors[role]

    def values(self, row: Row, role: str, relation: str) -> dict[str, Any]:
        """What stands in the address."""
        found = {
            name: self.key(row, role, relation) if value == "=on" else self._word(value, row, relation)
            for name, value in row.given.get("with", {}).items()
        }
        if "pk" in places_of(row.name):
            found["pk"] = self.key(row, role, relation)
        if "asked" in row.given:
            asked = {
                name: self.key(row, role, relation) if value == "=on" else self._word(value, row, relation)
                for name, value in row.given["asked"].items()
            }
            found["?"] = urlencode(asked)
        return found

    def key(self, row: Row, role: str, relation: str) -> Any:
        if "shared" in row.given:
            return self.world.shared[row.given["shared"]]
        if relation == "unknown":
            return 0 if isinstance(self.world.at["own"].get(row.kind), int) else uuid4()
        if relation == "mine":
            return self.world.mine[role][row.kind]
        return self.world.at[relation][row.kind]

    def relations(self, row: Row) -> list[str]:
        if not row.kind:
            return ["own"]
        places = [relation for relation, things in self.world.at.items() if row.kind in things]
        return [*places, *(["mine"] if row.kind in self.world.mine["staff"] else [])] or ["unknown"]

    def has(self, row: Row, role: str, relation: str) -> bool:
        """Whether there is a record to ask for: one of the role's own, where one's own is asked for."""
        return relation != "mine" or (role not in WITHOUT_ACCOUNT and row.kind in self.world.mine[role])

    def _left(self, actor: Actor, method: str, address: str, words: dict[str, Any]) -> int:
        """Rows that were written and taken back are counted too: for a refusal, compare the database itself."""
        before = digest()
        getattr(actor.client, method.lower())(address, **words)
        return int(digest() != before)

    def _word(self, value: Any, row: Row, relation: str) -> Any:
        """`=child.code`: of the unit below; `=person`: of the own unit; `=on`, `=on.involved`: the record itself, and of it."""
        if isinstance(value, list):
            return [self._word(each, row, relation) for each in value]
        if isinstance(value, dict):
            return {name: self._word(each, row, relation) for name, each in value.items()}
        if not isinstance(value, str) or not value.startswith("="):
            return value
        name = value[1:]
        if name == "on" or name.startswith("on."):
            if name == "on" and relation == "unknown":
                return uuid4()
            place = relation if relation in self.world.at else "own"
            return self.world.at[place][row.kind + name[2:]]
        place, _dot, rest = name.partition(".")
        if place in self.world.at:
            return self.world.at[place][rest]
        return self.world.at["own"].get(name) or self.world.shared[name]

    def body(self, row: Row, filler: str, relation: str) -> dict[str, Any]:
        """What is sent: the page's own form as `filler` sees it, and the line's `send` over it."""
        given: dict[str, Any] = {}
        if filler and not row.is_api and row.reads:
            page = self.actor(filler).client.get(row.address(self.values(row, filler, relation)))
            given = form_of(page.content) if page.status_code == 200 else {}
        return given | {name: self._word(value, row, relation) for name, value in row.given.get("send", {}).items()}

    def ask(
        self, row: Row, role: str, method: str, address: str, body: dict[str, Any] | None = None, *, htmx: bool = False,
        token: str | None = None,
        origin: str = "",
    ) -> Answer:  # fmt: skip
        actor = self.actor(role)
        headers = {"X-CSRFToken": actor.token if token is None else token} if method not in ("GET", "HEAD") else {}
        headers |= {"HX-Request": "true"} if htmx else {}
        headers |= {"Origin": origin} if origin else {}
        words: dict[str, Any] = {"headers": headers}
        if body is not None and row.is_api:
            words |= {"data": json.dumps(body, default=str), "content_type": "application/json"}
        elif body is not None and method == "POST":
            words |= {"data": {name: str(value) if isinstance(value, UUID) else value for name, value in body.items()}}
        cookies = {name: morsel.value for name, morsel in actor.client.cookies.items()}
        with transaction.atomic():
            before = _changes() if method != "HEAD" else 0
            response: Any = getattr(actor.client, method.lower())(address, **words)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            changed = _changes() - before if method != "HEAD" else 0
            location, there = response.headers.get("Location", ""), 0
            if changed and response.status_code >= 400:
                changed = self._left(actor, method, address, words)
            elif changed and method == "POST" and location.startswith("/"):
                there = actor.client.get(location).status_code
            transaction.set_rollback(True)
        actor.client.cookies = SimpleCookie(cookies)  # signing out is undone as well
        came = outcome(response.status_code, location, changed)
        return Answer(response.status_code, came, changed, content, location, there)


def digest() -> str:
    """Over every row of every table but the traces of reading."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE relname <> ALL(%s) ORDER BY 1", [TRACES])
        tables = [name for (name,) in cursor.fetchall()]
        parts = (f"SELECT coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS d FROM {name} t" for name in tables)
        cursor.execute(f"SELECT string_agg(d, ' ') FROM ({' UNION ALL '.join(parts)}) x")
        return str(cursor.fetchone()[0])


def outcome(status: int, location: str, changed: int) -> str:
    if status == 302 and location.startswith("/sign-in/?next="):
        return "sign_in"
    if status < 400:
        return "done" if changed else "shown"
    return STATUS.get(status, "broken")


def _changes() -> int:
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, [TRACES])
        return int(cursor.fetchone()[0])


def strange(body: bytes) -> list[str]:
    """The free texts of units outside the actors' reach that stand in what was shown; also inside workbooks."""
    if body.startswith(b"PK"):
        with ZipFile(BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    found = []
    for place in OUTSIDE:
        mark = secret(PLACES[place])
        if mark.encode() in body or json.dumps(mark)[1:-1].encode() in body or quote(mark).encode() in body:
            found.append(place)
    return found


def words_of(body: bytes) -> str:
    """What a page says, without its tags, in one line."""
    return " ".join(unescape(TAG.sub(" ", body.decode("utf-8", "replace"))).split())


def plain(body: bytes) -> bytes:
    """A page without its token against forgery."""
    return TOKEN.sub(b"", body)
