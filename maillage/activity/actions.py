"""Writing the journal: `record` is called inside the transaction of every action."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from maillage.activity.models import Entry
from maillage.core.viewer import Viewer


def record(
    verb: str,
    *,
    by: Viewer,
    subject: models.Model | None = None,
    changes: dict[str, list[Any]] | None = None,
    details: dict[str, Any] | None = None,
    touch: bool = True,
) -> Entry:
    """Add a line to the journal of the viewer's network and, unless `touch` is false, outdate its cached pages."""
    entry = Entry.objects.create(
        network=by.network,
        user=by.user,
        system=by.system,
        verb=verb,
        content_type=ContentType.objects.get_for_model(subject) if subject is not None else None,
        object_id=subject.pk if subject is not None else None,
        label=str(subject)[:200] if subject is not None else "",
        changes=changes or {},
        details=details or {},
    )
    if touch and by.network is not None:
        by.network.touch()
    return entry
