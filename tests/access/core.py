"""Probes of operators and what belongs to no app."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.access.table import line


def picture(world):
    """A stored picture: public under its unguessable name, in every network."""
    return {"name": default_storage.save("access/picture.webp", ContentFile(b"RIFF"))}


LINES = [
    line("healthz", everyone=200),
    line("readyz", everyone=200),
    # The test client speaks from this machine; tests/ops/test_metrics.py tries the others.
    line("metrics", everyone=200),
    line("core:network_css", everyone=200),
    line("core:pattern", args={"hue": 3}, everyone=200, elsewhere=200),
    line("core:pattern", args={"hue": 9}, everyone=404),
    line("core:theme_set", everyone=405),
    line("core:theme_set", method="post", data={"theme": "dark", "next": "/style/"}, everyone=303),
    line("file", args=picture, everyone=200, elsewhere=200),
    line("file", args={"name": "access/none.webp"}, everyone=404),
    line("file", args={"name": "../secret_key"}, everyone=404),
]
