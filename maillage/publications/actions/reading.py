"""Counting what is read, by day, without a word of who reads."""

from django.db.models import F
from django.utils import timezone

from maillage.publications.models import Publication, Reading


def count_reading(*, publication: Publication) -> None:
    """One more reading of what everyone may read."""
    if not publication.is_shown:
        return
    found, _made = Reading.objects.get_or_create(publication=publication, day=timezone.localdate())
    Reading.objects.filter(pk=found.pk).update(count=F("count") + 1)
