from __future__ import annotations

from tests.discipline.violation.register import Register, install_shipped_roles
from tests.stages import stage

register = stage(Register, enter=install_shipped_roles)
