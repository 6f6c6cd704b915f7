"""The picture of a programme: large for players, at the displayed size on our pages."""

import io
import re

from django.urls import reverse
from PIL import Image

from maillage.radio.queries.covers import SIDE
from tests.factories.radio import make_show


def test_our_pages_ask_for_the_size_they_show_and_players_for_the_whole(world, client):
    show = make_show(world.team)
    sizes = {}
    for page in (reverse("radio:show_list"), show.get_absolute_url()):
        for address in re.findall(r"/radio/[\w-]+/pochette[\w.-]+", client.get(page).content.decode()):
            answer = client.get(address)
            with Image.open(io.BytesIO(answer.content)) as picture:
                sizes[address.rpartition("/")[2]] = (answer["Content-Type"], picture.size, len(answer.content) < 20_000)
    small = ("image/webp", True)
    assert {name: (kind, light) for name, (kind, _size, light) in sizes.items()} == dict.fromkeys(
        ("pochette-136.webp", "pochette-272.webp", "pochette-432.webp"), small
    )
    assert [size for _kind, size, _light in sizes.values()] == [(136, 136), (272, 272), (432, 432)]
    with Image.open(io.BytesIO(client.get(reverse("radio:cover", args=[show.slug])).content)) as whole:
        assert whole.size == (SIDE, SIDE)
