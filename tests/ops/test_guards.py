"""The guards of the suite bite."""

import socket
import warnings

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client
from django.urls import path

from maillage.core.models import Job
from tests.support.guards import GetWrote, NetworkUsed, written_table


def _writing_view(request):
    Job.objects.update(message="lu")
    return HttpResponse("ok")


urlpatterns = [path("ecrit", _writing_view)]


def test_another_machine_cannot_be_reached():
    with socket.socket() as connection, pytest.raises(NetworkUsed):
        connection.connect(("192.0.2.1", 80))


@pytest.mark.urls(__name__)
def test_a_get_that_writes_fails(db, settings):
    settings.MIDDLEWARE = []
    with pytest.raises(GetWrote):
        Client().get("/ecrit")


@pytest.mark.urls(__name__)
def test_a_post_may_write(db, settings):
    settings.MIDDLEWARE = []
    assert Client().post("/ecrit").content == b"ok"


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('INSERT INTO "core_job" ("task") VALUES (1)', "core_job"),
        ('INSERT OR IGNORE INTO "core_job" VALUES (1)', "core_job"),
        ('UPDATE "core_job" SET x = 1', "core_job"),
        ('DELETE FROM "core_job"', "core_job"),
        ('UPDATE "django_session" SET x = 1', ""),
        ('SELECT * FROM "core_job"', ""),
    ],
)
def test_writes_are_recognised_in_sql(sql, table):
    assert written_table(sql) == table


def test_an_undefined_template_variable_fails():
    with pytest.raises(pytest.fail.Exception):
        Template("{{ unknown }}").render(Context())


def test_a_warning_is_an_error():
    with pytest.raises(DeprecationWarning):
        warnings.warn("vieux", DeprecationWarning, stacklevel=1)


def test_a_list_that_costs_a_query_per_item_is_caught(same_queries):
    items = []
    with pytest.raises(AssertionError, match="1 queries with one item, 3 with three"):
        same_queries(page=lambda: [Job.objects.filter(pk=item).exists() for item in items], add=lambda: items.append(1))
