"""What may be sent without end is bounded, and the sentence stands beside the field."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from maillage.catalogue import actions
from maillage.catalogue.actions import collecting, filing, lending
from maillage.catalogue.models import Closure, CollectionItem, Photo
from tests.factories.catalogue import make_resource, upload


def picture():
    held = io.BytesIO()
    Image.new("RGB", (200, 200), "red").save(held, "JPEG")
    return upload(held.getvalue(), "rouge.jpg")


@pytest.fixture
def client(world):
    client = Client(HTTP_HOST="testserver")
    client.force_login(world.helene.user)
    return client


def test_photos(world, client):
    resource = make_resource(world.helene, world.lender)
    Photo.objects.bulk_create(
        Photo(resource=resource, image=f"resources/{rank}.webp", role="decorative", credit="x", licence="cc-by")
        for rank in range(filing.PHOTOS)
    )
    data = {"image": picture(), "role": "decorative", "credit": "Moi", "licence": "cc-by"}
    answer = client.post(reverse("catalogue:resource_photos", args=[resource.pk]), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["image"])


def test_closures(world, client):
    day = timezone.localdate() + timedelta(days=9)
    Closure.objects.bulk_create(
        Closure(
            network=world.network, actor=world.lender, first_on=day + timedelta(rank), last_on=day + timedelta(rank)
        )
        for rank in range(lending.CLOSURES)
    )
    later = day + timedelta(days=300)
    data = {"first_on": later.isoformat(), "last_on": later.isoformat()}
    answer = client.post(reverse("catalogue:closure_add", args=[world.lender.pk]), data)
    assert (answer.status_code, list(answer.context["closure_form"].errors)) == (422, ["first_on"])


def test_a_closure_is_announced_once(world, client):
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    answers = [
        client.post(reverse("catalogue:closure_add", args=[world.lender.pk]), {"first_on": day, "last_on": day})
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 409]


def test_items_of_a_collection(world, client):
    resource = make_resource(world.helene, world.lender)
    collection = actions.create_collection(by=world.helene, fields={"title": "Été", "summary": ""})
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=collection, title=str(rank), position=rank) for rank in range(collecting.ITEMS)
    )
    address = reverse("catalogue:collection_add", args=[collection.pk])
    answer = client.post(address, {"adresse": resource.get_absolute_url()})
    assert (answer.status_code, list(answer.context["address_form"].errors)) == (422, ["adresse"])
    answer = client.post(address, {"adresse": "/ressources/inconnue/"})
    assert (answer.status_code, "/ressources/inconnue/" in answer.content.decode()) == (422, True)
