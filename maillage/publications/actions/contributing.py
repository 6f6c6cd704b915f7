"""A text written and sent by one form, kept as it is typed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maillage.core.seen import Seen
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.publications.actions.crediting import credit_again
from maillage.publications.actions.editing import create_publication, edit_publication, free_slug
from maillage.publications.actions.stating import submit_publication
from maillage.publications.models import Publication


def contribute(
    *,
    by: Viewer,
    kind: str,
    fields: Mapping[str, Any],
    signed_by: Actor | None,
    submit: bool,
    draft: Publication | None = None,
    seen: Seen | None = None,
) -> Publication:
    """Sent at once to the team, or to everyone by those who may, when `submit`. `draft`: what was kept of it as it was typed, and
    `seen` the marks of what it held then."""
    with transaction.atomic():
        if draft is None:
            publication = create_publication(by=by, kind=kind, fields=fields, signed_by=signed_by)
        else:
            publication = _write_again(by, draft, fields, signed_by, seen)
        return submit_publication(by=by, publication=publication) if submit else publication


def _write_again(
    by: Viewer, draft: Publication, fields: Mapping[str, Any], signed_by: Actor | None, seen: Seen | None
) -> Publication:
    """Its address follows its title, of which the first letters may have been kept."""
    changes = edit_publication(by=by, publication=draft, fields=fields, seen=seen)
    credit_again(by, draft, signed_by)
    draft.refresh_from_db()
    if "title" in changes:
        draft.slug = free_slug(draft.network_id, draft.title, beside=draft.pk)
        draft.save(update_fields=["slug"])
    return draft
