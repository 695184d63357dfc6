"""打包: rewrites an Office file so that the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def settle(data: bytes, on: date) -> bytes:
    """The same package with every clock set to ``on``: member times, and the created and modified properties."""
    moment = f"{on.isoformat()}T00:00:00Z".encode()
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = MODIFIED.sub(rb"\g<1>" + moment + rb"\g<3>", content)
            member = zipfile.ZipInfo(name, (max(on.year, 1980), on.month, on.day, 0, 0, 0))
            member.external_attr = 0o600 << 16
            member.create_system = 3
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return kept.getvalue()
