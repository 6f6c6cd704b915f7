"""The gallery shows every component in both densities."""

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("density", ["", "?densite=travail"])
def test_the_gallery_draws_in_both_densities(client, density):
    answer = client.get(f"/style/{density}")
    assert answer.status_code == 200
    assert "<c-" not in answer.content.decode()
