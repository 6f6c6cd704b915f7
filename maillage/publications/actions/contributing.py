"""A text written and sent by one form."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.publications.actions.editing import create_publication
from maillage.publications.actions.stating import submit_publication
from maillage.publications.models import Publication


def contribute(
    *, by: Viewer, kind: str, fields: Mapping[str, Any], signed_by: Actor | None, submit: bool
) -> Publication:
    """Sent at once to the team, or to everyone by those who may, when `submit`."""
    with transaction.atomic():
        publication = create_publication(by=by, kind=kind, fields=fields, signed_by=signed_by)
        return submit_publication(by=by, publication=publication) if submit else publication
