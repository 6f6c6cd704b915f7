"""How often a publication is read, by day and without a word of who reads it."""

from django.db import models

from maillage.publications.models.publications import Publication


class Reading(models.Model):
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="readings")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "day"], name="reading_publication_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
