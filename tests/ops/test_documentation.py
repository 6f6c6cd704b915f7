"""What operators and contributors read is what the program does."""

import json
import re
import tomllib

import yaml

from config.env import VARIABLES
from maillage.__main__ import USAGE
from tests.support.shared import ROOT
from tools import variables

# Read by the tests alone, or by the images of others.
_TESTS = {"MAILLAGE_SHARED", "MAILLAGE_CHROMIUM", "MAILLAGE_SCREENSHOTS", "MAILLAGE_NO_SKIP"}
_OPERATION = [
    *ROOT.glob("docs/exploitation/*.md"),
    *ROOT.glob("deploy/**/*"),
    ROOT / "compose.yaml",
    ROOT / "Dockerfile",
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
]


def test_the_page_of_settings_is_that_of_the_code():
    assert variables.PAGE.read_text() == variables.page()


def test_every_setting_that_is_spoken_of_exists():
    known = {one.name for one in VARIABLES} | _TESTS
    spoken = {
        (path.name, name)
        for path in _OPERATION
        if path.is_file()
        for name in re.findall(r"\b(?:MAILLAGE_[A-Z_]+|DATABASE_URL)\b", path.read_text())
    }
    assert {name for _, name in spoken} - known == set()


def test_every_verb_is_told_by_help_and_every_verb_spoken_of_exists():
    verbs = set(re.findall(r"[a-z]+", " ".join(line[:18] for line in USAGE.splitlines()[2:]))) - {"aucun"}
    assert {"backup", "restore", "doctor", "test", "check", "createnetwork", "start", "dev"} <= verbs
    spoken = {
        verb
        for path in _OPERATION
        if path.is_file()
        for verb in re.findall(r"(?:python3 run\.py|-m maillage) ([a-z]+)", path.read_text())
    }
    assert spoken - verbs - {"help"} == set()


def test_links_of_the_documents_lead_somewhere():
    broken = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in [*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text())
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert broken == []


def test_every_dependency_has_its_line():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.match(r"[\w-]+", one)[0].lower() for one in project["dependencies"]}
    table = (ROOT / "docs" / "decisions" / "dependencies.md").read_text()
    assert {name.lower() for name in re.findall(r"^\| ([\w-]+) \|", table, re.MULTILINE)} - {"dependency"} == wanted


def test_every_service_of_compose_runs_a_verb():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    ours = {name: service["command"][0] for name, service in services.items() if service["image"] == "maillage"}
    assert ours == {"prepare": "prepare", "web": "web", "worker": "worker"}
    assert services["web"]["environment"]["MAILLAGE_WEB_PROCESSES"] == "2"


def test_the_locks_agree():
    def pinned(name):
        return dict(re.findall(r"^([\w.\-\[\],]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))

    base = pinned("requirements.lock")
    for name in ("requirements-dev.lock", "requirements-scale.lock"):
        other = pinned(name)
        assert {package: other.get(package) for package in base} == base


def test_the_description_for_public_catalogues_is_current():
    described = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert described["softwareVersion"] == project["version"]
    assert described["legal"]["license"] == project["license"]
    assert json.dumps(described["description"]["fr"]["shortDescription"], ensure_ascii=False).count(" ") > 3
    assert (ROOT / "LICENSE").read_text().lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
