"""Standard phrases of documents: sentences with places for values in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}", re.ASCII)


def places(text: str) -> set[str]:
    return set(PLACE.findall(text))


def fill(text: str, values: Mapping[str, object]) -> str:
    """The sentence with its values; KeyError names a place without one, so that no braces reach a printed page."""
    missing = places(text) - set(values)
    if missing:
        raise KeyError(_("缺少：%(names)s") % {"names": "、".join(sorted(missing))})
    return PLACE.sub(lambda found: str(values[found[1]]), text)
