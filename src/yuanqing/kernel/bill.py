"""物料清单: what the installation is made of, in the words of CycloneDX, for whoever looks for known weaknesses."""

from __future__ import annotations

import json
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from yuanqing.kernel.commands import Needs, command

ROOT = Path(__file__).resolve().parents[3]


@command("sbom", help="打印软件物料清单 · print what the installation is made of (CycloneDX 1.5)", needs=Needs.NOTHING)
def sbom() -> str:
    components = [*python_components(), *browser_components()]
    return json.dumps(
        {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}, indent=1
    )


def python_components() -> list[dict[str, Any]]:
    """Every installed distribution, by name."""
    found: dict[str, dict[str, Any]] = {}
    for each in distributions():
        name = str(each.metadata["Name"] or "").lower().replace("_", "-")
        if name and name != "yuanqing":
            found[name] = _component(
                name,
                each.version,
                "pypi",
                str(each.metadata["License-Expression"] or each.metadata["License"] or ""),
            )
    return [found[name] for name in sorted(found)]


def browser_components() -> list[dict[str, Any]]:
    """What the lock of the front end names and browsers are sent, by name; empty where there is no lock."""
    lock = ROOT / "package-lock.json"
    packages = json.loads(lock.read_text())["packages"] if lock.exists() else {}
    wanted = {path: one for path, one in packages.items() if path and not one.get("dev")}
    return [
        _component(path.rpartition("node_modules/")[2], one["version"], "npm", str(one.get("license", "")))
        for path, one in sorted(wanted.items())
    ]


def _component(name: str, version: str, registry: str, license_: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:{registry}/{name.replace('@', '%40')}@{version}",
    }
    if license_ and len(license_) < 80:
        made["licenses"] = [{"license": {"name": license_}}]
    return made
