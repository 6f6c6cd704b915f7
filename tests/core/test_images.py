"""Pictures: what is refused, what is kept of them, how they are served."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from maillage.core import images
from maillage.networks.models import Network


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(width=400, height=300, form="JPEG", mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, (width, height), (0, 128, 128, 90) if mode == "RGBA" else 0).save(out, form, **options)
    return out.getvalue()


def sent(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content)


def code_of(content, name="photo.jpg"):
    with pytest.raises(ValidationError) as refused:
        images.received(sent(content, name))
    return refused.value.code


def test_a_photo_loses_its_place_and_its_name():
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (43.0, 36.0, 0.0)}
    kept = images.received(sent(photo(exif=exif.tobytes()), "chez moi.jpg"))
    with Image.open(kept) as picture:
        assert (picture.format, dict(picture.getexif()), picture.size) == ("WEBP", {}, (400, 300))
    assert "chez" not in kept.name


def test_a_turned_photo_is_put_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(images.received(sent(photo(exif=exif.tobytes())))) as picture:
        assert picture.size == (300, 400)


def test_a_large_photo_is_made_smaller():
    with Image.open(images.received(sent(photo(4000, 3000)))) as picture:
        assert picture.size == (1600, 1200)


def test_transparency_is_kept():
    with Image.open(images.received(sent(photo(form="PNG", mode="RGBA")))) as picture:
        assert picture.mode == "RGBA"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unreadable"),
        (b"%PDF-1.7 not a picture", "unreadable"),
        (b"GIF89a<script>alert(1)</script>", "unreadable"),
        (b"", "unreadable"),
        (photo()[:300], "unreadable"),
        (photo(40, 40), "small"),
    ],
)
def test_what_is_not_a_usable_photo_is_refused_with_a_sentence(content, code):
    assert code_of(content) == code


def test_a_bomb_is_refused_before_its_pixels_are_read():
    assert code_of(photo(9000, 9000, "PNG", "1"), "bombe.png") == "large"


def test_a_heavy_file_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MAX_BYTES", 100)
    assert code_of(photo()) == "heavy"


def test_what_follows_the_picture_in_a_polyglot_is_gone():
    kept = images.received(sent(photo() + b"<script>alert(1)</script>"))
    assert b"script" not in kept.read()


def test_smaller_widths_are_made_and_forgotten_with_the_picture():
    name = default_storage.save("actors/a.webp", images.received(sent(photo(1600, 1200))))
    images.make_derivatives.function(None, name)
    with default_storage.open(images.derived_name(name, 640)) as stored, Image.open(stored) as picture:
        assert picture.size == (640, 480)
    images.forget(name)
    assert default_storage.listdir("actors")[1] == []


@pytest.mark.django_db
def test_a_picture_is_served_as_a_picture_for_ever(client):
    Network.objects.create(name="Ici", slug="ici")
    name = default_storage.save("actors/a.webp", images.received(sent(photo())))
    response = client.get(images.address(name))
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    response.close()


@pytest.mark.django_db
def test_a_width_not_yet_made_is_answered_by_the_whole_picture_and_not_kept(client):
    Network.objects.create(name="Ici", slug="ici")
    name = default_storage.save("actors/a.webp", images.received(sent(photo())))
    response = client.get(images.address(name, 640))
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    response.close()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["actors/absente.webp", "secret_key", "actors/a.svg"])
def test_nothing_else_is_served(client, name):
    Network.objects.create(name="Ici", slug="ici")
    assert client.get(f"/fichiers/{name}").status_code == 404


@pytest.mark.django_db
def test_a_path_out_of_the_folder_is_refused(client):
    Network.objects.create(name="Ici", slug="ici")
    assert client.get("/fichiers/../../etc/passwd.webp").status_code in (400, 404)
