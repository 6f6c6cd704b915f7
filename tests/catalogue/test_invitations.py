"""Whether an address has an account is told to nobody who types it."""

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from maillage.catalogue import actions
from tests.factories.catalogue import make_person


def test_who_was_invited_is_named_once_they_write_and_not_before(world):
    words = {"title": "Eau", "summary": ""}
    omar = make_person(world.network, "Omar Benali")
    collection = actions.create_collection(by=world.nadia, fields=words)
    client = Client(HTTP_HOST="testserver")
    client.force_login(world.nadia.user)
    edit = reverse("catalogue:collection_edit", args=[collection.pk])
    client.post(reverse("catalogue:collection_editor_add", args=[collection.pk]), {"email": omar.user.email})
    assert "Omar" not in client.get(edit).content.decode()
    actions.edit_collection(by=omar, collection=collection, fields=words)
    assert "Omar" in client.get(edit).content.decode()


def test_addresses_are_not_tried_one_after_another(world):
    cache.clear()
    collection = actions.create_collection(by=world.nadia, fields={"title": "Eau", "summary": ""})
    client = Client(HTTP_HOST="testserver")
    client.force_login(world.nadia.user)
    address = reverse("catalogue:collection_editor_add", args=[collection.pk])
    answers = [client.post(address, {"email": f"{rank}@exemple.test"}).status_code for rank in range(21)]
    assert answers[:20] == [302] * 20
    assert answers[20] == 429
