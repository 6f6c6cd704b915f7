"""Who asks too much waits, and nobody else."""

import time
from datetime import UTC, datetime

import pytest
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory

from maillage.core import throttle
from maillage.core.throttle import client_of, hit


@pytest.fixture(autouse=True)
def _still_clock(monkeypatch):
    monkeypatch.setattr(throttle.time, "time", lambda: 7200.0 + 10)


def test_the_limit_counts_each_client_and_each_name_apart():
    assert [hit("a", "me", limit=2, seconds=60) for _ in range(3)] == [0, 0, 50]
    assert hit("a", "you", limit=2, seconds=60) == 0
    assert hit("b", "me", limit=2, seconds=60) == 0


def test_a_day_lasts_a_day_in_a_cache_kept_in_the_database(db, monkeypatch):
    """The default of an instance: it has no counters of its own, and gives five minutes to what is written anew."""
    monkeypatch.undo()
    call_command("createcachetable", "counted", verbosity=0)
    monkeypatch.setattr(throttle, "cache", DatabaseCache("counted", {}))
    assert [hit("a", "me", limit=2, seconds=86_400) > 0 for _ in range(3)] == [False, False, True]
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(expires) FROM counted")
        (expires,) = cursor.fetchone()
    ends = datetime.fromisoformat(str(expires)).replace(tzinfo=UTC).timestamp()
    assert abs(ends - (time.time() // 86_400 + 1) * 86_400) < 5


def test_the_next_window_starts_afresh(monkeypatch):
    assert [hit("a", "me", limit=1, seconds=60) for _ in range(2)] == [0, 50]
    monkeypatch.setattr(throttle.time, "time", lambda: 7200.0 + 60)
    assert hit("a", "me", limit=1, seconds=60) == 0


@pytest.mark.parametrize(
    ("address", "counted"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("nonsense", "unknown")],
)
def test_an_ipv6_client_counts_with_its_whole_subnet(address, counted):
    assert client_of(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


def test_only_a_trusted_proxy_is_believed_and_only_its_last_word(settings):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "1.2.3.4, 192.0.2.9"})
    settings.TRUST_PROXY = False
    assert client_of(request) == "10.0.0.1"
    settings.TRUST_PROXY = True
    assert client_of(request) == "192.0.2.9"
