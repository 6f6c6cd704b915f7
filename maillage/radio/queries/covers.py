"""The square picture of a programme, its own else drawn: JPEG of 1,400 pixels a side, as directories of podcasts ask for it, and
WebP at the sizes of our pages."""

import io
from functools import lru_cache
from random import Random

from django.core.files.storage import default_storage

from maillage.core.text import slugged
from maillage.radio.models import Show

SIDE = 1400
SMALL = (136, 272, 432)  # In a list, and at the head of a page, at once and twice the pixels.
_HUES = ("#3b3bd6", "#b3261e", "#00695c", "#8a4b08", "#6a1b9a", "#1b5e20", "#0d47a1", "#880e4f")


def cover(show: Show) -> bytes:
    """The same bytes for the same picture, or the same name."""
    out = io.BytesIO()
    _whole(show.image.name or "", show.name).save(out, "JPEG", quality=82)
    return out.getvalue()


def small_cover(show: Show, side: int) -> bytes:
    return _small(show.image.name or "", show.name, side)


@lru_cache(maxsize=60)  # Names of pictures are never given twice; some ten kilobytes each.
def _small(image: str, name: str, side: int) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    _whole(image, name).resize((side, side), Image.Resampling.LANCZOS).save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def _whole(image: str, name: str):  # type: ignore[no-untyped-def]  # the type of Pillow is only known inside
    from PIL import Image, ImageOps  # Heavy, and of no use to most pages.

    if image and default_storage.exists(image):
        with default_storage.open(image) as stored, Image.open(stored, formats=("WEBP",)) as opened:
            return ImageOps.fit(opened.convert("RGB"), (SIDE, SIDE))
    return _drawn(name)


def _drawn(name: str):  # type: ignore[no-untyped-def]  # the type of Pillow is only known inside
    """Circles joined by a mesh, in a colour that the name gives; players write the name beside it."""
    from PIL import Image, ImageDraw

    random = Random(slugged(name))  # noqa: S311  (a drawing, the same each time)
    picture = Image.new("RGB", (SIDE, SIDE), random.choice(_HUES))
    draw = ImageDraw.Draw(picture)
    points = [(random.randint(150, SIDE - 150), random.randint(150, SIDE - 150)) for _point in range(7)]
    for first, second in zip(points, points[1:] + points[:1], strict=True):
        draw.line([first, second], fill="#ffffff", width=14)
    for rank, (x, y) in enumerate(points):
        size = 40 + rank % 3 * 45
        draw.ellipse([x - size, y - size, x + size, y + size], fill="#ffffff")
    return picture
