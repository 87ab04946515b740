"""A row of signs hides no count, and tells nothing from little."""

from herodyno.render.pictures.rows import heat_strip, share_bar, sparkline
from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE


def test_a_count_above_zero_is_always_seen_and_zero_differs_from_a_gap() -> None:
    for signs in (UNICODE, ASCII_SIGNS):
        row = sparkline([0.0, None, 0.001, 999.0, 1.0], top=1000.0, signs=signs, borders={0, 1, 2})
        assert row == f"||{signs.levels[0]}{signs.levels[-1]}{signs.levels[0]}"
        assert sparkline([0.0, None], top=0.0, signs=signs) == f"{signs.zero} "
        assert len(set(heat_strip([0.0, None, 1.0, 5.0], top=5.0, signs=signs))) == 4


def test_a_bar_tells_none_from_little_and_nearly_all_from_all() -> None:
    assert [share_bar(share, 10, "#") for share in (None, 0.0, 0.001, 0.5, 0.999, 1.0)] == [
        "", "", "#", "#####", "#########", "##########",
    ]  # fmt: skip
    assert share_bar(0.5, 0, "#") == ""
