"""Clauses are listed when their pack is published; the packs that ship are published here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import act_many
from yuanqing.kernel.packs.actions import publish
from yuanqing.kernel.packs.check import check
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.problems import PackError
from yuanqing.norms.clause.models import Clause
from yuanqing.norms.packs import shipped_packs

LIST = """
INSERT INTO norms_clause (id, version, pack_id, code, parent_code, title, text, source, mark, position)
SELECT gen_random_uuid(), 1, p.id, e.entry ->> 'code', coalesce(e.entry ->> 'parent', ''), e.entry ->> 'title',
       coalesce(e.entry ->> 'text', ''), coalesce(e.entry ->> 'source', p.content ->> 'source', ''),
       coalesce(e.entry ->> 'mark', p.content ->> 'mark', ''), e.number - 1
FROM kernel_packversion p CROSS JOIN LATERAL jsonb_array_elements(p.content -> 'entries') WITH ORDINALITY e(entry, number)
WHERE p.kind = 'rules' AND p.id IN ({ids})
"""


@act_many(Clause, creates=True, label=gettext_lazy("列出条款"))
def list_clauses(many: acts.Many, touched: acts.Touched, *, by: Any) -> int:
    """One row for each entry of the packs of rules just published."""
    return many.insert(LIST.format(ids=touched.IDS), touched.params)


@acts.after(PackVersion, "publish")
def _listed(touched: acts.Touched) -> None:
    list_clauses(touched, by=touched.by)


def publish_shipped(by: Any = acts.SYSTEM) -> list[PackVersion]:
    """Publish every pack that ships and is not yet published; returns the new editions. Doing it again changes nothing."""
    packs = shipped_packs()
    problems = check(packs)
    if problems:
        raise PackError(problems)
    known = set(PackVersion.objects.values_list("name", "edition"))
    editions = [publish(pack, by=by) for pack in packs.values()]
    return [edition for edition in editions if (edition.name, edition.edition) not in known]
