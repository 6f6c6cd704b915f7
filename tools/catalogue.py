"""Translation catalogues: the compiled `.mo` are committed, since a fresh machine has no msgfmt."""

import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tools.machine import say

LOCALE = Path(__file__).resolve().parent.parent / "maillage" / "locale"


def compiled(source: Path) -> bytes:
    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=source.parts[-3])
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def is_compiled() -> bool:
    """Whether each `.mo` is what its `.po` gives."""
    stale = [
        str(source)
        for source in sorted(LOCALE.rglob("*.po"))
        if not source.with_suffix(".mo").exists() or source.with_suffix(".mo").read_bytes() != compiled(source)
    ]
    for source in stale:
        say(f"{source} : à compiler (run.py fix)")
    return not stale


def compile_all() -> None:
    for source in LOCALE.rglob("*.po"):
        source.with_suffix(".mo").write_bytes(compiled(source))
