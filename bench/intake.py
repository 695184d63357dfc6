"""Reports per second: complete submissions with a small attachment and three recipients, acknowledged when durable.

The site runs as `yuanqing serve` runs it, in a home of its own with a durable database. Eight clients send forms that
were fetched and whose riddles were solved beforehand, so that only the server is measured. Afterwards every receipt
must lead to its report, and the register of 10,000 petitions is read page by page.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from bench.private_home import private_home
from bench.site import served

RECIPIENTS, CLIENTS = 3, 8
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def furnish() -> None:
    """Packs, an escrow, three receivers; runs in this process, on the home in the environment."""
    import django

    django.setup()
    from uuid import uuid4

    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.kernel.sealing import actions, envelope
    from yuanqing.norms.clause.actions import publish_shipped

    publish_shipped(by=SYSTEM)
    for n in range(RECIPIENTS):
        fresh = actions.new_enrolment("a passphrase of the bench")
        actions.enrol(by=SYSTEM, account_id=uuid4(), name=f"信访{n}", fresh=fresh, receives=True)
    actions.found_escrow(by=SYSTEM, public=envelope.new_identity()[1], needed=3, custodians=5)


def prepared(port: int) -> tuple[str, bytes]:
    """A form fetched, its riddle solved, filled in with an attachment: (content type, body)."""
    from yuanqing.hotline.gate.rules import solve

    link = HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("POST", "/report/", urlencode({"step": "form", "channel": "accusation"}), FORM)
    page = link.getresponse().read().decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    riddle = re.search(r'data-riddle="(\w+)" data-bits="(\d+)"', page)
    assert riddle is not None, page[:2000]
    answer = solve(riddle[1], int(riddle[2]))
    said = {
        **hidden,
        "answer": answer,
        "q.what": "反映一个问题。" * 60,
        "q.who": "某人",
        "level": "level_middle",
        "named": "no",
    }
    mark = secrets.token_hex(16)
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in said.items()]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    parts += [head.encode(), os.urandom(20_000), f"\r\n--{mark}--\r\n".encode()]
    return f"multipart/form-data; boundary={mark}", b"".join(parts)


def send(port: int, forms: list[tuple[str, bytes]]) -> list[tuple[float, str]]:
    """Seconds and receipt of each form, over one kept connection; "" where none was given."""
    link, found = HTTPConnection("127.0.0.1", port, timeout=60), []
    for kind, body in forms:
        began = time.perf_counter()
        link.request("POST", "/report/", body, {"Content-Type": kind})
        page = link.getresponse().read().decode()
        receipt = re.search(r'id="digits">([\d ]+)<', page)
        found.append((time.perf_counter() - began, receipt[1] if receipt else ""))
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reports", type=int, default=800)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    with private_home(), served() as port:
        furnish()
        with ThreadPoolExecutor(CLIENTS) as pool:
            forms = list(pool.map(lambda _n: prepared(port), range(given.reports)))
            began = time.perf_counter()
            results = [r for part in pool.map(lambda n: send(port, forms[n::CLIENTS]), range(CLIENTS)) for r in part]
            took = time.perf_counter() - began
        from yuanqing.cases.petition.models import Petition
        from yuanqing.hotline.report.models import Report
        from yuanqing.hotline.window.queries import derive
        from yuanqing.kernel.sealing.store import altered

        receipts = [r for _s, r in results if r]
        tags = [derive(r.replace(" ", "")).tag for r in receipts]
        kept = Report.objects.filter(tag__in=tags).count()
        times = sorted(s for s, _r in results)
        figures = {
            "reports": len(results),
            "per_second": round(len(results) / took, 1),
            "p50_ms": round(statistics.median(times) * 1000),
            "p95_ms": round(times[int(len(times) * 0.95)] * 1000),
            "errors": len(results) - len(receipts),
            "lost": len(receipts) - kept,
            "in_the_register": Petition.objects.count(),
            "altered": len(altered()),
            "load": round(os.getloadavg()[0], 1),
        }
    print(json.dumps(figures, indent=1))
    if given.json:
        given.json.write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
