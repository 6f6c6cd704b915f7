"""backup and restore: one archive taken while others write, put back on an empty machine, counts and checksums equal."""

import json
import shutil
import time
import zipfile

import pytest

from maillage.core.operations.restore import Refusal, verified
from tests.ops.conftest import Instance
from tests.ops.test_crashes import call, killed_after


def manifest(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))


@pytest.fixture
def busy(instance):
    """An instance with files, in which three processes write."""
    (instance.var / "files" / "actors").mkdir(parents=True)
    (instance.var / "files" / "actors" / "photo.webp").write_bytes(b"RIFF" * 1000)
    call(instance, "upload", "liste.csv", "Nom;Commune")
    writers = [instance.open("tests.ops.processes", "write", str(number)) for number in range(3)]
    yield instance, writers
    for writer in writers:
        writer.kill()
        writer.communicate()


def test_an_archive_taken_while_writing_is_restored_equal(busy, new_instance, tmp_path):
    instance, writers = busy
    before = [writer.stdout.readline().strip() for writer in writers for _ in range(5)]
    instance.run("backup", str(tmp_path / "one.zip"))
    after = [line for writer in writers for line in killed_after(writer, 0.1)]
    assert len(after) > 0

    other = new_instance()
    said = other.run("restore", str(tmp_path / "one.zip"))
    assert "remis" in said
    other.run("backup", str(tmp_path / "two.zip"))
    assert manifest(tmp_path / "two.zip")["members"] == manifest(tmp_path / "one.zip")["members"]
    assert manifest(tmp_path / "two.zip")["migrations"] == manifest(tmp_path / "one.zip")["migrations"]
    assert (other.var / "files" / "actors" / "photo.webp").read_bytes() == b"RIFF" * 1000
    # The source of an import is read where its row says, and by its owner alone.
    assert call(other, "uploaded") == ["liste.csv Nom;Commune 600"]
    assert manifest(tmp_path / "one.zip")["missing"] == []
    assert (other.var / "secret_key").read_text() == (instance.var / "secret_key").read_text()

    kept = [row.split("|")[:2] for row in call(other, "rows", "pair")]
    halves = {half: {message for scope, message in kept if scope == half} for half in ("a", "b")}
    # One snapshot: no transaction is cut in two, and what was acknowledged before the archive was begun is in it.
    assert halves["a"] == halves["b"]
    assert set(before) - halves["a"] == set()
    # Identifiers go on after those restored.
    call(other, "enqueue", "1")


@pytest.fixture
def archive(instance, tmp_path):
    (instance.var / "files").mkdir()
    (instance.var / "files" / "a.txt").write_text("un")
    instance.run("backup", str(tmp_path / "archive.zip"))
    return tmp_path / "archive.zip"


@pytest.fixture(scope="module")
def sound_archive(_template, tmp_path_factory):
    """An archive of one file, to be read only: made once."""
    folder = tmp_path_factory.mktemp("sound")
    instance = Instance(folder / "var", _template.database_url)
    shutil.copytree(_template.var, instance.var)
    (instance.var / "files").mkdir()
    (instance.var / "files" / "a.txt").write_text("un")
    instance.run("backup", str(folder / "archive.zip"))
    return folder / "archive.zip"


def test_an_archive_is_readable_by_its_owner_alone(sound_archive):
    assert sound_archive.stat().st_mode & 0o777 == 0o600


def test_a_backup_never_overwrites_another(archive, instance):
    assert "existe déjà" in instance.run("backup", str(archive), expect=1)


def test_an_instance_that_is_not_empty_is_left_alone(archive, instance):
    call(instance, "enqueue", "2")
    assert "n'est pas vide" in instance.run("restore", str(archive), expect=1)
    assert len(call(instance, "rows", "__main__.mark")) == 2
    instance.run("restore", str(archive), "--force")
    assert call(instance, "rows", "__main__.mark") == []


def test_a_file_that_the_base_names_and_the_disk_lacks_is_told(instance, tmp_path):
    call(instance, "upload", "liste.csv", "Nom;Commune")
    stored = next(path for path in (instance.var / "imports").rglob("*") if path.is_file())
    stored.unlink()
    said = instance.run("backup", str(tmp_path / "one.zip"))
    assert f"ne sont pas sur le disque : 1 (imports/{stored.relative_to(instance.var / 'imports')})" in said


def rewritten(archive, name, content, target, *, sound=False):
    """A copy of an archive with one member changed; `sound` mends the manifest too."""
    import hashlib

    summary = manifest(archive)
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as out:
        for member in source.namelist():
            if member not in {name, "manifest.json"}:
                out.writestr(member, source.read(member))
        if name != "manifest.json":
            out.writestr(name, content)
            if sound:
                summary["members"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        else:
            summary.update(content)
        out.writestr("manifest.json", json.dumps(summary))
    return target


@pytest.mark.parametrize(
    ("name", "content", "sound", "sentence"),
    [
        ("files/a.txt", b"deux", False, "files/a.txt est abîmé"),
        ("files/b.txt", b"en trop", False, "ne contient pas ce que dit son sommaire"),
        ("files/../../evil", b"x", True, "nom de fichier refusé"),
        ("/etc/evil", b"x", True, "nom de fichier refusé"),
        ("manifest.json", {"format": 99}, False, "format 99 inconnu"),
        ("manifest.json", {"migrations": [["core", "9999_future"]]}, False, "version plus récente"),
    ],
)
def test_a_damaged_or_foreign_archive_is_not_what_it_says(sound_archive, tmp_path, name, content, sound, sentence):
    changed = rewritten(sound_archive, name, content, tmp_path / "changed.zip", sound=sound)
    with zipfile.ZipFile(changed) as opened, pytest.raises(Refusal, match=sentence):
        verified(opened)


def test_nothing_is_touched_by_an_archive_that_is_refused(archive, instance, tmp_path):
    changed = rewritten(archive, "files/a.txt", b"deux", tmp_path / "changed.zip")
    call(instance, "enqueue", "2")
    assert "abîmé" in instance.run("restore", str(changed), "--force", expect=1)
    assert (instance.var / "files" / "a.txt").read_text() == "un"
    assert len(call(instance, "rows", "__main__.mark")) == 2


def test_what_is_not_an_archive_is_refused_in_words(instance, tmp_path):
    (tmp_path / "text").write_text("bonjour")
    text, absent = tmp_path / "text", tmp_path / "absent"
    assert f"{text} n'est pas une archive entière de Maillage" in instance.run("restore", str(text), expect=1)
    assert f"{absent} n'existe pas" in instance.run("restore", str(absent), expect=1)


def test_the_date_of_the_last_backup_is_kept(archive, instance):
    kept = json.loads((instance.var / "last_backup.json").read_text())
    assert kept["file"] == str(archive)
    assert kept["at"].startswith(time.strftime("%Y-", time.gmtime()))
