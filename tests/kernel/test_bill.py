"""The bill of materials names what is installed, with version and address."""

import json

from yuanqing.kernel.bill import sbom


def test_the_bill_names_what_runs():
    found = {one["name"]: one for one in json.loads(sbom())["components"]}
    assert len(found) > 60
    for name in ("django", "psycopg", "echarts", "pyrage"):
        assert found[name]["version"]
        assert found[name]["purl"].endswith(found[name]["version"])
