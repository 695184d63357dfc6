"""What an operator does with accounts at the command line."""

import pytest
from django.core.exceptions import ValidationError

from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.commands import OperatorError
from yuanqing.org.account import tasks
from yuanqing.org.account.models import Account
from yuanqing.org.person import actions as people
from yuanqing.org.signin.queries import link_of


def test_an_account_is_opened_granted_and_listed(group):
    people.enrol(by=SYSTEM, number="P1", name="张三", unit=group.A1)
    name, link = tasks.open_account("zhang", person="P1").split()
    account = Account.objects.get(username="zhang")
    assert (name, account.display_name) == ("zhang", "张三")
    assert not account.has_usable_password()
    assert link_of(link.rstrip("/").rpartition("/")[2]).account == account
    said = tasks.grant("zhang", "unit_leader", unit="A1", starts="2025-03-01", reason="任负责人")
    assert said.endswith("甲项目部。")
    assert "zhang  张三  unit_leader@A1" in tasks.list_accounts()


def test_unknown_names_are_said(group):
    tasks.open_account("zhang")
    with pytest.raises(OperatorError, match="没有账号“li”"):
        tasks.grant("li", "staff", reason="x")
    with pytest.raises(OperatorError, match="单位代码“X”不存在"):
        tasks.grant("zhang", "staff", unit="X", reason="x")
    with pytest.raises(OperatorError, match="人员编号“P9”不存在"):
        tasks.open_account("wang", person="P9")
    with pytest.raises(OperatorError, match="日期写成"):
        tasks.grant("zhang", "staff", starts="tomorrow", reason="x")
    with pytest.raises(ValidationError, match="没有“boss”这个角色"):
        tasks.grant("zhang", "boss", reason="x")
