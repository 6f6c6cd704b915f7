"""Stored files, whole or not at all. Static files under names that carry their digest, with a gzip copy beside texts: a phone on 3G waits half as long.

Brotli, slower to make, is left to the build of the image.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor

_TEXTS = (".css", ".js", ".svg", ".json", ".txt")


def _without_maps(patterns: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(one for one in patterns if "sourceMappingURL" not in str(one))


class WholeFiles(FileSystemStorage):
    """A file that could not be written to its end (full disk) leaves nothing behind."""

    def _save(self, name: str, content: Any) -> str:
        there = Path(self.path(name)).exists()
        try:
            return super()._save(name, content)  # type: ignore[misc]  # Django documents it, its stubs do not
        except OSError:
            if not there:
                Path(self.path(name)).unlink(missing_ok=True)
            raise


class HashedStorage(ManifestStaticFilesStorage):
    """Leaves mentions of source maps alone: third-party files are kept unmodified and their maps are not shipped."""

    patterns = tuple((glob, _without_maps(patterns)) for glob, patterns in ManifestStaticFilesStorage.patterns)

    def post_process(self, *args: Any, **options: Any) -> Iterator[Any]:
        compressor = Compressor(use_brotli=False, quiet=True)
        for name, stored, processed in super().post_process(*args, **options):
            if processed and not isinstance(processed, Exception) and stored and stored.endswith(_TEXTS):
                for _written in compressor.compress(self.path(stored)):
                    pass
            yield name, stored, processed
