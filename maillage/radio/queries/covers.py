"""The square picture that directories of podcasts ask for: JPEG, 1,400 pixels a side, from the picture of the programme, else drawn."""

import io
from random import Random

from django.core.files.storage import default_storage

from maillage.core.text import slugged
from maillage.radio.models import Show

SIDE = 1400
_HUES = ("#3b3bd6", "#b3261e", "#00695c", "#8a4b08", "#6a1b9a", "#1b5e20", "#0d47a1", "#880e4f")


def cover(show: Show) -> bytes:
    """The same bytes for the same picture, or the same name."""
    from PIL import Image, ImageOps  # Heavy, and of no use to most pages.

    name = show.image.name or ""
    if name and default_storage.exists(name):
        with default_storage.open(name) as stored, Image.open(stored, formats=("WEBP",)) as opened:
            picture = ImageOps.fit(opened.convert("RGB"), (SIDE, SIDE))
    else:
        picture = _drawn(show.name)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


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
