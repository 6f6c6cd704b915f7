"""The program in service, with the two reference views beside it."""

from config.settings.base import *  # noqa: F403

DEMO = True  # Roles that need a second factor do without.
ROOT_URLCONF = "benchmarks.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
