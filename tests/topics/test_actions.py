"""The shipped vocabularies and the terms added to them."""

import pytest

from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.topics.actions import add_shared_term, load_defaults
from maillage.topics.enums import Vocabulary
from maillage.topics.models import Term

SYSTEM = Viewer.as_system(None, "tests")


def test_every_vocabulary_is_seeded(db):
    load_defaults(by=SYSTEM)
    assert set(Term.objects.order_by().values_list("vocabulary", flat=True).distinct()) == set(Vocabulary.values)


def test_loading_again_adds_nothing_and_keeps_what_was_edited(db):
    load_defaults(by=SYSTEM)
    term = Term.objects.of(Vocabulary.FAMILY).first()
    term.label = "Muséum"
    term.save()
    assert load_defaults(by=SYSTEM) == 0
    term.refresh_from_db()
    assert term.label == "Muséum"


def test_no_two_families_share_both_hue_and_shape(db):
    load_defaults(by=SYSTEM)
    marks = list(Term.objects.of(Vocabulary.FAMILY).values_list("hue", "shape"))
    assert len(set(marks)) == len(marks)


def test_a_shared_term_comes_last(db):
    load_defaults(by=SYSTEM)
    term = add_shared_term(by=SYSTEM, vocabulary=Vocabulary.THEME, label="Volcanologie", hue=3)
    assert Term.objects.of(Vocabulary.THEME).last() == term


def test_a_term_that_reads_like_another_is_refused(db):
    add_shared_term(by=SYSTEM, vocabulary=Vocabulary.THEME, label="Énergie")
    with pytest.raises(Conflict):
        add_shared_term(by=SYSTEM, vocabulary=Vocabulary.THEME, label="energie")


@pytest.mark.parametrize("act", [load_defaults, lambda by: add_shared_term(by=by, vocabulary="theme", label="X")])
def test_only_the_platform_changes_shared_vocabularies(db, act):
    with pytest.raises(Refused):
        act(by=Viewer())
