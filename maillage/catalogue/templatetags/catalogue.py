"""What templates of the catalogue, and of the apps above, say of half-days."""

from datetime import date

from django import template

from maillage.catalogue.engine.halves import day_of

register = template.Library()


@register.filter
def half_day(half: int) -> date:
    """The day of a half-day."""
    return day_of(half)
