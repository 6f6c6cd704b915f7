"""Pictures sent by people: checked by content, written anew as WebP without metadata under a random name, then served.

`received(upload)` gives the file to store in an ImageField. The address of a picture is `/fichiers/<name>`; smaller
widths are `<stem>.w640.webp`, made by a job and answered by the whole picture until they are there, so that a `srcset`
may name them at once.
"""

import io
import secrets
import warnings
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.jobs import task

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 12_000_000
MAX_PIXELS = 50_000_000
MIN_SIDE = 80
LARGEST = 1600
WIDTHS = (320, 640, 960)
QUALITY = 80
# What Pillow raises on a file that is not what it says depends on the format (UnidentifiedImageError is an OSError).
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, MemoryError)


def received(upload: UploadedFile) -> ContentFile:
    """`upload` as a clean WebP file; ValidationError with a sentence that says what to do otherwise.

    The pixels are read before the file is trusted for anything; nothing of the original is kept, neither its name nor
    its metadata (place of the photograph).
    """
    from PIL import Image, ImageOps  # Heavy, and of no use to most pages.

    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(
            _("Cette image est trop lourde : %(limit)d Mo au plus. Réduisez-la et renvoyez-la.")
            % {"limit": MAX_BYTES // 1_000_000},
            code="heavy",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            upload.seek(0)
            with Image.open(upload, formats=FORMATS) as opened:
                _check_size(opened)
                # Decodes at a reduced size where the format can: a large photograph costs little memory.
                opened.draft("RGB", (LARGEST * 2, LARGEST * 2))
                picture = ImageOps.exif_transpose(opened)
                picture.load()
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except _UNREADABLE:
        raise ValidationError(
            _("Ce fichier n'est pas une image lisible. Envoyez une photo JPEG, PNG ou WebP (pas de SVG ni de PDF)."),
            code="unreadable",
        ) from None
    return ContentFile(_written(picture, LARGEST), name=f"{secrets.token_hex(12)}.webp")


def _too_large() -> ValidationError:
    return ValidationError(
        _("Cette image a trop de pixels : 50 millions au plus. Réduisez-la et renvoyez-la."), code="large"
    )


def _check_size(opened: "Picture") -> None:
    width, height = opened.size
    if width * height > MAX_PIXELS:
        raise _too_large()
    if min(width, height) < MIN_SIDE:
        raise ValidationError(
            _("Cette image est trop petite : %(side)d pixels de côté au moins.") % {"side": MIN_SIDE}, code="small"
        )


def _written(picture: "Picture", widest: int) -> bytes:
    from PIL import Image

    mode = "RGBA" if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info else "RGB"
    clean = picture.convert(mode)
    clean.thumbnail((widest, widest * 3), Image.Resampling.LANCZOS)
    clean.info.clear()
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


def derived_name(name: str, width: int) -> str:
    return f"{name.removesuffix('.webp')}.w{width}.webp"


@task(max_attempts=3)
def make_derivatives(job: Any, name: str) -> None:
    """Write the smaller widths of a stored picture (never enlarged); those already there are left."""
    from PIL import Image

    if not default_storage.exists(name):
        return  # Replaced before the job ran.
    with default_storage.open(name) as stored, Image.open(stored, formats=("WEBP",)) as picture:
        picture.load()
        for width in WIDTHS:
            derived = derived_name(name, width)
            if not default_storage.exists(derived):
                default_storage.save(derived, ContentFile(_written(picture, width)))


def renamed(name: str) -> str:
    """The name of a copy of a stored picture, which nobody was told: what is hidden is read no more by who kept its address. `name`
    itself when nothing is stored there. Within the transaction that writes the new name; the former is forgotten on commit."""
    if not default_storage.exists(name):
        return name
    folder = name.rpartition("/")[0]
    new = f"{folder}/{secrets.token_hex(12)}.webp" if folder else f"{secrets.token_hex(12)}.webp"
    with default_storage.open(name) as stored:
        default_storage.save(new, ContentFile(stored.read()))
    make_derivatives.enqueue(name=new)
    return new


def forget(name: str) -> None:
    """Delete a stored picture and its smaller widths."""
    for each in (name, *(derived_name(name, width) for width in WIDTHS)):
        if each and default_storage.exists(each):
            default_storage.delete(each)


def address(name: str, width: int | None = None) -> str:
    return f"/fichiers/{derived_name(name, width) if width else name}"


def srcset(name: str) -> str:
    """The `srcset` of a stored picture."""
    return ", ".join(f"{address(name, width)} {width}w" for width in WIDTHS)


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """A stored picture: names are random and never reused, so it may be kept for ever; nothing in it can run."""
    folder, _slash, base = name.rpartition("/")
    parts = base.split(".")
    network = getattr(request, "network", None)
    # What a closed network shows to its people is kept by their browsers alone, not by a server in between.
    keepers = "public" if network is None or network.is_public else "private"
    plain = f"{folder}/{parts[0]}.webp" if folder else f"{parts[0]}.webp"
    # A width still being made is answered by the whole picture, which must not be kept under that address.
    for found, lasting in ((name, True), (plain, False)):
        if base.endswith(".webp") and default_storage.exists(found):
            response = FileResponse(default_storage.open(found), content_type="image/webp")
            response["Cache-Control"] = f"{keepers}, max-age=31536000, immutable" if lasting else "no-store"
            response["Content-Security-Policy"] = "default-src 'none'; sandbox"
            response["Cross-Origin-Resource-Policy"] = "same-origin"
            return response
    raise Http404
