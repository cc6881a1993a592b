"""What reads as what: one table a fact kind."""

import datetime as dt

import pytest

from assess_xlsx.entries import Percentage, Refusal
from assess_xlsx.scheme.answer_kinds import Choice, Count, Number, Percent, Points, YesNo

AS_IS, NOTED = False, True
COUNT, RATE, AREA, JUDGED = Count("次"), Percent(), Number("平方米"), Points(200)
FURTHER, ENDLESS = Percent(15_000), Percent(Percent.unlimited)
SYSTEM = Choice(("有", "无"))


@pytest.mark.parametrize(
    ("kind", "raw", "value", "noted"),
    [
        (COUNT, 3.0, 3, AS_IS),
        (COUNT, 0, 0, AS_IS),
        (COUNT, "3", 3, NOTED),
        (COUNT, "３", 3, NOTED),
        (COUNT, "3次", 3, NOTED),
        (COUNT, " 3 件 ", 3, NOTED),
        (COUNT, "1,200", 1200, NOTED),
        (COUNT, "2.0", 2, NOTED),
        (COUNT, 2.9999999999999996, 3, AS_IS),
        (RATE, 0.95, 9500, AS_IS),
        (RATE, 1.0, 10_000, AS_IS),
        (RATE, 0, 0, AS_IS),
        (RATE, 95.0, 9500, NOTED),
        (RATE, "95%", 9500, NOTED),
        (RATE, "９５％", 9500, NOTED),
        (RATE, "95", 9500, NOTED),
        (RATE, "0.95%", 95, NOTED),
        (RATE, 0.699949, 6999, AS_IS),
        (RATE, 0.69995, 7000, AS_IS),
        (FURTHER, Percentage(1.5), 15_000, AS_IS),
        (FURTHER, 150, 15_000, NOTED),
        (FURTHER, 1.2, 120, NOTED),
        (FURTHER, Percentage(1.500049), 15_000, AS_IS),
        (ENDLESS, Percentage(1.2), 12_000, AS_IS),
        (ENDLESS, Percentage(95), 950_000, AS_IS),
        (ENDLESS, 9500, 950_000, NOTED),
        (ENDLESS, "120%", 12_000, NOTED),
        (AREA, 199.99, 199_990_000, AS_IS),
        (AREA, 199.9999999, 199_999_999, NOTED),
        (AREA, "120平方米", 120_000_000, NOTED),
        (AREA, "120㎡", 120_000_000, NOTED),
        (JUDGED, 1.5, 150, AS_IS),
        (JUDGED, "1.5分", 150, NOTED),
        (YesNo(), "是", 0, AS_IS),
        (YesNo(), "否", 1, AS_IS),
        (YesNo(), "√", 0, NOTED),
        (YesNo(), "✓", 0, NOTED),
        (YesNo(), "有", 0, NOTED),
        (YesNo(), "无", 1, NOTED),
        (YesNo(), "ｙ", 0, NOTED),
        (YesNo(), "N", 1, NOTED),
        (YesNo(), "对", 0, NOTED),
        (YesNo(), True, 0, NOTED),
        (YesNo(), " 是", 0, NOTED),
        (SYSTEM, "有", 0, AS_IS),
        (SYSTEM, "是", 0, NOTED),
        (SYSTEM, "没有", 1, NOTED),
    ],
)
def test_an_entry_that_can_only_mean_one_thing_is_read(kind, raw, value, noted):
    parsed = kind.parse(raw)
    assert (parsed.value, parsed.normalised) == (value, noted)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (COUNT, "三四次"),
        (COUNT, -1),
        (COUNT, 2.5),
        (COUNT, "2.5"),
        (COUNT, True),
        (COUNT, dt.date(2019, 1, 1)),
        (COUNT, dt.time(3)),
        (COUNT, 10**9),
        (COUNT, float("inf")),
        (COUNT, "3-4"),
        (COUNT, "1,2"),
        (Count("项", 1), 0),
        (RATE, 101.0),
        (RATE, -0.1),
        (RATE, "0.95"),
        (RATE, "1"),
        (RATE, "九成"),
        (AREA, -5),
        (AREA, "约120"),
        (JUDGED, 0),
        (JUDGED, 2),
        (JUDGED, 1.555),
        (YesNo(), "基本是"),
        (YesNo(), 1),
        (YesNo(), "1"),
        (SYSTEM, "部分有"),
    ],
)
def test_an_entry_that_could_mean_two_things_or_none_is_refused(kind, raw):
    with pytest.raises(Refusal):
        kind.parse(raw)


@pytest.mark.parametrize("kind", [COUNT, RATE, AREA, JUDGED, YesNo(), SYSTEM])
def test_what_is_written_reads_back_unchanged(kind):
    for value in kind.extremes():
        parsed = kind.parse(kind.entry(value))
        assert (parsed.value, parsed.normalised) == (value, AS_IS)
