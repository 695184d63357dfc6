"""What was published under an edition stays what it was: an installation that holds it refuses a pack that says otherwise."""

from pathlib import Path

from yuanqing.kernel.packs.fingerprint import fingerprint
from yuanqing.norms.packs import shipped_packs

KNOWN = Path(__file__).with_name("editions.txt")  # name, edition, fingerprint; lines are added, never changed


def test_a_changed_pack_is_a_new_edition():
    known = {(name, edition): mark for name, edition, mark in map(str.split, KNOWN.read_text().splitlines())}
    for pack in shipped_packs().values():
        line = f"{pack.name} {pack.version} {fingerprint(pack)}"
        published = known.get((pack.name, pack.version))
        assert published is not None, f"A new edition. Add to {KNOWN.name}: {line}"
        assert published == fingerprint(pack), (
            f"{pack.name} {pack.version} was published otherwise; give it a new edition."
        )
