"""The text of a publication as it leaves the site: for feeds and programs, where no sheet of style and no script goes with it."""

from collections.abc import Sequence

import nh3
from django.template.loader import render_to_string

from maillage.core.richtext import ATTRIBUTES, SCHEMES, TAGS
from maillage.publications.models import Piece, Publication
from maillage.publications.queries.rendering import plain_text, reading_of

_TAGS = TAGS | {"figure", "figcaption", "img"}
_ATTRIBUTES = {**ATTRIBUTES, "img": {"src", "alt"}}
_SHORT = 300


def text_to_take(publication: Publication, url: str, pieces: Sequence[Piece] = ()) -> str:
    """Media where the text refers to them, what a dossier gathers, notes and sources at its foot; cleaned again, addresses made absolute from `url`, that
    of its page."""
    lines = [line.strip() for line in publication.sources.splitlines() if line.strip()]
    reading = reading_of(publication.body, publication.media)
    whole = render_to_string(
        "publications/_taken.html",
        {"reading": reading, "pieces": pieces, "sources": lines, "reviewer": publication.reviewer},
    )
    return nh3.clean(
        whole,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative=("rewrite_with_base", url),
        clean_content_tags={"script", "style", "svg"},
        link_rel="nofollow ugc noopener",
    ).strip()


def words_to_take(publication: Publication) -> str:
    """A few words of it."""
    if publication.summary:
        return publication.summary
    text = plain_text(publication.body)
    return text if len(text) <= _SHORT else f"{text[:_SHORT].rsplit(maxsplit=1)[0]}…"
