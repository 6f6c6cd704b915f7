"""Archives that a stranger made, before they are opened."""

import io
import zipfile

import pytest

from maillage.core.archives import lists_few


def archive(members: int, comment: bytes = b"") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for number in range(members):
            made.writestr(f"{number:050}", b"")
        made.comment = comment
    return held.getvalue()


@pytest.mark.parametrize("comment", [b"", b"x" * 65_535])
def test_the_list_of_members_is_weighed_without_opening(comment):
    file = io.BytesIO(archive(100, comment))
    assert lists_few(file, 100 * (46 + 50))
    assert not lists_few(file, 100 * (46 + 50) - 1)
    assert file.tell() == 0


def test_a_larger_record_hides_no_longer_list():
    """As Python reads it: the record of 64 bits is believed, whatever the last one says."""
    whole = archive(100)
    end = whole.rindex(b"PK\x05\x06")
    start, size = end - 100 * (46 + 50), 100 * (46 + 50)
    larger = b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes(12)
    larger += b"".join(value.to_bytes(8, "little") for value in (100, 100, size, start))
    locator = b"PK\x06\x07" + bytes(4) + end.to_bytes(8, "little") + (1).to_bytes(4, "little")
    last = b"PK\x05\x06" + bytes(4) + (1).to_bytes(2, "little") * 2 + (10).to_bytes(4, "little") + bytes(6)
    hidden = io.BytesIO(whole[:end] + larger + locator + last)
    assert len(zipfile.ZipFile(hidden).infolist()) == 100
    assert not lists_few(hidden, 2_000_000)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"\x00" * 100_000])
def test_what_is_no_archive_lists_nothing(content):
    assert not lists_few(io.BytesIO(content), 2_000_000)
