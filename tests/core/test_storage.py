"""Static files are collected under digests, texts with a gzip copy, whatever maps the vendored files name."""

import gzip
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from maillage.core.storage import HashedStorage


def test_vendored_scripts_are_kept_as_they_are_with_a_gzip_copy(tmp_path):
    storage = HashedStorage(location=str(tmp_path), base_url="/static/")
    name = "core/vendor/leaflet/leaflet.js"
    source = Path(finders.find(name))
    with source.open("rb") as content:
        storage.save(name, content)
    done = {each: stored for each, stored, _ in storage.post_process({name: (storage, name)})}
    stored = tmp_path / done[name]
    original = source.read_bytes()
    assert stored.read_bytes() == original
    assert gzip.decompress((tmp_path / f"{done[name]}.gz").read_bytes()) == original


def test_sheets_name_the_digests_of_what_they_use(tmp_path):
    storage = HashedStorage(location=str(tmp_path), base_url="/static/")
    names = [
        "core/css/foundation.css",
        "core/img/chevron.svg",
        "core/img/chevron-dark.svg",
        *(
            f"core/vendor/fonts/{font}.woff2"
            for font in ("bricolage-latin", "bricolage-latin-ext", "atkinson-latin", "atkinson-latin-ext")
        ),
    ]
    for name in names:
        with Path(finders.find(name)).open("rb") as content:
            storage.save(name, content)
    done = {
        each: stored
        for each, stored, _ in storage.post_process({name: (FileSystemStorage(tmp_path), name) for name in names})
    }
    sheet = (tmp_path / done["core/css/foundation.css"]).read_text()
    assert done["core/vendor/fonts/atkinson-latin.woff2"].rsplit("/", 1)[1] in sheet
