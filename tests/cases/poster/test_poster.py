"""The poster: its codes lead to the hotline, only those of the hotline print it."""

from __future__ import annotations

from typing import Any


def test_the_codes_lead_to_the_hotline(office: Any) -> None:
    client = office.client("intake")
    page = client.get("/cases/poster/").content.decode()
    assert "http://testserver/report/" in page
    assert "http://testserver/report/en/" in page
    assert "没有人接收举报" not in page
    drawing = client.get("/cases/poster/zh.svg")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert drawing.content.startswith(b"<?xml")
    assert client.get("/cases/poster/zh.svg").content != client.get("/cases/poster/en.svg").content
    assert client.get("/cases/poster/xx.svg").status_code == 404


def test_who_prints_it(office: Any) -> None:
    assert office.client("keys").get("/cases/poster/").status_code == 200
    for address in ("/cases/poster/", "/cases/poster/zh.svg"):
        assert office.client("staff").get(address).status_code == 404
