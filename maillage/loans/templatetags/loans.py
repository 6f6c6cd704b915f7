"""Half-days in words."""

from typing import Any

from django import template

from maillage.loans.queries.halves import days_said, half_said, span_said

register = template.Library()


@register.filter
def half(number: int) -> str:
    return half_said(number)


@register.filter
def span(row: Any) -> str:
    """Of a loan, or of an entry of a waiting list."""
    return span_said(row.first, row.last)


@register.filter
def days(row: Any) -> str:
    return days_said(row.first, row.last)
