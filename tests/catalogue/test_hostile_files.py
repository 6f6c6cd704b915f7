"""Files made to hurt: what they declare is not believed, and none of them is an error of the site."""

import io
import random
import zipfile

import pytest

from maillage.catalogue.engine import contents
from maillage.catalogue.engine.contents import Refusal, kind_of
from tests.factories.catalogue import upload


def packed(method, **members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return held.getvalue()


def test_a_member_that_inflates_beyond_what_it_declares_is_not_inflated(monkeypatch):
    bomb = bytearray(packed(zipfile.ZIP_DEFLATED, mimetype=bytes(3_000_000)))
    at = bomb.rfind(b"PK\x01\x02")
    bomb[at + 24 : at + 28] = (50).to_bytes(4, "little")
    inflated = []
    read = zipfile.ZipExtFile.read

    def watched(self, n=-1):
        inflated.append(n)
        return read(self, n)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", watched)
    with pytest.raises(Refusal):
        kind_of(upload(bytes(bomb)).file)
    assert inflated
    assert all(0 <= n <= 2_000_000 for n in inflated)


def test_what_is_packed_otherwise_than_office_does_is_not_opened():
    with pytest.raises(Refusal):
        kind_of(upload(packed(zipfile.ZIP_BZIP2, mimetype=b"application/vnd.oasis.opendocument.text")).file)


def test_a_damaged_archive_is_refused_and_never_an_error():
    whole = packed(
        zipfile.ZIP_DEFLATED, mimetype=b"application/vnd.oasis.opendocument.text", **{"[Content_Types].xml": b"x" * 300}
    )
    dice = random.Random(3)
    for _turn in range(600):
        broken = bytearray(whole)
        for _byte in range(4):
            broken[dice.randrange(4, len(broken))] = dice.randrange(256)
        try:
            kind_of(upload(bytes(broken)).file)
        except Refusal:
            continue


def test_too_many_members_are_refused_before_they_are_listed(monkeypatch):
    many = packed(zipfile.ZIP_STORED, **{f"{rank:0300}": b"" for rank in range(6000)})

    def opened(*_args):
        raise AssertionError

    monkeypatch.setattr(contents.zipfile, "ZipFile", opened)
    with pytest.raises(Refusal):
        kind_of(upload(many).file)


@pytest.mark.parametrize("brand", [b"heic", b"avif", b"mif1"])
def test_pictures_of_telephones_are_not_taken_for_videos(brand):
    with pytest.raises(Refusal):
        kind_of(upload(b"\x00\x00\x00\x18ftyp" + brand).file)
