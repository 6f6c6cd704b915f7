"""Names and sizes of files; templates stay on their floor."""

import re

import pytest
from django.conf import settings

from tests.architecture.house import OPEN_APPS, PACKAGE, apps, contracts, floors, may_see, shown

_LIMIT = 600
_FOLDERS = {"templates", "static", "locale", "data", "fixtures", "__pycache__"}
_REFERENCE = re.compile(r"""\{%-?\s*(?:include|extends)\s+["']([\w\-/.]+)["']""")
_COMPONENT_LIBRARY = "cotton/"


def _names_with_a_floor() -> set[str]:
    inside = contracts()["inside"]
    return {name.strip() for names in inside["floors"] for name in names.split("|")} | set(inside["free"])


@pytest.mark.parametrize("app", [app for app in apps() if app not in OPEN_APPS])
def test_an_app_holds_only_files_of_the_house(app):
    allowed = _names_with_a_floor() | {"__init__"}
    unknown = [
        shown(path)
        for path in (PACKAGE / app).iterdir()
        if (path.suffix == ".py" and path.stem not in allowed)
        or (path.is_dir() and path.name not in allowed | _FOLDERS)
    ]
    assert unknown == []


@pytest.mark.parametrize("name", ["utils", "helpers", "services", "managers", "constants", "tasks", "common", "misc"])
def test_no_file_is_a_drawer_for_everything(name):
    assert [shown(path) for path in PACKAGE.rglob(f"{name}.py")] == []


def test_numbers_that_people_send_are_read_in_one_place():
    """`int()` of some thousands of digits raises, and no database holds them: see `core.text.whole_number`."""
    asking = re.compile(r"\.is(decimal|digit|numeric)\(\)[^\n]*\bint\(|\bint\([^\n]*\.is(decimal|digit|numeric)\(\)")
    found = [shown(path) for path in PACKAGE.rglob("*.py") if asking.search(path.read_text())]
    assert found == ["maillage/core/text.py"]


def test_no_file_passes_six_hundred_lines():
    long = {
        shown(path): count
        for pattern in ("*.py", "*.html", "*.js", "*.css")
        for path in PACKAGE.rglob(pattern)
        if "vendor" not in path.parts and "migrations" not in path.parts
        if (count := path.read_text().count("\n")) > _LIMIT
    }
    assert long == {}


def test_every_app_stands_on_a_floor():
    assert set(apps()) <= set(floors())
    assert {name.split(".")[1] for name in settings.INSTALLED_APPS if name.startswith("maillage.")} == set(apps())


def test_every_module_says_what_it_owns():
    silent = [
        shown(path)
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts
        and path.name not in {"__init__.py", "apps.py", "urls.py"}
        and not path.read_text().lstrip().startswith('"""')
    ]
    assert silent == []


@pytest.mark.parametrize("app", apps())
def test_templates_include_and_extend_only_downwards(app):
    upwards = []
    for path in (PACKAGE / app).rglob("templates/**/*.html"):
        for target in _REFERENCE.findall(path.read_text()):
            owner = target.split("/")[0]
            if owner in floors() and not may_see(app, owner):
                upwards.append(f"{shown(path)} -> {target}")
    assert upwards == []


@pytest.mark.parametrize("app", [app for app in apps() if app != "core"])
def test_components_live_in_core(app):
    assert [shown(path) for path in (PACKAGE / app).rglob(f"templates/{_COMPONENT_LIBRARY}*")] == []


@pytest.mark.parametrize("app", apps())
def test_keys_in_attributes_are_written_without_a_thousands_separator(app):
    """`{{ row.pk }}` of 5276 is « 5 276 » in French: sent back by a form, it is no number any more."""
    written = {
        f"{shown(path)}: {found}"
        for path in (PACKAGE / app).rglob("templates/**/*.html")
        for found in re.findall(r'="[^"]*\{\{ [\w.]+\.pk \}\}[^"]*"', path.read_text())
    }
    assert written == set()
