"""Who could answer a need: offers, actors, reasons in words, what is set aside; and the gap table sums to its lists."""

from random import Random

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.core.errors import Refused
from maillage.core.viewer import RoleKind
from maillage.directory.actions import archive, set_state
from maillage.networks.queries import departments_of
from maillage.outreach.actions import needs as actions
from maillage.outreach.models import Need
from maillage.outreach.queries.gaps import Cell, gaps
from maillage.outreach.queries.matches import matches
from maillage.outreach.queries.needs import filters_of, needs
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network, make_term
from tests.factories.outreach import make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(network):
    return viewer(make_person(network, RoleKind.ANIMATOR), network)


@pytest.fixture
def water():
    return make_term(slug="eau", label="Eau")


def names(found):
    return [match.label for match in found]


def plain(reasons):
    return [reason.replace("\xa0", " ") for reason in reasons]


def test_offers_of_the_same_kind_come_first_the_nearest_and_the_most_alike_before(network, team, water):
    here, far = make_commune(), make_commune("31555", "Toulouse", (43.6045, 1.4440))
    near = make_commune("34301", "Sète", (43.4028, 3.6967))
    need = make_need(network, make_actor(network), territory=here, terms=[water])
    make_need(network, make_actor(network, "Loin", commune=far), side="offer")
    make_need(network, make_actor(network, "Près", commune=near), side="offer")
    make_need(network, make_actor(network, "Même", commune=near), side="offer", terms=[water])
    make_need(network, make_actor(network, "Autre nature"), side="offer", kind="venue")
    make_need(network, need.actor, side="offer")
    found = matches(team, need).said
    assert names(found) == ["Même", "Près", "Loin"]
    assert plain(found[0].reasons) == [
        "propose : intervention ou animation",
        "même thématique : Eau",
        "à 27 km",
        "mêmes mots : eau",
    ]
    assert found[0].distance == pytest.approx(27, abs=1)


def test_an_offer_of_the_same_kind_alone_does_not_answer(network, team, water, client):
    need = make_need(network, make_actor(network), title="Une conférence sur les abeilles", terms=[water])
    other = make_need(
        network, make_actor(network, "Étoiles"), side="offer", title="Conférence d'astronomie", kind="speaker"
    )
    make_need(network, make_actor(network, "Ruche"), side="offer", title="Intervention : la vie de l'abeille")
    make_need(network, make_actor(network, "Robots"), side="offer", title="Animer avec des robots")
    make_need(network, make_actor(network, "Rivière"), side="offer", title="Mesurer un débit", terms=[water])
    found = matches(team, need)
    assert sorted(names(found.said)) == ["Rivière", "Ruche"]
    assert sorted(names(found.alike)) == ["Robots", "Étoiles"]
    assert names(matches(team, other).alike) == [need.actor.name]
    client.force_login(team.user)
    page = client.get(need.get_absolute_url()).content.decode()
    assert page.index("Des offres qui répondent") < page.index("De même nature") < page.index("Robots")


def test_what_is_far_is_a_remark_and_no_reason(network, team, water):
    need = make_need(network, make_actor(network), territory=make_commune(), terms=[water])
    toulouse = make_commune("31555", "Toulouse", (43.6045, 1.4440))
    make_need(network, make_actor(network, "Loin", commune=toulouse), side="offer")
    (found,) = matches(team, need).said
    assert not any("km" in reason for reason in found.reasons)
    assert [each.replace("\xa0", " ") for each in found.remarks] == ["loin : 196 km"]


def test_actors_are_suggested_by_the_words_of_their_sheet_even_without_an_offer(network, team, water):
    audience = make_term("audience", "collegiens", label="Collégiens")
    need = make_need(network, make_actor(network, terms=[water]), terms=[water, audience])
    make_actor(network, "Les deux", terms=[water, audience])
    make_actor(network, "L'un", terms=[water])
    make_actor(network, "Rien")
    assert names(matches(team, need).suggested) == ["Les deux", "L'un"]
    assert plain(matches(team, need).suggested[0].reasons) == ["même thématique : Eau", "même public : Collégiens"]


def test_who_is_archived_hidden_or_elsewhere_is_never_proposed(network, team, water):
    need = make_need(network, terms=[water])
    gone, hidden = make_actor(network, "Parti", terms=[water]), make_actor(network, "Masqué", terms=[water])
    for actor in (gone, hidden):
        make_need(network, actor, side="offer")
    other = make_network()
    make_need(other, make_actor(other, terms=[water]), side="offer")
    archive(by=team, actor=gone, reason="fermé")
    set_state(by=team, actor=hidden, state="hidden")
    found = matches(team, need)
    assert (found.said, found.suggested) == ([], [])


def test_what_is_set_aside_does_not_come_back_and_goes_down_elsewhere(network, team, water):
    first, second = make_actor(network, "Alpha", terms=[water]), make_actor(network, "Bêta", terms=[water])
    need, other = make_need(network, terms=[water]), make_need(network, terms=[water], title="Un autre")
    venue = make_need(network, terms=[water], kind="venue")
    actions.dismiss_match(by=team, need=need, actor=first)
    mismatch = actions.dismiss_match(by=team, need=need, actor=first)
    assert names(matches(team, need).suggested) == ["Bêta"]
    assert names(matches(team, other).suggested) == ["Bêta", "Alpha"]
    assert "écarté pour un autre besoin de cette nature" in matches(team, other).suggested[1].reasons
    assert names(matches(team, venue).suggested) == ["Alpha", "Bêta"]
    actions.recall_match(by=team, mismatch=mismatch)
    assert names(matches(team, need).suggested) == ["Alpha", "Bêta"]
    actions.answer_need(by=team, need=other, answered_by=second)
    assert names(matches(team, need).suggested) == ["Bêta", "Alpha"]


def test_an_offer_heard_from_someone_without_a_sheet_is_set_aside_too(network, team):
    need = make_need(network)
    offer = make_need(network, side="offer", heard_from="Un retraité de la météo")
    assert names(matches(team, need).said) == ["Un retraité de la météo"]
    actions.dismiss_match(by=team, need=need, offer=offer)
    assert (matches(team, need).said, matches(team, offer).said) == ([], [])


def test_an_animator_of_elsewhere_sets_nothing_aside(network, water):
    gard = viewer(make_person(network, RoleKind.ANIMATOR, "30"), network)
    need = make_need(network, make_actor(network, commune=make_commune()))
    with pytest.raises(Refused):
        actions.dismiss_match(by=gard, need=need, actor=make_actor(network))


def test_matching_costs_the_same_with_one_and_with_many(network, team, water, count_queries):
    need = make_need(network, make_actor(network), territory=make_commune(), terms=[water])

    def add():
        actor = make_actor(network, commune=make_commune(), terms=[water])
        make_need(network, actor, side="offer", terms=[water])
        make_actor(network, commune=make_commune(), terms=[water])

    def read():
        matches(team, Need.objects.with_all().get(pk=need.pk))

    add()
    read()
    with_one = count_queries(read)
    add()
    add()
    assert count_queries(read) == with_one < 24


@pytest.mark.parametrize(
    ("pair", "said"), [((0, 0), "none"), ((2, 0), "unmet"), ((3, 1), "short"), ((1, 1), "even"), ((0, 2), "spare")]
)
def test_a_balance_is_said_in_words(pair, said):
    assert Cell(*pair).balance == said


_PLACES = st.sampled_from(["none", "department", "commune", "alone", "gard", "far"])
_DRAWN = st.lists(
    st.tuples(
        st.sampled_from(["need", "offer"]), st.sampled_from(["speaker", "venue"]), _PLACES, st.integers(0, 3),
        st.sampled_from(["open", "open", "answered"]),
    ),
    max_size=12,
)  # fmt: skip


@given(drawn=_DRAWN)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_cells_of_the_gap_table_are_what_their_lists_hold(network, team, drawn):
    """Whatever is open and wherever: each number of the table is the length of the list it leads to, and the rows sum to all."""
    Need.objects.all().delete()
    herault, gard = make_commune(), make_commune("30189", "Nîmes", (43.83, 4.36))
    alone = make_commune("34001", "Abeilhan")
    type(alone).objects.filter(pk=alone.pk).update(epci=None)
    far = make_commune("59350", "Lille", (50.6, 3.0))
    network.perimeter.set([herault.department, gard.department])
    places = {
        "none": None, "department": herault.department, "commune": herault, "alone": alone, "gard": gard, "far": far,
    }  # fmt: skip
    themes = [make_term(slug="eau"), make_term(slug="ciel")]
    for side, kind, place, number, state in drawn:
        terms = [term for rank, term in enumerate(themes) if number >> rank & 1]
        make_need(network, side=side, kind=kind, territory=places[place], terms=terms, state=state)
    codes = [each.code for each in departments_of(network)]

    def listed(side, query):
        return needs(team, filters_of(QueryDict(f"cote={side}&{query}")), codes).count()

    for by in ("kind", "theme"):
        for department in ("", "34"):
            table = gaps(team, by=by, department=department)
            for row in table.rows:
                for cell in [*row.cells, row.total]:
                    assert (cell.needs, cell.offers) == (listed("besoins", cell.query), listed("offres", cell.query))
                if by == "kind":
                    assert sum(cell.needs for cell in row.cells) == row.total.needs
            for cell in [*table.totals, table.total]:
                assert (cell.needs, cell.offers) == (listed("besoins", cell.query), listed("offres", cell.query))
    assert gaps(team).total.needs == sum(each[0] == "need" and each[4] == "open" for each in drawn)


def test_the_gap_table_costs_the_same_however_many_needs(network, team, count_queries):
    network.perimeter.set([make_commune().department])

    def add(number):
        random = Random(number)
        make_need(network, territory=make_commune(), kind=random.choice(["venue", "speaker"]), terms=[make_term()])

    add(1)
    gaps(team)
    with_one = count_queries(lambda: gaps(team, by="theme"))
    for number in range(4):
        add(number)
    assert count_queries(lambda: gaps(team, by="theme")) == with_one <= 8
