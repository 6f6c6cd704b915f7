"""What makes two records alike, and what its explanation says."""

import subprocess
import sys
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.linkage.enums import Verdict
from maillage.linkage.queries.candidates import PER_RECORD, Candidates
from maillage.linkage.queries.comparing import FEATURES, NAMES, features, is_branch
from maillage.linkage.queries.index import Index
from maillage.linkage.queries.model import Model, fit, probability, shipped
from maillage.linkage.queries.records import Profile, Rarity, Record
from maillage.linkage.queries.reviewing import DEFAULT
from tests.support.shared import ROOT

_LIST = [
    Record("a", "Musée Saint-Marc", city="Souvigny", postal_code="03210", phones=("04 70 43 99 75",)),
    Record("b", "Musée municipal", city="Saint-Ouen", postal_code="93400", websites=("saint-ouen.fr/musee",)),
    Record("c", "Musée municipal", city="Vendôme", postal_code="41100", websites=("vendome.fr/musee",)),
    Record("d", "Médiathèque municipale", city="Vendôme", postal_code="41100", phones=("02 54 00 00 00",)),
    Record("e", "Les Petits Débrouillards", city="Montpellier", postal_code="34000", emails=("a@debrouillards.fr",)),
    Record("f", "Université Paris 8", city="Saint-Denis", postal_code="93200"),
    Record("g", "Université Paris 13", city="Villetaneuse", postal_code="93430"),
    Record("h", "Muséum d'histoire naturelle", city="Nîmes", latitude=43.838, longitude=4.361),
]


@cache
def index() -> Index:
    return Index(_LIST)


def score(one: Record, other: Record) -> float:
    return index().model.score(Profile.of(one), Profile.of(other), index().rarity)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_LIST[0], Record("x", "MUSEE ST-MARC", city="SOUVIGNY CEDEX", postal_code="03211", phones=("+33470439975",))),
        (_LIST[0], Record("x", "Musée laint-Marc", city="Souvigny", postal_code="03210")),
        (_LIST[0], Record("x", "MSM", city="Souvigny", postal_code="03210", phones=("0470439975",))),
        (_LIST[4], Record("x", "Association Petits debrouillards", city="Montpellier", postal_code="34000")),
        (_LIST[4], Record("x", "Débrouillards, les petits", emails=("a@debrouillards.fr",))),
        (_LIST[1], Record("x", "Musée municipal de Saint-Ouen", postal_code="93400")),
    ],
)
def test_the_same_actor_written_otherwise_is_recognised(one, other):
    assert score(one, other) > 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_LIST[1], _LIST[2]),
        (_LIST[2], _LIST[3]),
        (_LIST[5], _LIST[6]),
        (_LIST[7], Record("x", "Muséum d'histoire naturelle", city="Toulouse", latitude=43.594, longitude=1.449)),
    ],
)
def test_namesakes_and_neighbours_are_not(one, other):
    assert score(one, other) < 0.5


def test_an_identifier_decides():
    one = Record("x", "Le Lieu", identifiers=frozenset({("rna", "W341000001")}))
    other = Record("y", "Cap Sciences", identifiers=frozenset({("rna", "W341000001")}))
    assert score(one, other) > DEFAULT.certain
    assert score(one, replace(one, key="z", identifiers=frozenset({("rna", "W341000002")}))) < 0.5


def test_two_establishments_of_one_legal_entity_are_branches():
    one = Profile.of(
        Record("x", "Le Lieu", identifiers=frozenset({("siren", "732829320"), ("siret", "73282932000074")}))
    )
    other = Profile.of(Record("y", "Le Lieu", identifiers=frozenset({("siret", "73282932000082")})))
    assert is_branch(one, other)
    assert not is_branch(one, one)
    assert not is_branch(one, Profile.of(Record("z", "Le Lieu", identifiers=frozenset({("siren", "732829320")}))))
    assert DEFAULT.verdict(0.99, branch=True) == Verdict.BRANCH


def test_a_rare_word_tells_more_than_a_common_one():
    rarity = index().rarity
    assert rarity.weight("debrouillards") > rarity.weight("musee")


def test_a_record_being_typed_finds_its_like():
    found = index().find(Record(None, "Petits debrouillards", city="montpellier"))
    assert [each.record.key for each in found][:1] == ["e"]
    assert found[0].score > 0.5
    assert index().find(Record(None, "Club d'échecs de Rodez")) == []


def test_a_record_does_not_find_itself():
    assert "a" not in [each.record.key for each in index().find(_LIST[0])]


def test_numpy_and_scipy_wait_for_their_use():
    asked = "import sys, maillage.linkage.queries.index; print({'numpy', 'scipy'} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_two_records_of_one_key_are_refused():
    with pytest.raises(ValueError, match="same key"):
        Index([_LIST[0], _LIST[0]])


def test_the_explanation_names_the_words_and_their_counts():
    told = index().explain(_LIST[0], Record("x", "Musée Saint-Marc", city="Souvigny"))
    words = next(part.values for part in told.parts if part.feature == "name_rarity")
    assert ("marc", "marc", 1) in words
    assert ("musee", "musee", 3) in words


def test_shipped_weights_have_the_sign_of_their_feature():
    assert all(weight * FEATURES[name] >= 0 for name, weight in zip(NAMES, shipped().weights, strict=True))


def test_weights_are_kept_as_json_and_an_unknown_feature_weighs_nothing():
    assert Model.from_json(shipped().as_json()) == shipped()
    assert Model.from_json({"intercept": 1, "weights": {}}).weights == (0.0,) * len(NAMES)


def test_nothing_reviewed_leaves_the_weights_as_they_were():
    learnt = fit([], [], prior=shipped())
    assert learnt.weights == pytest.approx(shipped().weights)
    assert learnt.intercept == pytest.approx(shipped().intercept)


def test_learning_moves_towards_what_was_reviewed():
    row = list(features(Profile.of(_LIST[1]), Profile.of(_LIST[2]), index().rarity).values())
    before = shipped().scores([row])[0]
    assert fit([row] * 20, [True] * 20, prior=shipped()).scores([row])[0] > before
    assert fit([row] * 20, [False] * 20, prior=shipped()).scores([row])[0] < before


def test_truths_and_rows_go_together():
    with pytest.raises(ValueError, match="as many truths"):
        fit([[0.0] * len(NAMES)], [True, False], prior=shipped())


_WORDS = st.sampled_from(
    [
        "musée",
        "muséum",
        "saint-marc",
        "MSM",
        "histoire",
        "naturelle",
        "Paris",
        "8",
        "13",
        "III",
        "de",
        "la",
        "l'",
        "Association",
        "BEAUX",
        "arts",
        "nîmes",
    ]
)
_NAMES = st.lists(_WORDS, min_size=1, max_size=5).map(" ".join)
_PLACES = st.sampled_from(["", "Nîmes", "NIMES CEDEX", "Paris 6e", "Souvigny"])
_RECORDS = st.builds(
    Record,
    key=st.integers(0, 10**9),
    name=_NAMES | st.text(max_size=20),
    acronym=st.sampled_from(["", "MSM", "MHN"]),
    address=st.sampled_from(["", "3 rue Foch", "12 bd Foch", "place d'Armes"]),
    city=_PLACES,
    postal_code=st.sampled_from(["", "30000", "75006", "03210"]),
    phones=st.sampled_from([(), ("0467000001",), ("0467000002", "0467000001")]),
    emails=st.sampled_from([(), ("a@musee.fr",), ("a@gmail.com",)]),
    websites=st.sampled_from([(), ("musee.fr",), ("musee.fr/saint-marc", "facebook.com/msm")]),
    latitude=st.just(43.8),
    longitude=st.floats(4, 5),
    identifiers=st.sampled_from([frozenset(), frozenset({("rna", "W1")}), frozenset({("rna", "W2"), ("uai", "U")})]),
)


@given(_RECORDS, _RECORDS)
def test_the_score_is_symmetric(one, other):
    assert score(one, other) == score(other, one)


@given(_RECORDS, _RECORDS)
def test_features_are_bounded_and_of_the_same_names(one, other):
    values = features(Profile.of(one), Profile.of(other), index().rarity)
    assert tuple(values) == NAMES
    assert all(0 <= value <= 1.5 for value in values.values())


@given(_RECORDS, _RECORDS)
def test_nothing_is_liker_than_itself_where_acronyms_do_not_speak(one, other):
    one, other = replace(one, acronym=""), replace(other, acronym="")
    alike = features(Profile.of(one), Profile.of(other), index().rarity)
    if not alike["acronym"] and not alike["host_named"]:
        assert score(one, replace(one, key="x")) >= score(one, other) - 1e-9


_EMPTIED = {
    "phone": {"phones": ()},
    "mailbox": {"emails": ()},
    "page": {"websites": ()},
    "street": {"address": ""},
    "number_other": {"address": ""},
    "near": {"latitude": None, "longitude": None},
    "far": {"latitude": None, "longitude": None},
    "postal": {"postal_code": ""},
    "department": {"postal_code": ""},
    "identifier": {"identifiers": frozenset()},
}


@given(_RECORDS, _RECORDS, st.sampled_from(sorted(_EMPTIED)))
def test_what_is_missing_is_neutral(one, other, feature):
    """Whatever the other says of a field, the score is the same when this one says nothing of it."""
    silent = replace(one, **_EMPTIED[feature])
    values = features(Profile.of(silent), Profile.of(other), index().rarity)
    assert {value for name, value in values.items() if name.startswith(feature)} == {0.0}


@given(_RECORDS, _RECORDS)
def test_the_parts_of_an_explanation_add_up(one, other):
    told = index().explain(one, other)
    assert told.intercept + sum(part.contribution for part in told.parts) == pytest.approx(told.log_odds)
    assert probability(told.log_odds) == pytest.approx(score(one, other))


_LISTS = st.lists(_RECORDS, min_size=1, max_size=12, unique_by=lambda record: record.key)


@given(_LISTS, st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_no_candidate(records, chance):
    def found(listed: list[Record]) -> set[frozenset[object]]:
        pairs = Candidates([Profile.of(record) for record in listed]).pairs(top=3)
        return {frozenset((listed[one].key, listed[other].key)) for one, other in pairs}

    mixed = list(records)
    chance.shuffle(mixed)
    assert found(records) == found(mixed)


def test_candidates_are_no_more_than_allowed_when_all_are_alike():
    records = [Record(number, "Musée municipal", city="Nîmes") for number in range(60)]
    assert len(Candidates([Profile.of(record) for record in records]).pairs()) <= PER_RECORD * len(records)


@given(_LISTS)
def test_rarity_falls_as_a_word_spreads(records):
    rarity = Rarity([Profile.of(record) for record in records])
    ordered = sorted(rarity.words, key=lambda word: rarity.words[word])
    weights = [rarity.weight(word) for word in ordered]
    assert weights == sorted(weights, reverse=True)


def test_two_communes_of_unlike_codes_are_two_whatever_their_names():
    def at(key, city, code):
        return Profile.of(Record(key, "Accueil de loisirs", city=city, place_code=code))

    one, other, again = (
        at(1, "Lescure-d'Albigeois", "81144"),
        at(2, "Valence-d'Albigeois", "81308"),
        at(3, "Lescure", "81144"),
    )
    rarity = Rarity([one, other, again])
    assert (features(one, other, rarity)["place_same"], features(one, other, rarity)["place_other"]) == (0.0, 1.0)
    assert features(one, again, rarity)["place_same"] == 1.0
