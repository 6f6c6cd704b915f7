"""The index in memory answers as the database would, whatever happened in between."""

import sys
import threading
from collections import defaultdict

import pytest
from django.db import OperationalError, connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.core.geo import distance_km
from maillage.core.viewer import Viewer
from maillage.directory import actions
from maillage.directory.models import Actor
from maillage.directory.queries import bits
from maillage.directory.queries.filters import Filters, select
from maillage.directory.queries.index import ActorIndex, index_for
from maillage.networks.models import Network
from tests.factories.directory import make_actor, make_commune, make_network, make_term, many_actors

COMMUNES = [
    ("34172", "Montpellier", (43.6109, 3.8761)),
    ("30189", "Nîmes", (43.8367, 4.3601)),
    ("31555", "Toulouse", (43.6045, 1.444)),
]


@given(st.sets(st.integers(0, 300)), st.sets(st.integers(0, 300)))
def test_bits_are_sets(one, other):
    size = 301
    masks = bits.of(one, size), bits.of(other, size)
    assert set(bits.members(masks[0] & masks[1], size)) == one & other
    assert set(bits.members(masks[0] | masks[1], size)) == one | other
    assert (masks[0] & ~masks[1]).bit_count() == len(one - other)


def selection(network, query, work=False):
    network.refresh_from_db()
    return select(Filters.from_params(QueryDict(query), network, work=work))


def facet(found, name):
    return {value.value: value.count for item in found.facets if item.name == name for value in item.values}


@pytest.fixture
def world(db):
    network = make_network()
    museum, library = make_term("family", "musee"), make_term("family", "bibliotheque")
    sky, sea = make_term("theme", "ciel"), make_term("theme", "mer")
    places = [make_commune(*place) for place in COMMUNES]
    make_actor(network, "Planétarium", family=museum, terms=[sky], commune=places[0])
    make_actor(network, "Aquarium", family=museum, terms=[sea, sky], commune=places[0])
    make_actor(network, "Médiathèque", family=library, terms=[sea], commune=places[1])
    make_actor(network, "Brouillon", family=library, state="draft", commune=places[2])
    return network


def names(network, query, **options):
    found = selection(network, query, **options)
    by_id = Actor.objects.in_bulk()
    return [by_id[pk].name for pk in found.page_ids(0, 100)]


def test_public_lists_hold_only_what_is_published(world):
    assert names(world, "") == ["Aquarium", "Médiathèque", "Planétarium"]
    assert names(world, "", work=True) == ["Aquarium", "Brouillon", "Médiathèque", "Planétarium"]


def test_values_of_a_facet_add_up_and_facets_narrow(world):
    assert names(world, "theme=ciel&theme=mer") == ["Aquarium", "Médiathèque", "Planétarium"]
    assert names(world, "theme=mer&famille=musee") == ["Aquarium"]


def test_a_facet_counts_what_its_other_values_would_bring(world):
    found = selection(world, "famille=musee&theme=mer")
    assert found.count == 1
    assert facet(found, "famille") == {"musee": 1, "bibliotheque": 1}
    assert facet(found, "theme") == {"ciel": 2, "mer": 1}


def test_communes_open_step_by_step(world):
    assert facet(selection(world, ""), "departement") == {"30": 1, "34": 2}
    assert facet(selection(world, ""), "epci") == {}
    assert facet(selection(world, "departement=34&departement=30"), "epci") == {"200000030": 1, "200000034": 2}


def test_nearest_come_first_within_the_radius(world):
    assert names(world, "pres=30189&rayon=100") == ["Médiathèque", "Aquarium", "Planétarium"]
    assert names(world, "pres=30189&rayon=20") == ["Médiathèque"]
    assert names(world, "pres=43.6045,1.444&rayon=5", work=True) == ["Brouillon"]


def test_a_point_to_be_placed_by_hand_is_on_no_map(world):
    before = len(selection(world, "").points())
    make_actor(world, "Égaré", commune=make_commune(), latitude=48.85, longitude=2.35)
    found = selection(world, "")
    assert (found.count, len(found.points())) == (4, before)
    assert names(world, "pres=48.85,2.35&rayon=5") == []


def test_words_are_found_inside_names_without_accents(world):
    assert names(world, "q=mediatheque") == ["Médiathèque"]


@pytest.mark.parametrize("typed", ["Москва", "音楽", "!!!", "😀"])
def test_what_folds_to_no_word_does_not_find_everyone(world, typed):
    assert (names(world, f"q={typed}"), names(world, f"q={typed}", work=True)) == ([], [])
    make_actor(world, "Музей Москва 音楽")
    found = ["Музей Москва 音楽"] if typed[0].isalpha() else []
    assert names(world, f"q={typed}") == found


def test_circles_are_no_filter_of_the_public(world):
    actor = Actor.objects.get(name="Aquarium")
    actions.set_circle(by=Viewer.as_system(world, "essai"), actor=actor, circle=3)
    assert names(world, "cercle=3") == ["Aquarium", "Médiathèque", "Planétarium"]
    assert names(world, "cercle=3", work=True) == ["Aquarium"]
    assert "cercle" not in {item.name for item in selection(world, "cercle=3").facets}


@pytest.mark.parametrize(
    "query",
    [
        "famille=inconnue",
        "pres=99999",
        "pres=abc,def",
        "pres=95,200",
        "rayon=-1",
        "tri=password",
        "page=zz",
        "q=%00%00",
        "theme=" + "x" * 5000,
    ],
)
def test_unknown_parameters_are_ignored(world, query):
    assert selection(world, query).count == 3


VERBS = st.lists(
    st.tuples(
        st.sampled_from(["create", "rename", "family", "theme", "state", "archive", "move", "circle"]),
        st.integers(0, 5),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=12,
)


def summary(index):
    """What an index knows, by actor id."""
    dimensions = {*(dimension for dimension, _ in index.masks), *index.place_of}
    facts = defaultdict(set)
    for dimension in dimensions:
        for value in index.values_of(dimension):
            for ordinal in bits.members(index.mask(dimension, value), index.size):
                facts[index.ids[ordinal]].add((dimension, value))
    order = [index.ids[n] for n in index.by_name(index.listed)]
    points = {index.ids[n]: index.point(n) for n in order_of(index)}
    return facts, order, points, index.communes_of(index.listed)


def order_of(index):
    """Those found all around the Earth, whose points are then followed."""
    return bits.members(index.near(0.0, 0.0, 30_000, index.listed), index.size)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VERBS)
def test_an_index_kept_up_to_date_equals_one_built_anew(db, verbs):
    network = make_network()
    by = Viewer.as_system(network, "essai")
    families, themes = [make_term("family", f"f{n}") for n in range(3)], [make_term("theme", f"t{n}") for n in range(3)]
    places = [make_commune(*place) for place in COMMUNES]
    kept = ActorIndex(network.pk)
    actors = [make_actor(network, f"Acteur {n}") for n in range(2)]
    for verb, which, value in verbs:
        actor = Actor.objects.get(pk=actors[which % len(actors)].pk)
        if verb == "create":
            actors.append(make_actor(network, "ABC"[value] * 3, state=["draft", "published", "hidden"][value]))
        elif verb == "state":
            actions.set_state(by=by, actor=actor, state=["draft", "published", "hidden"][value])
        elif verb == "archive":
            (actions.unarchive if actor.archived_at else actions.archive)(
                by=by, actor=actor, **({} if actor.archived_at else {"reason": "x"})
            )
        elif verb == "circle":
            actions.set_circle(by=by, actor=actor, circle=value + 1)
        else:
            values = {
                "rename": {"name": "XYZ"[value]},
                "family": {"family": families[value]},
                "theme": {"terms": themes[:value]},
                "move": {"commune": places[value]},
            }
            actions.update_actor(by=by, actor=actor, values=values[verb])
        kept.refresh(Network.objects.get(pk=network.pk).content_version)
    anew = ActorIndex(network.pk)
    anew.refresh(Network.objects.get(pk=network.pk).content_version)
    assert summary(kept) == summary(anew)


def test_a_database_that_fails_while_the_index_is_read_leaves_it_able_to_go_on(world, monkeypatch):
    monkeypatch.setattr("maillage.directory.queries.index._CHUNK", 2)
    by, queries = Viewer.as_system(world, "essai"), 0
    kept, version = ActorIndex(world.pk), Network.objects.get(pk=world.pk).content_version

    def fail(execute, sql, params, many, context):
        nonlocal left
        left -= 1
        if left < 0:
            raise OperationalError("hors service")
        return execute(sql, params, many, context)

    for name in ("", "Aquarium neuf"):
        if name:
            make_actor(world, "Bathyscaphe", commune=make_commune())
            actions.update_actor(by=by, actor=Actor.objects.get(name="Aquarium"), values={"name": name})
            version = Network.objects.get(pk=world.pk).content_version
        for queries in range(15):
            left = queries
            try:
                with connection.execute_wrapper(fail):
                    kept.refresh(version)
            except OperationalError:
                continue
            break
        assert queries > 2
    anew = ActorIndex(world.pk)
    anew.refresh(version)
    assert summary(kept) == summary(anew)


@given(st.floats(-89, 89), st.floats(-179, 179), st.floats(0, 50), st.floats(0, 360))
def test_the_radius_misses_no_point_within_it(latitude, longitude, kilometres, bearing):
    from math import asin, atan2, cos, degrees, radians, sin

    phi, angle, turn = radians(latitude), kilometres / 6371.0088, radians(bearing)
    there = asin(sin(phi) * cos(angle) + cos(phi) * sin(angle) * cos(turn))
    east = radians(longitude) + atan2(sin(turn) * sin(angle) * cos(phi), cos(angle) - sin(phi) * sin(there))
    point = degrees(there), degrees(east)
    assert distance_km(latitude, longitude, *point) == pytest.approx(kilometres, abs=1e-6)
    index = ActorIndex(0)
    index._append(1)
    index._move({0: point})
    assert index.near(latitude, longitude, kilometres + 1e-6, 1) == 1


@pytest.mark.django_db(transaction=True)
def test_threads_read_the_index_while_another_takes_in_what_changed():
    """A process answers with several threads: none meets an actor that came after it began."""
    network = make_network()
    many_actors(network, 2000)
    index, commune, over, failed = index_for(network), make_commune(), threading.Event(), []

    def read(ask):
        while not over.is_set() and not failed:
            try:
                ask()
            except Exception as error:
                failed.append(repr(error))

    readings = [
        lambda: index.mask("commune", commune.pk),
        lambda: list(index.by_name(index.public)),
        lambda: index.near(43.5, 0.5, 400, index.public),
        lambda: index.values_of("commune"),
    ]
    threads = [threading.Thread(target=read, args=[ask]) for ask in readings]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for total in range(2001, 2016):
            many_actors(network, total)
            network.refresh_from_db()
            index_for(network)
    finally:
        over.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(before)
    assert (failed, index.size) == ([], 2015)
