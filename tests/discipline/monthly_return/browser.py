"""A browser without scripts that sends the token it was given."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client


class Reader:
    def __init__(self, account: Any) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(account)

    def get(self, url: str, **words: Any) -> Any:
        return self.client.get(url, **words)

    def post(self, url: str, data: dict[str, Any], *, page: str = "", **words: Any) -> Any:
        self.client.get(page or url)
        token = self.client.cookies["csrftoken"].value
        return self.client.post(url, {**data, "csrfmiddlewaretoken": token}, **words)


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


def hidden(response: Any) -> dict[str, str]:
    """The hidden fields of the page's form, as a browser would send them."""
    fields = re.findall(r'<input type="hidden" name="(editor|revision|seen|version)" value="([^"]*)"', text(response))
    return {name: value.replace("&quot;", '"') for name, value in fields}
