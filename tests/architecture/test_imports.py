"""What imports alone do not show: relations, doors of mail and network, the only door to objects."""

import ast

import pytest
from django.apps import apps as registry

from tests.architecture.house import ROOT, apps, imported, may_see, shown, sources

# Vocabulary and geography are the same for everyone; the network itself is what the visitor is looking at.
_SAME_FOR_EVERYONE = {"Territory", "Term"}
_DOORS = {"visible_to", "editable_by", "told_to", "told_in", "none"}
_NETWORK = {"socket", "ssl", "urllib.request", "http.client", "ftplib", "requests", "httpx", "urllib3", "aiohttp"}


def _models():
    for config in registry.get_app_configs():
        if config.name.startswith("maillage."):
            yield from config.get_models(include_auto_created=True)


def test_relations_point_only_downwards():
    upwards = []
    for model in _models():
        app = model._meta.app_config.name.split(".")[1]
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            target = field.related_model._meta.app_config.name
            if target.startswith("maillage.") and not may_see(app, target.split(".")[1]):
                upwards.append(f"{model._meta.label}.{field.name} -> {target}")
    assert upwards == []


def test_only_core_mail_sends_mail():
    senders = [
        shown(path)
        for path, tree in sources()
        if any(name == "smtplib" or name.startswith("django.core.mail") for name in imported(tree))
    ]
    assert [path for path in senders if path != "maillage/core/mail.py"] == []


def test_only_core_http_opens_sockets():
    """Before serving, the supervisor tries whether the port is free: it listens and reaches nobody."""
    openers = {shown(path): imported(tree) & _NETWORK for path, tree in sources() if imported(tree) & _NETWORK}
    openers.pop("maillage/core/http.py", None)
    assert openers == {"maillage/core/operations/supervise.py": {"socket"}}
    assert "connect" not in (ROOT / "maillage/core/operations/supervise.py").read_text()


def test_only_config_env_reads_the_environment():
    readers = []
    for path in [*ROOT.glob("config/**/*.py"), *(path for path, _ in sources())]:
        for node in ast.walk(ast.parse(path.read_text())):
            reads = isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
            if reads and "setdefault" not in ast.unparse(node) and not _only_sets(path.read_text(), node):
                readers.append(f"{shown(path)}:{node.lineno}")
    # The settings of the tests ask which process of a shared run they are in: no setting of the program.
    known = ("config/env.py", "config/settings/test.py")
    assert [place for place in readers if not place.startswith(known)] == []


def _only_sets(source: str, node: ast.Attribute) -> bool:
    """`os.environ.setdefault(…)` and `{**os.environ, …}` hand the environment on without reading a setting."""
    line = source.splitlines()[node.lineno - 1]
    return "environ.setdefault(" in line or "**os.environ" in line


def _names(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def reached_without_a_door(tree: ast.Module) -> list[str]:
    """Places where a view takes objects from a manager without `visible_to`: `line: source`."""
    found = []
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            parent = parents.get(node)
            through = isinstance(parent, ast.Attribute) and parent.attr in _DOORS
            if not through and _names(node.value) not in _SAME_FOR_EVERYONE:
                found.append(f"{node.lineno}: {ast.unparse(parent or node)}")
        elif isinstance(node, ast.Call) and _names(node.func) in {"get_object_or_404", "get_list_or_404"}:
            first = node.args[0] if node.args else None
            name = _names(first) if first is not None else ""
            if name[:1].isupper() and name not in _SAME_FOR_EVERYONE:
                found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("app", apps())
def test_views_and_api_reach_objects_through_visible_to(app):
    parts = () if app == "api" else ("views", "feeds")
    found = [
        f"{shown(path)}:{place}" for path, tree in sources(*parts, app=app) for place in reached_without_a_door(tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("Actor.objects.visible_to(viewer).get(pk=1)", 0),
        ("Territory.objects.get(code='31')", 0),
        ("Actor.objects.get(pk=1)", 1),
        ("models.Actor.objects.filter(pk=1)", 1),
        ("get_object_or_404(Actor, pk=1)", 1),
        ("get_object_or_404(Actor.objects.visible_to(viewer), pk=1)", 0),
        ("get_object_or_404(visible, pk=1)", 0),
    ],
)
def test_a_view_that_goes_round_the_door_is_seen(source, count):
    assert len(reached_without_a_door(ast.parse(source))) == count
