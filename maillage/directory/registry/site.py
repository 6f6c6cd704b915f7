"""What the apps above bring to the map of the site, and what they keep from robots."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from maillage.core.viewer import Viewer


@dataclass(frozen=True)
class SitePart:
    """Pages of one kind: `url_name` takes `args` and the slug, `entries` gives those the viewer may see in a fixed order, as (slug,
    when it last changed). `name`, of small letters, is in the address of its files; the directory's own has none."""

    name: str
    url_name: str
    entries: Callable[[Viewer], QuerySet]
    args: tuple[str, ...] = ()


_parts: list[SitePart] = []
_kept_out: list[str] = []


def show_on_map(part: SitePart) -> None:
    _parts.append(part)


def parts() -> list[SitePart]:
    return list(_parts)


def keep_out(*patterns: str) -> None:
    """Addresses, as robots.txt writes them, of files and of lists without end."""
    _kept_out.extend(patterns)


def kept_out() -> list[str]:
    return list(_kept_out)
