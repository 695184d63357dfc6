"""Attempts to sign in are counted however many come at once."""

import pytest

from yuanqing.org.signin import actions, queries
from yuanqing.org.signin.models import Attempt

pytestmark = pytest.mark.django_db
COUNTED = queries.Counted("account", "source")


def failures() -> dict[str, int]:
    return dict(Attempt.objects.values_list("key", "failures"))


def test_an_attempt_counts_for_the_account_and_for_the_source():
    assert actions.attempt(COUNTED) == (0, 1)
    assert actions.attempt(COUNTED) == (0, 2)
    assert failures() == {"account": 2, "source": 2}


def test_who_gets_in_ends_the_row_of_the_account_and_takes_one_back_from_the_source():
    actions.attempt(COUNTED)
    actions.attempt(COUNTED)
    actions.succeed(COUNTED)
    assert failures() == {"source": 1}


def test_a_counter_that_goes_away_between_its_making_and_its_locking_is_made_again(monkeypatch):
    actions.attempt(COUNTED)
    lock, goes = Attempt.objects.select_for_update, [COUNTED]

    def locked():
        while goes:  # the same account gets in from another window at this moment
            actions.succeed(goes.pop())
        return lock()

    monkeypatch.setattr(Attempt.objects, "select_for_update", locked)
    assert actions.attempt(COUNTED)[0] == 0
    assert set(failures()) == {"account", "source"}
