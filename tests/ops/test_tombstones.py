"""A backup does not bring people back: erasures made since are done again when it is restored."""

import shutil

from tests.ops.test_crashes import call

ALICE, BOB = "alice@exemple.test", "bob@exemple.test"
STONES = "tombstones.jsonl"


def test_an_archive_brings_no_erased_person_back_in_place_nor_on_another_machine(instance, new_instance, tmp_path):
    archive = str(tmp_path / "before.zip")
    call(instance, "join", ALICE, BOB)
    instance.run("backup", archive)
    call(instance, "leave", ALICE)

    other = new_instance()
    other.var.mkdir()
    shutil.copy(instance.var / STONES, other.var / STONES)
    # In place, even a file that was lost is made again from the database that is about to be replaced.
    (instance.var / STONES).unlink()
    for restored, options in ((instance, ["--force"]), (other, [])):
        assert "1 effacement de compte refait" in restored.run("restore", archive, *options)
        assert call(restored, "people") == ["|supprime-1@invalid", f"bob|{BOB}"]
        assert call(restored, "suppressed", ALICE, BOB) == [ALICE]
