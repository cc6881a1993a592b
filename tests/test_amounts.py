from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess_xlsx.amounts import Exact, cents, exact, half_up, plain, two_places


@pytest.mark.parametrize(
    ("points", "amount"),
    [("0.125", 13), ("1.005", 101), ("2.675", 268), ("-0.125", -13), ("0.124", 12), ("3", 300), ("0", 0)],
)
def test_points_are_rounded_half_up(points, amount):
    """K11: the half goes up, and no binary error moves it."""
    assert cents(Decimal(points)) == amount


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_half_up_is_the_nearest_whole_number(numerator, denominator):
    rounded = half_up(numerator, denominator)
    off = Fraction(numerator, denominator) - rounded
    assert Fraction(-1, 2) <= off < Fraction(1, 2)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**9)), min_size=1))
def test_half_up_is_the_same_for_columns(pairs):
    frame = pd.DataFrame(pairs, columns=["part", "whole"])
    assert half_up(300 * frame["part"], frame["whole"]).tolist() == [half_up(300 * a, b) for a, b in pairs]


def test_exact_reads_what_the_cell_shows():
    assert exact(0.1 + 0.2) == Decimal("0.3")
    assert exact(3) == 3


@pytest.mark.parametrize(("amount", "shown"), [(270, "2.70"), (-50, "-0.50"), (0, "0.00"), (1871, "18.71")])
def test_two_places(amount, shown):
    assert two_places(amount) == shown


@pytest.mark.parametrize(("amount", "shown"), [(300, "3"), (-50, "-0.5"), (125, "1.25"), (5, "0.05")])
def test_plain(amount, shown):
    assert plain(amount) == shown


@pytest.mark.parametrize(
    ("amount", "part", "whole", "cents"),
    [
        (300, 18, 20, 270),
        (-500, 1, 6, -83),
        (1, 1, 2, 1),
        (1, -1, 2, -1),
        (-1, -1, 2, 1),
        (999_999, 10**15 - 1, 10**15, 999_999),
        (1000, 10**27, 3 * 10**27, 333),
    ],
)
def test_an_exact_amount_is_rounded_once_away_from_zero(amount, part, whole, cents):
    columns = [np.array([number], dtype=np.int64 if number < 2**63 else object) for number in (part, whole)]
    rounded = Exact(*columns, amount).rounded()
    assert rounded.dtype == np.int64
    assert rounded.tolist() == [cents]


def test_an_exact_amount_may_be_another_where_nothing_applies():
    amounts = Exact(np.array([1, 1]), 3, 1000).where(np.array([True, False]), -250)
    assert amounts.rounded().tolist() == [333, -250]
