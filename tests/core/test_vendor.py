"""Vendored files are those of the manifest, and the sprite holds the icons that templates name."""

import hashlib
import json
import re

from tests.architecture.house import PACKAGE
from tools.vendor import ICONS, PACKAGES, STATIC, VENDOR

_NAMED = re.compile(r"""\{%\s*icon\s+["']([\w-]+)["']|\bicon(?:-end)?="([a-z][\w-]*)\"""")


def test_every_vendored_file_is_the_one_of_the_manifest():
    manifest = json.loads((VENDOR / "manifest.json").read_text())
    declared = {name: digest for package in manifest for name, digest in package["files"].items()}
    present = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert present == declared


def test_the_manifest_names_the_pinned_versions_and_their_licences():
    manifest = json.loads((VENDOR / "manifest.json").read_text())
    assert {(package["name"], package["version"]) for package in manifest} == set(PACKAGES)
    assert {package["licence"] for package in manifest} == {
        "OFL-1.1",
        "MIT AND OFL-1.1",
        "BSD-2-Clause",
        "MIT",
        "0BSD",
        "ISC",
    }


def test_the_fonts_of_a_french_page_stay_light():
    fonts = {path.name: path.stat().st_size for path in VENDOR.glob("fonts/*.woff2")}
    assert sum(fonts.values()) <= 120_000


def test_every_icon_of_a_menu_is_in_the_sprite():
    entry = re.compile(r'MenuItem\(\s*"\w+",\s*_\("[^"]+"\),\s*"[\w:]+",\s*"([\w-]+)"')
    named = {name for path in PACKAGE.glob("*/panels.py") for name in entry.findall(path.read_text())}
    assert "network" in named
    assert named - set(ICONS) == set()


def test_every_icon_a_template_names_is_in_the_sprite():
    named = {
        first or second
        for path in PACKAGE.rglob("templates/**/*.html")
        for first, second in _NAMED.findall(path.read_text())
    }
    drawn = set(re.findall(r'id="i-([\w-]+)"', (STATIC / "icons.svg").read_text()))
    assert drawn == set(ICONS)
    assert named - drawn == set()
