import itertools

import pytest

from maillage.networks.models import Network
from maillage.search import actions
from maillage.search.registry import SearchDocument


@pytest.fixture
def network(db):
    return Network.objects.create(name="Occitanie", slug="occitanie")


@pytest.fixture
def other_network(db):
    return Network.objects.create(name="Hauts-de-France", slug="hauts-de-france", host="hdf.example")


@pytest.fixture
def make(network):
    """`make("Musée Fenaille", text="…")`: an indexed document; returns its object id."""
    numbers = itertools.count(1)

    def index(title, **fields):
        number = fields.pop("object_id", None) or next(numbers)
        values = {"kind": "actor", "network_id": network.pk, "url": f"/acteurs/{number}/"} | fields
        actions.index([SearchDocument(object_id=number, title=title, **values)])
        return number

    return index


@pytest.fixture
def titles(network):
    """`titles("musée")`: titles of the hits, in order."""
    from maillage.search.queries import search

    def find(text, **options):
        network.refresh_from_db()
        return [hit.title for hit in search(network, text, **options).hits]

    return find
