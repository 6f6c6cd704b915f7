"""Documents sent as proofs: a PDF, a PNG or a JPEG by their content, whatever their name says.

Pictures are written anew without their metadata; a PDF is kept as it is and only ever given as a download, in a sandbox.
"""

import io
import warnings
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.translation import gettext as _

from maillage.core.images import MAX_PIXELS

MAX_BYTES = 8_000_000
ACCEPT = "application/pdf,image/png,image/jpeg"
SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, MemoryError)


@dataclass(frozen=True)
class Document:
    content: ContentFile
    kind: str


def received(upload: UploadedFile) -> Document:
    """ValidationError, with a sentence that says what to do, on anything else than what is accepted."""
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(
            _("Ce document est trop lourd : %(limit)d Mo au plus.") % {"limit": MAX_BYTES // 1_000_000}, code="heavy"
        )
    upload.seek(0)
    start = upload.read(1024)
    upload.seek(0)
    if start.startswith(b"%PDF-"):
        whole = upload.read()
        if b"%%EOF" not in whole[-2048:]:
            raise _refused()
        return Document(ContentFile(whole), "application/pdf")
    return _picture(upload)


def _picture(upload: Any) -> Document:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=("PNG", "JPEG")) as opened:
                if opened.size[0] * opened.size[1] > MAX_PIXELS:
                    raise _refused()
                form = "PNG" if opened.format == "PNG" else "JPEG"
                picture = ImageOps.exif_transpose(opened)
                picture.load()
        clean = picture.convert("RGB")
        clean.info.clear()
        out = io.BytesIO()
        clean.save(out, form, quality=85, exif=b"") if form == "JPEG" else clean.save(out, form)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_UNREADABLE):
        raise _refused() from None
    return Document(ContentFile(out.getvalue()), f"image/{form.lower()}")


def _refused() -> ValidationError:
    return ValidationError(_("Envoyez un PDF, ou une image PNG ou JPEG lisible."), code="unreadable")


def given(file: Any, kind: str, name: str) -> FileResponse:
    """A stored document as a download: it opens nowhere within the site, and nobody in between keeps it."""
    response = FileResponse(
        file.open("rb"), as_attachment=True, filename=f"{name}.{SUFFIXES.get(kind, 'bin')}", content_type=kind
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def shown(file: Any, kind: str) -> FileResponse:
    """A stored picture for the page that shows it: nothing in it can run, and nobody in between keeps it."""
    response = FileResponse(file.open("rb"), content_type=kind)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
