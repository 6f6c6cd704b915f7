"""What pages cost in queries, stated here: the same with 1, 3 and 1,400 actors, or less."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Role, User
from maillage.core.viewer import RoleKind
from tests.factories.directory import make_network, many_actors

TOTALS = (1, 3, 1400)
LIST = reverse("directory:actor_list")
PUBLIC = {
    # The network, the actors of the page with their family and place.
    LIST: (2, 2, 2),
    f"{LIST}?famille=musee&theme=astronomie&tri=recent": (2, 2, 2),
    # And what base map there is.
    f"{LIST}?vue=carte": (4, 4, 4),
    # The network, the points shown one by one: none when all are in groups.
    reverse("directory:actor_points"): (2, 2, 1),
    # The network, the actor, its terms, its zone, its neighbours, its branches, its outline on a map; with others,
    # their cards; what it looks for and proposes; its dates to come; what it shares; the texts it signs; where it is heard on
    # the radio; the communities where it is placed.
    reverse("directory:actor_show", args=["musee-00000"]): (12, 13, 13),
    # The network, the count, the hits; what answers widely is ranked on titles, then filled up; themes and départements
    # that the facets name.
    reverse("search:results") + "?q=musee": (8, 8, 9),
    # The network, the titles that begin so, the hits; the words when titles are not enough.
    reverse("search:suggestions") + "?q=mus": (5, 5, 3),
    # The network, the ids of the page, the actors, their terms, when each changed.
    "/api/v1/actors": (5, 5, 5),
}
# The session, the person and its roles; the actors, their terms, listings and circles; the saved views; the
# notices and how many are unread; what waits for the team, said in the menu.
TEAM = {reverse("directory:actor_table"): (12, 12, 12)}


@pytest.mark.django_db(transaction=True)  # Inside a transaction, what the process keeps would be read again each time.
def test_pages_cost_the_same_queries_whatever_the_number_of_actors(client, count_queries):
    network = make_network(host="testserver")
    user = User.objects.create_user("a@exemple.test", name="Camille Rey")
    Role.objects.create(user=user, network=network, kind=RoleKind.ANIMATOR)
    team = Client()
    team.force_login(user)
    costs = {url: [] for url in PUBLIC | TEAM}
    for total in TOTALS:
        many_actors(network, total, findable=True)
        for reader, pages in ((client, PUBLIC), (team, TEAM)):
            for url in pages:
                assert reader.get(url).status_code == 200  # What the process keeps is read at the first page.
                costs[url].append(count_queries(lambda reader=reader, url=url: reader.get(url)))
    assert {url: tuple(cost) for url, cost in costs.items()} == PUBLIC | TEAM
