"""Copies the pinned front-end files into `maillage/core/static/core/vendor/`, unmodified, and draws the icon sprite.

    python -m tools.vendor            # needs npm, on a maintainer's machine only
    python -m tools.vendor --sprite   # the sprite alone, after adding a name to ICONS

The manifest written beside the files (name, version, licence, sha256) is what `tests/core/test_vendor.py` checks.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "maillage" / "core" / "static" / "core"
VENDOR = STATIC / "vendor"

# package, version → {path in the package: name in vendor/}
PACKAGES: dict[tuple[str, str], dict[str, str]] = {
    ("@fontsource-variable/bricolage-grotesque", "5.3.0"): {
        "files/bricolage-grotesque-latin-wght-normal.woff2": "fonts/bricolage-latin.woff2",
        "files/bricolage-grotesque-latin-ext-wght-normal.woff2": "fonts/bricolage-latin-ext.woff2",
        "LICENSE": "fonts/bricolage.LICENSE.txt",
    },
    ("@fontsource-variable/atkinson-hyperlegible-next", "5.3.0"): {
        "files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "fonts/atkinson-latin.woff2",
        "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": "fonts/atkinson-latin-ext.woff2",
        "LICENSE": "fonts/atkinson.LICENSE.txt",
    },
    # What PDF documents are set in: the typesetter reads no woff2.
    ("@expo-google-fonts/bricolage-grotesque", "0.4.1"): {
        "700Bold/BricolageGrotesque_700Bold.ttf": "pdf/bricolage-bold.ttf",
        "LICENSE_FONT": "pdf/bricolage.LICENSE.txt",
    },
    ("@expo-google-fonts/atkinson-hyperlegible-next", "0.4.1"): {
        "400Regular/AtkinsonHyperlegibleNext_400Regular.ttf": "pdf/atkinson-regular.ttf",
        "400Regular_Italic/AtkinsonHyperlegibleNext_400Regular_Italic.ttf": "pdf/atkinson-italic.ttf",
        "700Bold/AtkinsonHyperlegibleNext_700Bold.ttf": "pdf/atkinson-bold.ttf",
        "700Bold_Italic/AtkinsonHyperlegibleNext_700Bold_Italic.ttf": "pdf/atkinson-bold-italic.ttf",
        "LICENSE_FONT": "pdf/atkinson.LICENSE.txt",
    },
    ("leaflet", "1.9.4"): {
        "dist/leaflet.js": "leaflet/leaflet.js",
        "dist/leaflet.css": "leaflet/leaflet.css",
        "dist/images/layers.png": "leaflet/images/layers.png",
        "dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
        "dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
        "LICENSE": "leaflet/leaflet.LICENSE.txt",
    },
    ("leaflet.markercluster", "1.5.3"): {
        "dist/leaflet.markercluster.js": "leaflet/leaflet.markercluster.js",
        "dist/MarkerCluster.css": "leaflet/MarkerCluster.css",
        "MIT-LICENCE.txt": "leaflet/markercluster.LICENSE.txt",
    },
    ("htmx.org", "2.0.11"): {
        "dist/htmx.min.js": "htmx/htmx.min.js",
        "LICENSE": "htmx/htmx.LICENSE.txt",
    },
    ("lucide-static", "1.62.0"): {
        "LICENSE": "lucide.LICENSE.txt",
    },
}

# Every icon a template may name; the sprite holds these and no other.
ICONS = """
accessibility activity archive arrow-down arrow-left arrow-right arrow-up arrow-up-down arrow-up-right
badge-check ban bell book-open bookmark briefcase building-2 calendar calendar-plus chart-column check
chevron-down chevron-left chevron-right chevron-up circle-alert circle-check circle-help clipboard-list clock
code columns-3 compass copy download ellipsis external-link eye eye-off file-down file-spreadsheet
file-text file-up filter flag flask-conical globe graduation-cap grip-vertical hand-helping heart history house image
inbox info key-round keyboard landmark languages layers layout-grid leaf library life-buoy lightbulb link list
list-checks list-filter loader loader-circle locate-fixed lock log-in log-out mail map map-pin
megaphone menu merge message-circle microscope minus monitor moon network newspaper pause pencil phone play plus
printer qr-code refresh-cw rocket rss save search send settings share-2 shield-check sliders-horizontal sparkles
square-pen star sun sun-moon table-2 tag telescope trash-2 triangle-alert truck undo-2 upload user user-plus users
wifi-off x
""".split()  # noqa: SIM905 - read and compared as a list of words


def fetch(package: str, version: str, folder: Path) -> Path:
    """The unpacked package, by the package manager's own client."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True, capture_output=True, text=True
    )
    unpacked = folder / f"{package.replace('/', '-').lstrip('@')}-unpacked"
    with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(unpacked, filter="data")
    return unpacked / "package"


def symbol(name: str, source: str) -> str:
    """One icon file as a `<symbol>`: the drawing instructions of its root go with the sprite's users (CSS `.icon`)."""
    body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if body is None:
        raise ValueError(f"{name}: not an SVG icon")
    drawing = re.sub(r"\s+", " ", body.group(1)).replace("> <", "><").replace(" />", "/>").strip()
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def draw_sprite(icons: Path) -> None:
    missing = [name for name in ICONS if not (icons / f"{name}.svg").exists()]
    if missing:
        raise SystemExit(f"No such icon: {', '.join(missing)}")
    symbols = "\n".join(symbol(name, (icons / f"{name}.svg").read_text()) for name in sorted(set(ICONS)))
    (STATIC / "icons.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC: vendor/lucide.LICENSE.txt -->\n{symbols}\n</svg>\n'
    )


def main(sprite_only: bool = False) -> None:
    manifest = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if not sprite_only:
            shutil.rmtree(VENDOR, ignore_errors=True)
        for (package, version), files in PACKAGES.items():
            if sprite_only and package != "lucide-static":
                continue
            source = fetch(package, version, folder)
            if package == "lucide-static":
                draw_sprite(source / "icons")
            for origin, target in files.items():
                (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source / origin, VENDOR / target)
            licence = json.loads((source / "package.json").read_text())["license"]
            manifest.append(
                {
                    "name": package,
                    "version": version,
                    "licence": licence,
                    "files": {
                        target: hashlib.sha256((VENDOR / target).read_bytes()).hexdigest() for target in files.values()
                    },
                }
            )
    if not sprite_only:
        (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main(sprite_only="--sprite" in sys.argv)
