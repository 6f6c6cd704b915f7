"""What a page says that it showed: what changed, what moved, whatever the page sends back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.errors import Conflict
from maillage.core.seen import changed, mark, marks, moved, read, require_unmoved

VALUES = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True),
    st.one_of(st.none(), st.text(), st.integers(), st.booleans()),
)


@given(VALUES)
def test_a_page_sent_back_untouched_changes_nothing(held):
    assert changed(held, read(marks(held))) == {}


@given(VALUES, VALUES, st.text())
def test_what_moved_is_told_unless_it_moved_to_what_is_wanted(held, wanted, sent):
    wanted = {name: value for name, value in wanted.items() if name in held}
    told = moved(held, wanted, read(sent))
    assert all(mark(held[name]) != mark(wanted[name]) for name in told)
    assert moved(held, wanted, read(marks(held))) == []


def test_lists_count_for_what_they_hold_and_texts_whatever_their_line_ends():
    assert mark([3, 1]) == mark([1, 3]) != mark([1])
    assert mark("un\r\ndeux ") == mark("un\ndeux")
    assert mark(None) == mark("")


def test_a_program_that_saw_nothing_is_not_asked():
    require_unmoved({"name": "Avant"}, {"name": "Après"}, None)
    with pytest.raises(Conflict):
        require_unmoved({"name": "Avant"}, {"name": "Après"}, {})


def test_every_mark_of_the_longest_form_is_read_back():
    """One more field than Django takes in a form: a vocabulary has two for each of its words."""
    held = {f"hidden-{number:09}": False for number in range(1001)}
    assert read(marks(held)) == {name: mark(False) for name in held}
