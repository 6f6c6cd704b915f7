"""Static files are collected as they are served, whatever an app or a third party brings."""

from django.contrib.staticfiles.finders import find
from django.core.management import call_command


def test_every_static_file_can_be_collected_under_its_digest(settings, tmp_path):
    from django.contrib.staticfiles.storage import staticfiles_storage

    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "maillage.core.storage.HashedStorage"}}
    call_command("collectstatic", verbosity=0, interactive=False)
    name = "core/vendor/leaflet/leaflet.js"
    assert find(name)
    assert staticfiles_storage.url(name) != f"/static/{name}"
