"""组件一览: every component of the house in every state, on one page, for those who build pages and those who judge them."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from yuanqing.shell import gallery_samples as samples
from yuanqing.shell.record import Stage


class SampleForm(forms.Form):
    """A form with one field of each kind."""

    unit = forms.ChoiceField(label="报送单位", choices=[("", "请选择"), *((u, u) for u in samples.UNITS)])
    happened_on = forms.DateField(label="发生日期", widget=forms.DateInput(attrs={"type": "date"}))
    people = forms.IntegerField(label="涉及人数", min_value=0, help_text="按人次计，一人多次算多次。")
    facts = forms.CharField(
        label="基本事实", widget=forms.Textarea(attrs={"rows": 4}), help_text="只写事实，不写姓名。"
    )
    route = forms.ChoiceField(
        label="处理方式", choices=[("a", "批评帮助"), ("b", "立案审查")], widget=forms.RadioSelect
    )
    nil = forms.BooleanField(label="本月没有问题，由负责人签字确认", required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    listing = samples.SampleListing(request, None)  # type: ignore[arg-type]
    return listing.respond("shell/gallery.html", _context())


def _context() -> dict[str, object]:
    today = timezone.localdate()
    wrong = SampleForm(
        {"people": "三", "facts": "在外出调研期间接受管理服务对象安排的餐饮。", "unit": samples.UNITS[2]}
    )
    return {
        "charts": samples.sample_charts(),
        "grid": samples.sample_grid(),
        "stages": samples.stages(),
        "wizard": [
            Stage("下载模板", "done"),
            Stage("上传文件", "done"),
            Stage("核对", "current", "3 处要改"),
            Stage("确认导入", "todo"),
        ],
        "buttons": samples.buttons(),
        "events": samples.events(),
        "tree": samples.tree(),
        "form": SampleForm(),
        "wrong": wrong,
        "tones": (("grey", "草稿"), ("accent", "审核中"), ("amber", "退回"), ("red", "逾期"), ("green", "已接收")),
        "tabs": [
            {"label": "月报", "href": "#navigation", "current": True, "count": 62},
            {"label": "考评", "href": "#navigation", "count": None},
            {"label": "通报", "href": "#navigation", "count": 3},
        ],
        "overdue": today - timedelta(days=4),
        "soon": today + timedelta(days=2),
        "later": today + timedelta(days=18),
        "past": [5, 7, 6, 9, 8, 4, 6, 7, 3, 5, 4, 3],
        "legend": (("done", "按时"), ("late", "迟报"), ("missing", "未报"), ("nil", "零报告"), ("soon", "还没到期")),
        "now": timezone.now(),
    }
