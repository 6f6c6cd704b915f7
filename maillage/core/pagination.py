"""Pages of a list whose state lives in the URL; a page number out of range shows the nearest page, never an error."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict


@dataclass(frozen=True)
class PageLink:
    number: int | None
    url: str


def paginate(queryset: QuerySet[Any], params: QueryDict, *, per_page: int = 24) -> Page:
    return Paginator(queryset, per_page).get_page(params.get("page"))


def with_params(params: QueryDict, **changes: Any) -> str:
    """The query string of `params` after `changes`: None removes a key, a list sets several values; "" when empty."""
    changed = params.copy()
    for key, value in changes.items():
        if value is None:
            changed.pop(key, None)
        elif isinstance(value, (list, tuple)):
            changed.setlist(key, [str(item) for item in value])
        else:
            changed[key] = str(value)
    encoded = changed.urlencode()
    return f"?{encoded}" if encoded else "?"


def page_links(page: Page, params: QueryDict) -> list[PageLink]:
    """Links of the pager, with `number=None` where numbers are left out."""
    return [
        PageLink(None, "")
        if number == Paginator.ELLIPSIS
        else PageLink(int(number), with_params(params, page=None if number == 1 else number))
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
