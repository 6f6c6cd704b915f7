"""What the architecture tests read: the floors of pyproject.toml, the apps, the parsed sources."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "maillage"
OPEN_APPS = {"core", "api"}


@cache
def contracts() -> dict[str, dict]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["id"]: contract for contract in config["tool"]["importlinter"]["contracts"]}


@cache
def floors() -> dict[str, int]:
    """App → height of its floor (core is 0)."""
    layers = list(reversed(contracts()["apps"]["layers"]))
    return {name.strip(" ()"): height for height, layer in enumerate(layers) for name in layer.split("|")}


def may_see(app: str, other: str) -> bool:
    """Whether `app` may know `other`: itself, or an app of a lower floor."""
    return app == other or floors()[other] < floors()[app]


@cache
def apps() -> list[str]:
    return sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


def sources(*parts: str, app: str | None = None) -> Iterator[tuple[Path, ast.Module]]:
    """Parsed modules of the package (or of one app), migrations left out; `parts` narrows to `views`, `feeds`…"""
    for path in sorted((PACKAGE / app if app else PACKAGE).rglob("*.py")):
        inside = path.relative_to(PACKAGE).parts
        if "migrations" in inside:
            continue
        if parts and not (len(inside) > 1 and inside[1].removesuffix(".py") in parts):
            continue
        yield path, ast.parse(path.read_text(), filename=str(path))


def imported(tree: ast.Module) -> set[str]:
    """Every module a source imports, with the names taken from it (`a.b` and `a.b.c` for `from a.b import c`)."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
