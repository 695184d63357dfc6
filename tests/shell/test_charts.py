"""Pictures: what the browser draws and the table beside it hold the same numbers."""

from yuanqing.shell import charts
from yuanqing.shell.charts import Branch, HeatCell, Interval


def test_zero_is_always_the_palest_and_the_largest_always_the_deepest():
    assert [charts.shade(v, 6) for v in (0, 1, 2, 3, 4, 5, 6)] == [0, 1, 2, 2, 3, 3, 4]
    assert charts.shade(0, 0) == 0


def test_a_heat_map_keeps_gaps_apart_from_zeros():
    chart = charts.heat_map("谁少", ["甲", "乙"], ["1月", "2月"], [[4, None], [0, 2]], corner="单位", links=["/a/"])
    assert [[c.level for c in line["cells"]] for line in chart.extra["lines"]] == [["4", "none"], ["0", "2"]]
    assert chart.payload["points"] == [[0, 0, 4], [0, 1, 0], [1, 1, 2]]
    assert chart.rows == (("甲", 4, None), ("乙", 0, 2))
    assert [line["href"] for line in chart.extra["lines"]] == ["/a/", ""]


def test_a_cell_may_state_a_level_of_its_own():
    chart = charts.heat_map("谁没报", ["甲"], ["1月"], [[HeatCell(None, "late", "迟", "/r/")]])
    assert chart.extra["lines"][0]["cells"][0].text == "迟"
    assert chart.payload["points"] == []


def test_last_year_is_a_pale_second_line_and_a_second_column():
    chart = charts.trend("少了吗", ["1月", "2月"], [3, 1], last_year=[5], names=("今年", "去年"), corner="月份")
    assert [s["pale"] for s in chart.data["series"]] == [False, True]
    assert chart.columns == ("月份", "今年", "去年")
    assert chart.rows == (("1月", 3, 5), ("2月", 1, None))


def test_without_last_year_there_is_one_line():
    assert len(charts.trend("少了吗", ["1月"], [3]).data["series"]) == 1


def test_a_ranking_shows_its_intervals_in_the_table():
    chart = charts.dot_interval(
        "真的吗", [Interval("甲", 82, 31, 160, "/u/")], names=("单位", "率", "下", "上"), reference=45
    )
    assert chart.rows == (("甲", 82, 31, 160),)
    assert chart.data["reference"] == 45


def test_bars_have_one_column_per_series():
    chart = charts.bars("哪类多", ["吃喝", "礼品"], [("本月", [6, 4]), ("上月", [5, 6])], corner="类型")
    assert chart.rows == (("吃喝", 6, 5), ("礼品", 4, 6))


def test_small_multiples_share_one_scale():
    assert charts.small_multiples("样子", ["1月", "2月"], [("甲", [1, 9]), ("乙", [None, 2])]).data["top"] == 9


def test_a_tree_is_indented_in_its_table():
    chart = charts.tree("在哪", Branch("集团", 3, children=(Branch("甲", 2), Branch("乙", 1))), names=("单位", "数"))
    assert chart.rows == (("集团", 3), ("\u3000甲", 2), ("\u3000乙", 1))
    assert chart.data["root"]["children"][1]["name"] == "乙"


def test_a_long_map_is_drawn_taller():
    rows = [f"单位{i}" for i in range(13)]
    assert charts.heat_map("谁", rows, ["1月"], [[1]] * 13).size == "tall"


def test_a_sparkline_starts_at_zero_and_leaves_gaps_out():
    line = charts.sparkline([0, None, 4], width=106, height=26)
    assert line["points"] == "3.0,23.0 103.0,3.0"
    assert charts.sparkline([])["last"] is None
