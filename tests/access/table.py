"""The access table: every URL × every role, with the status it answers; a URL without a line fails the suite.

Each app fills `tests/access/<app>.py`:

    from tests.access.table import LOGIN, line

    LINES = [
        line("portal:home", everyone=200),
        line("exchange:batch_list", anonymous=LOGIN, animator=200, network_admin=200, platform_admin=200, others=403),
        line("directory:actor_edit", args=lambda world: {"slug": world.actor.slug}, anonymous=LOGIN,
             representative=200, animator=200, network_admin=200, platform_admin=200, others=404),
        line("directory:actor_archive", args=lambda world: {...}, method="post", data={"reason": "fermé"}, ...),
    ]

    def prepare(world):                 # optional: objects that lines of any app may use, made in network A
        world.actor = ActorFactory(network=world.network)
        represent(world.actor, world.users["representative"])

- Roles are those of `ROLES`, all of them in network A (`world.network`), but `other_network`: animator and administrator
  of network B, visiting A. `everyone=` or `others=` give the status of those not named.
- A status is the number answered, or `LOGIN`: a redirection to the sign-in page.
- `args` (a dict, or a function of the world) fills the address. What is addressed belongs to A, so the same address on
  the host of B answers 404 to the people of B; say `elsewhere=200` where the address means something in every network
  (a commune), `elsewhere=None` where it is not to be tried.
- Several lines may describe one URL (its POST, a query string given by `query="format=csv"`, another object).
- A URL without a name is written by its route: `line("route:compte/<path>", path="/compte/x", …)`.
- Each request runs in a transaction that is undone, so a POST by one role does not change what the next one finds.
"""

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

LOGIN = "login"
ROLES = [
    "anonymous",
    "member",
    "representative",
    "animator",
    "region_officer",
    "pole_member",
    "network_admin",
    "platform_admin",
    "other_network",
]
_SAME = "same"
Status = int | str
Filling = dict[str, Any] | Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Line:
    name: str
    expected: dict[str, Status]
    args: Filling = field(default_factory=dict)
    path: str = ""
    query: str = ""
    method: str = "get"
    data: Filling = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    elsewhere: Status | None = 404

    def __str__(self) -> str:
        return f"{self.name}-{self.method}" + (f"-{self.query}" if self.query else "")


def line(
    name: str,
    *,
    args: Filling | None = None,
    path: str = "",
    query: str = "",
    method: str = "get",
    data: Filling | None = None,
    headers: dict[str, str] | None = None,
    everyone: Status | None = None,
    others: Status | None = None,
    elsewhere: Status | str | None = _SAME,
    **roles: Status,
) -> Line:
    """One line of the table; see the module."""
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"{name}: unknown roles {sorted(unknown)}")
    rest = everyone if everyone is not None else others
    expected = {role: roles.get(role, rest) for role in ROLES}
    if missing := [role for role, status in expected.items() if status is None]:
        raise ValueError(f"{name}: no status for {missing}")
    if elsewhere == _SAME:
        elsewhere = 404 if args else None
    return Line(name, expected, args or {}, path, query, method, data or {}, headers or {}, elsewhere)


def filled(filling: Filling, world: Any) -> dict[str, Any]:
    return filling(world) if callable(filling) else filling


def tables() -> Iterator[Any]:
    """The modules of this folder that hold lines, in the order of their names."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem not in {"table", "world", "conftest", "__init__"} and not path.stem.startswith("test_"):
            yield importlib.import_module(f"tests.access.{path.stem}")


def lines() -> list[Line]:
    return [each for table in tables() for each in table.LINES]


def urls(resolver: URLResolver | None = None, spaces: tuple[str, ...] = (), route: str = "") -> Iterator[str]:
    """Every URL of the site, by its qualified name, else by `route:` and its route."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name]) if pattern.name else f"route:{here}"
        else:
            yield from urls(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces, here)
