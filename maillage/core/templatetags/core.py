"""Template pieces that every app uses; built in, no `load` needed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any
from uuid import uuid4

from django import template
from django.http import QueryDict
from django.template import defaultfilters
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.core import pattern
from maillage.core.dates import with_ordinal
from maillage.core.mail import address_in
from maillage.core.once import FIELD
from maillage.core.pagination import PageLink, page_links, with_params
from maillage.core.panels import MenuItem, address_of, brought_under, section_named
from maillage.core.viewer import Viewer

register = template.Library()


@register.simple_tag(takes_context=True)
def url_with(context: dict[str, Any], **changes: Any) -> str:
    """The current query string after `changes` (None removes)."""
    request = context.get("request")
    return with_params(request.GET if request is not None else QueryDict(), **changes)


@register.simple_tag(takes_context=True)
def sort_url(context: dict[str, Any], param: str, column: str, current: str | None) -> str:
    """The address that sorts by `column`, or turns the order round when it is the current one."""
    return url_with(context, **{param: f"-{column}" if current == column else column, "page": None})


@register.simple_tag(takes_context=True)
def pager_links(context: dict[str, Any], page: Any) -> list[PageLink]:
    request = context.get("request")
    return page_links(page, request.GET if request is not None else QueryDict())


@register.inclusion_tag("core/forms/_rich_text.html", takes_context=True)
def rich_text(context: dict[str, Any], form: Any) -> dict[str, Any]:
    """In the head of a page whose form has a rich text: the editor. Nothing for another form."""
    media = form.media
    return {"media": media.with_nonce(context["request"].csp_nonce) if hasattr(media, "with_nonce") else None}


@register.simple_tag(takes_context=True)
def is_here(context: dict[str, Any], address: str, exact: str = "") -> bool:
    """Whether the page is at `address`, or below it unless `exact`."""
    request = context.get("request")
    path = request.path if request is not None else ""
    return path == address or (not exact and path.startswith(address))


@register.filter(name="date", expects_localtime=True, is_safe=False)
def date_in_words(value: Any, form: str | None = None) -> str:
    """Django's `date`, but « 1er mars »."""
    return defaultfilters.date(value, with_ordinal(value, form) if form else form)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite (names: tools/vendor.py): decorative unless it has a `label`."""
    return _drawn(name, str(label), css) if name else SafeString("")


@lru_cache(maxsize=1000)  # A list shows the same fifty times.
def _drawn(name: str, label: str, css: str) -> SafeString:
    role = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" width="20" height="20" focusable="false" {}><use href="{}#i-{}"></use></svg>',
        f" {css}" if css else "",
        role,
        static("core/icons.svg"),
        name,
    )


@lru_cache(maxsize=1)
def _shapes() -> dict[str, str]:
    """Outlines on a 10 × 10 square, one per `topics.enums.Shape` value."""
    return {
        "circle": "M5 0a5 5 0 1 1 0 10A5 5 0 0 1 5 0z",
        "square": "M.6.6h8.8v8.8H.6z",
        "triangle": "M5 .3 10 9.4H0z",
        "diamond": "M5 0l5 5-5 5-5-5z",
        "hexagon": "M2.5.6h5L10 5 7.5 9.4h-5L0 5z",
    }


@register.simple_tag
@lru_cache(maxsize=100)
def shape(name: str, hue: int | str = "") -> SafeString:
    """The small drawn mark of a family: never the only sign, a label goes with it."""
    return format_html(
        '<svg class="mark__shape{}" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        f" hue-{hue}" if hue else "",
        _shapes().get(name, _shapes()["circle"]),
    )


@register.simple_tag
def motif(seed: Any, hue: int | str = 1) -> str:
    """Address of the picture drawn for an object without a photo, in a family's hue (1 to 8)."""
    number = int(hue or 1)
    address = reverse("core:pattern", args=[number if number in pattern.ANGLES else 1])
    return f"{address}?v={pattern.VERSION}#{pattern.window(str(seed))}"


@dataclass(frozen=True)
class MenuLink:
    label: Any
    url: str
    icon: str
    is_current: bool
    counted: Callable[[], int] = int
    group: Any = ""

    @property
    def count(self) -> int:
        """Asked by the menus that show it alone."""
        return self.counted()


@register.simple_tag(takes_context=True)
def menu_links(context: dict[str, Any], items: Iterable[MenuItem] | None) -> list[MenuLink]:
    """Entries of a menu ready to draw; the current one has the longest address, its own or one it covers, that the page's
    begins with."""
    request = context.get("request")
    path = request.path if request is not None else ""
    found = []
    for item in items or ():
        try:
            tabs = [tab.url for tab in brought_under(item)]
            found.append((item, item.url, [*tabs, *(address_of(page) for page in item.covers)]))
        except NoReverseMatch:
            continue
    leading = [
        (len(each), url)
        for _item, url, covered in found
        for each in (url, *covered)
        if path == each or (each != "/" and path.startswith(each))
    ]
    _length, current = max(leading, default=(0, None))
    viewer: Viewer = context.get("viewer") or Viewer()
    return [
        MenuLink(
            item.label, url, item.icon, url == current, partial(item.count, viewer) if item.count else int, item.group
        )
        for item, url, _covered in found
    ]


@register.simple_tag(takes_context=True)
def address(context: dict[str, Any], content: Any) -> str:
    """The page of a content that may be another network's."""
    return address_in(context.get("network"), content)


@register.simple_tag(takes_context=True)
def tabs_of(context: dict[str, Any], area: str, section: str, head: bool = False) -> list[MenuItem]:
    """The tabs that other apps bring to a section, for its own pages and for theirs, after that of the section itself with `head`;
    see `core.panels.MenuItem`."""
    first = section_named(area, section)
    brought = brought_under(first, context.get("viewer") or Viewer())
    return [first, *brought] if head else brought


@register.simple_tag
def form_key() -> SafeString:
    """What tells a form sent twice from two forms; see `core.once`."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())


@register.filter
def initials(name: Any) -> str:
    """Two letters for an avatar."""
    words = [word for word in str(name).replace("-", " ").split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
