"""What a page links to, its reader may open: nobody is led to a page that is kept from her."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape

import pytest
from django.urls import Resolver404, resolve
from tests.access.expected import roles
from tests.access.requests import WITHOUT_ACCOUNT, Actor, Stage
from tests.access.world import World

LINK = re.compile(r'<a\s[^>]*?href="(/[^"#]*)')
FIRST = "/"
OF_ONE_KIND = 2  # pages of the same name that are opened


def dead_ends(actor: Actor) -> list[str]:
    """Links on the pages that the actor comes to from her desk, that do not open."""
    found: list[str] = []
    opened: Counter[str] = Counter()
    waiting, known = deque([(FIRST, "")]), {FIRST}
    while waiting:
        address, page = waiting.popleft()
        name = _name(address)
        if not name or opened[name] >= OF_ONE_KIND:
            continue
        opened[name] += 1
        answer = actor.client.get(address)
        if answer.status_code >= 400:
            found.append(f"{actor.role}: {address} ({answer.status_code}) on {page}")
        elif answer.get("Content-Type", "").startswith("text/html"):
            links = {unescape(link) for link in LINK.findall(answer.content.decode())}
            waiting.extend((link, address) for link in sorted(links - known))
            known |= links
    return found


def _name(address: str) -> str:
    """Pages of one name look alike, those with a choice in the address a little different."""
    path, _mark, chosen = address.partition("?")
    try:
        return f"{resolve(path).view_name}{bool(chosen)}"
    except Resolver404:
        return path


@pytest.mark.drill
@pytest.mark.parametrize("role", [role for role in roles() if role not in WITHOUT_ACCOUNT])
def test_no_page_leads_its_reader_to_a_closed_door(world: World, role: str) -> None:
    found = dead_ends(Stage(world).actor(role))
    assert not found, "\n".join(found)
