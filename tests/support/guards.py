"""Guards that hold in every test, each shown to bite by `tests/ops/test_guards.py`."""

import os
import re
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.shared import ROOT

# Bookkeeping of sessions and caches is not content: signed-in pages may refresh it while being read.
_BOOKKEEPING = {"django_session", "core_cache", "usersessions_usersession"}
_WRITE = re.compile(
    r'^\s*(INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)"?', re.IGNORECASE
)
_LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}


class NetworkUsed(AssertionError):
    """A test tried to reach another machine."""


class GetWrote(AssertionError):
    """A page changed the database while being read."""


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Sockets reach this machine only (the browser's live server, PostgreSQL, a local mail sink)."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(address: Any) -> None:
        if isinstance(address, tuple) and str(address[0]) not in _LOCAL and not str(address[0]).startswith("127."):
            raise NetworkUsed(f"test réseau interdit : {address}")

    def guarded_connect(self: socket.socket, address: Any) -> Any:
        check(address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> Any:
        check(address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        yield


def written_table(sql: str) -> str:
    """The table that `sql` writes, or "" when it only reads or keeps books."""
    found = _WRITE.match(sql)
    return found[2] if found and found[2] not in _BOOKKEEPING else ""


@pytest.fixture(autouse=True)
def _get_writes_nothing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every GET or HEAD of the test client fails when it writes, unless marked `get_may_write("reason")`."""
    if request.node.get_closest_marker("get_may_write"):
        return
    from django.db import connections
    from django.test import Client

    send = Client.request

    def refuse(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if table := written_table(str(sql)):
            raise GetWrote(f"un GET a écrit dans {table} : {str(sql)[:200]}")
        return execute(sql, params, many, context)

    def guarded(self: Any, **environ: Any) -> Any:
        if environ.get("REQUEST_METHOD", "GET") not in {"GET", "HEAD"}:
            return send(self, **environ)
        with connections["default"].execute_wrapper(refuse):
            return send(self, **environ)

    monkeypatch.setattr(Client, "request", guarded)


class _Undefined:
    """What Django shows in place of an undefined variable: a failure in our templates, nothing in those of others."""

    def __contains__(self, part: str) -> bool:
        return part == "%s"

    def __mod__(self, variable: Any) -> str:
        origin = self._origin()
        if origin and (origin.startswith("<") or str(ROOT) in origin) and "site-packages" not in origin:
            pytest.fail(f"variable de gabarit inconnue : {variable} dans {origin}")
        return ""

    @staticmethod
    def _origin() -> str:
        """The name of the template whose node is being rendered, read on the stack."""
        from django.template.base import Node

        frame = sys._getframe(1)
        while frame is not None:
            node = frame.f_locals.get("self")
            if isinstance(node, Node) and getattr(node, "origin", None) is not None:
                return str(node.origin)
            frame = frame.f_back
        return ""


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> None:
    from django.conf import settings
    from django.template import engines

    undefined = _Undefined()
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = undefined
    engines["django"].engine.string_if_invalid = undefined


def pytest_sessionfinish(session: pytest.Session) -> None:
    """`run.py check` allows no skip: a test that did not run shows nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("MAILLAGE_NO_SKIP") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("")
        reporter.write_line("Des tests ont été sautés, ce que check n'admet pas.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
