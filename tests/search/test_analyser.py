"""What the French analyser makes of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.search.engine.analyser import alternatives, folded_word, spelled, stem, stems


def stems_of(text):
    return stems(spelled(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'astronomie d’aujourd'hui", ["astronomie", "aujourdhui"]),
        ("qu'est-ce qu'un œuf", ["est", "ce", "un", "oeuf"]),
        ("jusqu'à Sète", ["a", "sete"]),
        ("C.N.R.S. et I.U.T", ["cnrs", "et", "iut"]),
        ("les animateur·rice·s et chercheur(e)s", ["les", "animateur", "et", "chercheur"]),
        ("Fab-Lab, fab lab et FabLab", ["fablab", "fablab", "et", "fablab"]),
        ("un tiers-lieux", ["un", "tierslieu"]),
        ("Saint-Gaudens 31800", ["saint", "gaudens", "31800"]),
        ("le conseil de prud'hommes", ["le", "conseil", "de", "prudhommes"]),
        ("ÉCOMUSÉE ÆGAGRE", ["ecomusee", "aegagre"]),
        ("Muséum\x00 \u202fd'histoire", ["museum", "histoire"]),
    ],
)
def test_text_is_cut_into_folded_words(text, words):
    assert [folded for _, folded in spelled(text)] == words


@pytest.mark.parametrize(
    "group",
    [
        ["boulanger", "boulangère", "boulangères"],
        ["conseiller", "conseillère"],
        ["médiateur", "médiatrice", "médiateurs", "médiatrices", "mediatrice"],
        ["animateur", "animatrice", "animation", "animations", "animée"],
        ["chercheur", "chercheuse", "chercheuses"],
        ["conférencier", "conférencière", "conférencières"],
        ["technicien", "technicienne"],
        ["musée", "musées", "MUSEE"],
        ["jeu", "jeux"],
        ["lieu", "lieux"],
        ["journal", "journaux"],
        ["château", "châteaux"],
        ["association", "associations", "asso"],
        ["environnement", "environnementale", "environnementaux"],
        ["université", "universités", "fac"],
        ["mathématiques", "maths"],
        ["médiathèque", "mediatheque", "médiathèques"],
        ["saint", "St", "sainte"],
    ],
)
def test_forms_of_one_word_have_one_stem(group):
    assert len({stem(folded_word(word)) for word in group}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("musée", "muse"), ("médiathèque", "médiation"), ("nature", "naturel"), ("bibliothèque", "bibliographie")],
)
def test_different_words_keep_different_stems(one, other):
    assert stem(folded_word(one)) != stem(folded_word(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bibliothécaires", "bibliothèque"), ("science", "scientifique"), ("astro", "astronome"), ("médiatrice", "médiation"),
        ("cinémathécaire", "cinémathèque"), ("géologues", "géologie"), ("technicienne", "technique"), ("potière", "poterie"),
        ("apicultrices", "apiculture"), ("pharmacien", "pharmacie"), ("brasseuse", "brasserie"), ("éleveuse", "élevage"),
    ],
)  # fmt: skip
def test_words_of_a_family_find_each_other(one, other):
    assert stem(folded_word(one)) in alternatives(folded_word(other))
    assert stem(folded_word(other)) in alternatives(folded_word(one))


@pytest.mark.parametrize(("one", "other"), [("acteur", "action"), ("secteur", "section"), ("moteur", "motion")])
def test_words_that_end_alike_are_no_family(one, other):
    assert stem(folded_word(one)) not in alternatives(folded_word(other))


def test_small_words_are_not_indexed():
    assert stems_of("la maison de la science pour tous et à tous") == stems_of("maison science tous tous")


@given(st.text(max_size=200))
def test_a_stem_is_plain_and_begins_with_a_letter(text):
    for each in stems_of(text):
        assert each[0] in "abcdefghijklmnopqrstuvwxyz"
        assert set(each) <= set("abcdefghijklmnopqrstuvwxyz0123456789")


@given(st.text(max_size=200))
def test_case_and_accents_change_nothing(text):
    plain = " ".join(folded for _, folded in spelled(text))
    assert stems(spelled(plain)) == stems_of(text) or "'" in text
