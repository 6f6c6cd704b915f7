"""Static files under names that carry their digest."""

from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


def _without_maps(patterns: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(one for one in patterns if "sourceMappingURL" not in str(one))


class HashedStorage(ManifestStaticFilesStorage):
    """Leaves mentions of source maps alone: third-party files are kept unmodified and their maps are not shipped."""

    patterns = tuple((glob, _without_maps(patterns)) for glob, patterns in ManifestStaticFilesStorage.patterns)
