"""Pictures given as documents say nothing of where they were taken; not a pixel of theirs changes."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, PngImagePlugin

from maillage.catalogue import actions
from maillage.catalogue.engine.pictures import Damaged, without_origin
from maillage.core.errors import Refused
from tests.factories.catalogue import make_resource, upload

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>43,36N</exif:GPSLatitude></x:xmpmeta>'
PLACE = (b"GPSLatitude", b"Chez Zo", b"Canon")


def photo(form="JPEG", **options):
    """Of Zoé's home, turned, with where and by what it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x010E] = 6, "Canon", "Chez Zoé"
    exif[0x8825] = {1: "N", 2: (43.0, 36.0, 0.0), 3: "E", 4: (3.0, 52.0, 0.0)}
    image = Image.effect_noise((120, 80), 60).convert("RGB")
    if form == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_itxt("XML:com.adobe.xmp", XMP.decode())
        told.add_text("Description", "Chez Zoé")
        options["pnginfo"] = told
    else:
        options["xmp"] = XMP
    held = io.BytesIO()
    image.save(held, form, exif=exif.tobytes(), **options)
    return held.getvalue()


@pytest.mark.parametrize(
    ("form", "options"),
    [("JPEG", {}), ("JPEG", {"progressive": True, "comment": b"Chez Zo\xe9"}), ("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True})],
)  # fmt: skip
def test_where_it_was_taken_is_left_out_and_its_pixels_stay(form, options):
    before = photo(form, **options)
    after = without_origin(f"image/{form.lower()}", before + b"PK\x03\x04 Chez Zo, 43 rue")
    assert not any(word in after for word in PLACE)
    with Image.open(io.BytesIO(before)) as was, Image.open(io.BytesIO(after)) as now:
        assert ImageChops.difference(was.convert("RGB"), now.convert("RGB")).getbbox() is None
        told = dict(now.getexif())
    assert told == ({0x0112: 6} if form == "JPEG" else {})
    assert without_origin(f"image/{form.lower()}", after) == after


def test_moving_pictures_still_move():
    frames = [Image.new("RGB", (90, 90), colour) for colour in ("red", "green", "blue")]
    for form in ("PNG", "WEBP"):
        held = io.BytesIO()
        frames[0].save(held, form, save_all=True, append_images=frames[1:])
        with Image.open(io.BytesIO(without_origin(f"image/{form.lower()}", held.getvalue()))) as kept:
            assert kept.n_frames == 3


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@given(cut=st.integers(4, 200), flips=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=8))
def test_a_picture_cut_short_or_scratched_is_refused_or_written_whole(form, cut, flips):
    content = bytearray(photo(form))
    for at, value in flips:
        content[at % len(content)] = value
    with pytest.raises(Damaged):
        without_origin(f"image/{form.lower()}", bytes(content[: len(content) // cut]))
    with contextlib.suppress(Damaged):
        without_origin(f"image/{form.lower()}", bytes(content))


def test_what_is_stored_and_counted_is_what_is_left(world):
    resource = make_resource(world.helene, world.lender, kind="media")
    version = actions.add_version(by=world.helene, resource=resource, upload=upload(photo(), "chez-moi.jpg"))
    with version.file.open("rb") as file:
        stored = file.read()
    assert not any(word in stored for word in PLACE)
    assert version.size == len(stored)
    with pytest.raises(Refused):
        actions.add_version(by=world.helene, resource=resource, upload=upload(photo()[:400], "coupee.jpg"))


def test_a_heap_of_small_pieces_costs_no_more_than_its_size():
    piece = struct.pack(">I", 0) + b"tIME" + struct.pack(">I", zlib.crc32(b"tIME"))
    with pytest.raises(Damaged):
        without_origin("image/png", b"\x89PNG\r\n\x1a\n" + piece * 200_000)


@pytest.mark.parametrize(
    ("kind", "heap"),
    [
        ("image/jpeg", b"\xff\xd8" + b"\xff\xdb\x00\x02" * 200_000),
        ("image/jpeg", b"\xff\xd8" + b"\xff" * 2_000_000),
        ("image/jpeg", b"\xff\xd8\xff\xda\x00\x02" + b"\xff" * 2_000_000),
        ("image/png", b"\x89PNG\r\n\x1a\n" + (struct.pack(">I", 0) + b"IDAT" + b"\0\0\0\0") * 200_000),
        ("image/webp", b"RIFF" + struct.pack("<I", 4 + 8 * 200_000) + b"WEBP" + b"ALPH\0\0\0\0" * 200_000),
    ],
)
def test_a_heap_of_pieces_that_are_kept_is_no_picture(kind, heap):
    with pytest.raises(Damaged):
        without_origin(kind, heap)
