"""France as it is drawn from what is shipped."""

import json

from maillage.territories.queries import contours_url
from tests.factories.directory import make_network


def test_france_is_drawn_without_official_contours(france, client, db):
    make_network(host="testserver")
    answer = client.get(contours_url("department", "region-76"))
    drawn = json.loads(answer.content)
    assert len(drawn["features"]) == 13
    assert len(json.dumps(drawn["features"])) < 40_000
    assert len(drawn["towns"]) == 4446
    assert drawn["towns"][0][0] == "Toulouse"
    assert len(answer.content) < 150_000
