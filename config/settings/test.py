"""Settings of the test suite; DATABASE_URL picks the database."""

import os
import tempfile

# Each process of a shared run has a folder of its own; the programs that its tests start have that of their test.
_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")
if os.environ.get("MAILLAGE_TEST_PROCESS", "") != _PROCESS:
    os.environ.update(MAILLAGE_VAR=tempfile.mkdtemp(prefix="maillage-test-"), MAILLAGE_TEST_PROCESS=_PROCESS)
os.environ.setdefault("MAILLAGE_VAR", tempfile.mkdtemp(prefix="maillage-test-"))
os.environ.setdefault("MAILLAGE_SECRET_KEY", "only-for-tests-" + "x" * 40)

from config.settings.base import *

DEMO = True
API_RATES = ("100000/m", "100000/m")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_SERVED_FROM_SOURCES = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {**CACHES, "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because the browser's server runs in threads of its own; nothing needs to outlive the run.
    DATABASES["default"]["TEST"] = {"NAME": VAR / "test.sqlite3"}
    # What is not ordered comes back to front: nothing may lean on the order in which rows were written.
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        DATABASES["default"]["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        + "; PRAGMA reverse_unordered_selects=ON"
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
# Tables are made from the models; the migrations make the same ones (`tests/support/tables.py`).
DATABASES["default"].setdefault("TEST", {})["MIGRATE"] = False
# WhiteNoise looks at the folder of collected files when it starts.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
