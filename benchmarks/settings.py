"""The program in service, with the two reference views beside it."""

from config.settings.base import *

DEMO = True  # Roles that need a second factor do without.
ROOT_URLCONF = "benchmarks.urls"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
