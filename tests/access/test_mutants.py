"""Planted policy defects: the matrix must find them, or it proves nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bench.figures_log import record
from tests.access.hunt import Hunt, sample
from tests.access.mutants import Mutant, mutants
from tests.access.pieces import Pieces
from tests.access.planting import found_by_tests
from tests.access.world import World

MOST = int(os.environ.get("PLANTED_DEFECTS", "140"))  # of some 570; 1000 for all
DUTIES = sorted({mutant.duty for mutant in mutants()})
# Taken out, these change nothing that any of the roles could see or do, and why.
_NO_ACT = "no act writes these by themselves: those on the record they belong to ask for themselves"
_OWN = "asks besides for what is the reader's own, all of which is visible to him"
_KEY = "what is found is opened with the reader's key, which fits nothing else"
_DRAFTS = "asked for those alone who may see drafts, and they see every bulletin"
HARMLESS: dict[str, str] = {
    "discipline/monthly_return/policies.py: return closed(record.period)": "at the close what was not reported becomes missing, from which no step leads",
    'cases/inquiry/policies.py: return lacking(by, f"cases.inquiry.{step}")': _NO_ACT,
    'cases/verification/policies.py: return lacking(by, f"cases.verification.{step}")': _NO_ACT,
    'cases/disposal/policies.py: return lacking(by, f"cases.disposal.{step}")': _NO_ACT,
    'shell/reading/policies.py: return lacking(by, f"shell.reading.{step}")': _NO_ACT,
    "org/signin/api.py: account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)": "policies.about is asked next, and gives the same answer",
    'org/signin/pages.py: "events": SignIn.objects.visible_to(request.user).filter(account=found).order_by("-at")[:LATEST],': "the page shows them to those alone who see all of them",
    'education/quiz/api.py: rows = Attempt.objects.visible_to(own).filter(person=own.person_id).select_related("quiz", "person")': _OWN,
    "shell/worklist/queries.py: rows = Obligation.objects.visible_to(account).owed().filter(obligations.own(account))": _OWN,
    "shell/worklist/queries.py: rows = Obligation.objects.visible_to(account).owed().filter(obligations.own(account), opens_on__gt=today)": _OWN,
    'shell/file/queries.py: File.objects.visible_to(account).filter(purpose=purpose, about=about).order_by("added_at", "pk")': "the page of the record asks first whether the reader may read its files",
    "discipline/bulletin/models.py: return self.filter(bulletin__in=Bulletin.objects.visible_to(account))": "those alone come to a case who see every bulletin",
    "discipline/bulletin/api.py: found: TypicalCase = get_object_or_404(TypicalCase.objects.visible_to(request.user), pk=pk)": _DRAFTS,
    'discipline/bulletin/pages.py: rows = TypicalCase.objects.visible_to(request.user).select_related("bulletin__review__period", "violation")': _DRAFTS,
    'discipline/bulletin/pages.py: rows = list(Bulletin.objects.visible_to(account).exclude(state="published"))': _DRAFTS,
    "discipline/review/pages.py: ScoreCard.objects.visible_to(request.user)": "earlier cards of the unit whose card was looked up with visible_to",
    'education/notice/policies.py: return lacking(by, f"education.notice.{step}", record.notice.unit)': "whoever is shown a draft may write it, in every role there is",
    "cases/keyring/pages.py: if not self.away or type(record).objects.visible_to(account).filter(pk=record.pk).exists():": "where one is led to after the step; the page there asks for itself",
    "cases/rereading/pages.py: raise Refused(closed)": "the act that would come next asks the same policy",
    'cases/opinion/queries.py: for lead in Lead.objects.visible_to(account).running().select_related("key"):': _KEY,
    'cases/opinion/queries.py: for case in Case.objects.visible_to(account).running().select_related("key"):': _KEY,
    'cases/partner/pages.py: rows: Any = Partner.objects.visible_to(account).select_related("unit")': "the page has asked for the same right before, and whoever has it sees all of them",
    "cases/paperwork/pages.py: raise Refused(": "about a document that lacks something, for whoever may have it",
    "org/signin/pages.py: raise acts.Refused(acts_reason)": "whose second factor it is was asked of the same policy when the account was looked up",
    'org/account/pages.py: raise acts.Refused(_("您的密码由统一身份认证或目录服务保管，请到那里修改。"))': "about how one signs in; every actor here has a password",
}


@pytest.mark.drill
def test_a_few_planted_defects_are_found(world: World) -> None:
    hunt = Hunt(world, Pieces(file=""))
    survivors = [str(m) for m in sample(mutants(), 6) if m.text not in HARMLESS and not hunt.finds(m)]
    assert survivors == []


@dataclass
class Tally:
    """What the hunts of all duties came to."""

    found: int = 0
    by_tests: int = 0
    survivors: list[str] = field(default_factory=list)
    duties: set[str] = field(default_factory=set)

    @property
    def planted(self) -> int:
        return self.found + self.by_tests + len(self.survivors)

    def count(self, what: str) -> None:
        """What is taken out was not there: then nothing was planted."""
        self.by_tests += what.startswith("tests/")
        self.found += bool(what) and what != "not planted" and not what.startswith("tests/")


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    """One figure for all the duties that were hunted through."""
    told = Tally()
    yield told
    if told.duties:
        who = "every duty" if told.duties == set(DUTIES) else ", ".join(sorted(told.duties))
        found = told.found + told.by_tests
        good = found >= 0.98 * told.planted and (told.planted >= 100 or who != "every duty")
        value = f"{found} of {told.planted}, {told.found} by the matrix"
        record(f"planted policy defects found, {who}", value, "", "≥ 98 % of ≥ 100", good)
        print("\n".join(told.survivors))


@pytest.mark.drill
@pytest.mark.parametrize("duty", DUTIES)
def test_planted_defects_are_found(world: World, duty: str, tally: Tally, tmp_path: Path) -> None:
    """By the matrix, else by the tests of the duty. Where so few survive that it may be chance, they are told and no more."""
    pieces, unfound = Pieces(), list[Mutant]()
    hunt = Hunt(world, pieces)
    tally.duties.add(duty)
    for mutant in sample(mutants(), MOST):
        if mutant.duty != duty or mutant.text in HARMLESS:
            continue
        if pieces.is_right(mutant.name):
            tally.count(pieces.told[mutant.name])
        elif what := _found_by_matrix(hunt, pieces, mutant):
            pieces.note(mutant.name, 1, (), what)
            tally.count(what)
        else:
            unfound.append(mutant)
    lived = []
    for noun in dict.fromkeys(mutant.noun for mutant in unfound):
        alike = [mutant for mutant in unfound if mutant.noun == noun]
        by_tests = found_by_tests(alike, tmp_path)
        for mutant in alike:
            test = by_tests.get(str(mutant), "")
            print(f"{mutant}: {test or 'LIVES'}", flush=True)
            pieces.note(mutant.name, 1, [] if test else [str(mutant)], test)
            tally.count(test)
        lived += [str(mutant) for mutant in alike if str(mutant) not in by_tests]
    tally.survivors += lived
    assert len(lived) <= 1 or len(lived) <= 0.02 * tally.planted, "\n".join(lived)


def _found_by_matrix(hunt: Hunt, pieces: Pieces, mutant: Mutant) -> str:
    """Asked once, also where a run was stopped before the tests were: "" when no cell told."""
    asked = f"the matrix on {mutant.name}"
    if not pieces.is_right(asked):
        what = hunt.finds(mutant)
        print(f"{mutant}: {what[:150] or 'not in the matrix'} ({hunt.asked} asked)", flush=True)
        pieces.note(asked, 0, (), what)
    return pieces.told[asked]
