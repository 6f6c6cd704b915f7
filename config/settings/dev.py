"""Settings for work on the code: `run.py dev`."""

from config.settings.base import *

DEBUG = True
STATIC_SERVED_FROM_SOURCES = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
