"""Settings of the test suite; `tests/conftest.py` picks the database through DATABASE_URL."""

import os
import tempfile

os.environ.setdefault("MAILLAGE_VAR", tempfile.mkdtemp(prefix="maillage-test-"))
os.environ.setdefault("MAILLAGE_SECRET_KEY", "only-for-tests-" + "x" * 40)

from config.settings.base import *  # noqa: E402, F403

DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {**CACHES, "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"}}  # noqa: F405
