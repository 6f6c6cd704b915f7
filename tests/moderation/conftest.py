import pytest

from tests.factories.accounts import make_person, viewer
from tests.factories.agenda import make_event


@pytest.fixture
def author(network):
    return make_person(network, name="Léo Astier")


@pytest.fixture
def event(network, author):
    """Published by the team, written by a member."""
    made = make_event(network, "Nuit des étoiles", by=viewer(author, network), state="draft")
    type(made).objects.filter(pk=made.pk).update(state="published", published_at=made.created_at)
    made.refresh_from_db()
    return made
