"""Rows of subscribers for the file that administrators take out."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

COLUMNS = [
    _("Adresse"),
    _("Confirmée le"),
    _("Origine"),
    _("Source"),
    _("Thématiques"),
    _("Départements"),
    _("En pause jusqu'au"),
]


def rows_of(found: Any) -> Iterator[list[Any]]:
    for each in found.prefetch_related("themes", "departments").order_by("email").iterator(chunk_size=500):
        day = timezone.localtime(each.confirmed_at).date().isoformat() if each.confirmed_at else ""
        yield [
            each.email,
            day,
            each.get_origin_display(),
            each.source,
            [term.label for term in each.themes.all()],
            [place.name for place in each.departments.all()],
            each.paused_until.isoformat() if each.paused_until else "",
        ]
