"""Charts say the same as their table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.charts import Row, bar_chart, line_chart, round_ticks


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_bars_are_in_proportion_of_their_values(values):
    rows = bar_chart([Row(str(i), value) for i, value in enumerate(values)], name="x", title="x").rows
    largest, longest = max(values), max(row.width for row in rows)
    for row in rows:
        assert row.width == pytest.approx(row.value / largest * longest if largest else 0, abs=0.02)


@pytest.mark.parametrize("shown", ["7", "12 480 €", "41 % (14 sur 34)"])
def test_a_value_fits_beside_the_longest_bar_on_a_phone(shown):
    bar = bar_chart([Row("Musées", 9, shown=shown), Row("Parcs", 3)], name="x", title="x").rows[0]
    assert 30 <= bar.width <= 82
    assert 340 * bar.width / 100 + 8 + 8 * len(shown) <= 345


@given(st.floats(0.001, 1e9))
def test_graduations_are_regular_and_reach_the_largest_value(largest):
    ticks = round_ticks(largest)
    assert ticks[0] == 0
    assert ticks[-1] >= largest * (1 - 1e-9)
    assert len(ticks) <= 6


def test_a_line_stays_inside_its_frame():
    chart = line_chart([Row(str(year), year % 7 * 30) for year in range(2015, 2027)], name="x", title="x")
    assert all(0 <= row.x <= 100 and 0 <= row.y <= chart.height for row in chart.rows)
    assert len(chart.segments) == 11


def test_a_chart_without_rows_draws_nothing():
    assert bar_chart([], name="x", title="x").rows == []
    assert line_chart([], name="x", title="x").segments == ()
