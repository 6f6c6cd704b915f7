"""What a resource shows and gives beside its fields: photos, documents with their versions, links.

A document is given to others once it was let through: by what it is at once, by the machine's scanner in a job. The version that
everyone downloads stays the former one until then.
"""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.catalogue import rules
from maillage.catalogue.actions import telling
from maillage.catalogue.actions.marking import hold, mark_changed
from maillage.catalogue.actions.writing import changed, held, piece_of
from maillage.catalogue.engine import pictures
from maillage.catalogue.engine.contents import Refusal, kind_of, named
from maillage.catalogue.enums import State
from maillage.catalogue.models import Downloads, FileVersion, Photo, Resource, ResourceFile, ResourceLink
from maillage.catalogue.registry import MEGABYTES
from maillage.core import images, scanning
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory.enums import ImageRole

PHOTOS, FILES, VERSIONS, LINKS = 12, 30, 100, 30
_BLOCK = 1 << 20
_PICTURE = 60_000_000  # Bytes of one that is read whole, to leave out its place.


def _sentence(code: str) -> str:
    return {
        "runs": _("Ce fichier est un programme, un script, une page web ou un ancien format Office : il n'est pas pris."),
        "macros": _("Ce document contient des macros ou du code : enregistrez-le sans, puis renvoyez-le."),
        "archive": _("Cette archive est illisible, chiffrée, ou trop grosse une fois ouverte."),
    }.get(code, _("Nature de fichier inconnue. Sont pris : PDF, OpenDocument, Office (docx, xlsx, pptx), images, sons, vidéos, CSV, texte, ZIP."))  # fmt: skip


# --- photos -------------------------------------------------------------------------------------------------------------


def add_photo(*, by: Viewer, resource: Resource, picture: ContentFile, words: dict[str, Any]) -> Photo:
    """`picture` as `core.images.received` gives it; `words`: role, alt, credit, licence."""
    with transaction.atomic():
        resource = _writable(by, resource)
        if resource.photos.count() >= PHOTOS:
            raise Refused(_("Douze photos au plus : retirez-en une d'abord."), status=422, field="image")
        last = resource.photos.aggregate(last=Max("position"))["last"]
        photo = Photo(resource=resource, position=0 if last is None else last + 1, **_told(words))
        photo.image.save(picture.name or "photo.webp", picture, save=False)
        photo.full_clean()
        photo.save()
        images.make_derivatives.enqueue(name=photo.image.name)
        changed(by, resource, "resource.photos", added=str(photo)[:100])
    return photo


def describe_photo(*, by: Viewer, photo: Photo, words: dict[str, Any], first: bool = False) -> Photo:
    """What is said of it; `first` makes it the one of the card."""
    with transaction.atomic():
        resource = _writable(by, photo.resource)
        photo = piece_of(resource.photos, photo)
        for name, value in _told(words).items():
            setattr(photo, name, value)
        if first:
            resource.photos.exclude(pk=photo.pk).update(position=F("position") + 1)
            photo.position = 0
        photo.full_clean()
        photo.save()
        changed(by, resource, "resource.photos", described=str(photo)[:100])
    return photo


def remove_photo(*, by: Viewer, photo: Photo) -> None:
    with transaction.atomic():
        resource = _writable(by, photo.resource)
        photo = piece_of(resource.photos, photo)
        photo.delete()
        changed(by, resource, "resource.photos", removed=str(photo)[:100])


def _told(words: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {name: words[name] for name in ("role", "alt", "credit", "licence") if name in words}
    if told.get("role") != ImageRole.DESCRIBED:
        told["alt"] = ""
    return told


def _writable(by: Viewer, resource: Resource) -> Resource:
    resource = held(by, resource)
    rules.may_write(by, resource).require()
    return resource


# --- documents ----------------------------------------------------------------------------------------------------------


def add_version(
    *, by: Viewer, resource: Resource, upload: UploadedFile, document: ResourceFile | None = None, title: str = "",
    is_safety: bool = False, note: str = "",
) -> FileVersion:  # fmt: skip
    """A new document, or the next version of `document`, whose former ones are kept."""
    kind, digest, size, kept = _checked(by, upload)
    name = default_storage.save(f"catalogue/{secrets.token_hex(16)}.bin", kept)
    try:
        with transaction.atomic():
            resource = _writable(by, resource)
            if document is None:
                if resource.files.count() >= FILES:
                    raise Refused(_("Trente documents au plus : retirez-en un d'abord."), status=422, field="upload")
                last = resource.files.aggregate(last=Max("position"))["last"]
                position = 0 if last is None else last + 1
                title = title.strip() or named(upload.name or "", kind)
                document = ResourceFile(resource=resource, position=position, title=title[:140], is_safety=is_safety)
                document.full_clean()
                document.save()
            else:
                document = piece_of(resource.files, document)
                if document.versions.count() >= VERSIONS:
                    raise Refused(
                        _("Cent versions au plus : déposez la suite sous un autre nom de document."),
                        status=422,
                        field="upload",
                    )
                if document.versions.filter(digest=digest, withdrawn_at=None).exists():
                    raise Refused(_("Ce fichier est déjà une version de ce document."), status=422, field="upload")
            number = (document.versions.aggregate(last=Max("number"))["last"] or 0) + 1
            version = FileVersion.objects.create(
                document=document, number=number, note=note.strip()[:300], file=name, kind=kind, size=size, digest=digest,
                name=named(upload.name or "", kind), author=by.user,
            )  # fmt: skip
            if scanning.has_scanner():
                scan_version.enqueue(version_id=version.pk, _scope=f"network:{resource.network_id}")
            else:
                _let_through(version)
            changed(by, resource, "resource.files", added=version.name, version=number)
    except BaseException:
        default_storage.delete(name)
        raise
    return version


def _checked(by: Viewer, upload: UploadedFile) -> tuple[str, str, int, File]:
    """MIME type, SHA-256, size and what is kept of what was sent; `Refused` with the sentence that says what to do."""
    size, most = upload.size or 0, by.network.setting(MEGABYTES.name)
    if size > most * 1_000_000:
        raise Refused(
            _("Ce fichier est trop lourd : %(limit)d Mo au plus.") % {"limit": most}, status=422, field="upload"
        )
    if not size:
        raise Refused(_("Ce fichier est vide."), status=422, field="upload")
    try:
        kind = kind_of(upload.file)  # type: ignore[arg-type]
    except Refusal as refusal:
        raise Refused(_sentence(refusal.code), status=422, field="upload") from None
    kept: File = _without_origin(upload, kind) if kind in pictures.KINDS else File(upload)
    digest = hashlib.sha256()
    kept.seek(0)
    while block := kept.read(_BLOCK):
        digest.update(block)
    kept.seek(0)
    return kind, digest.hexdigest(), kept.size, kept


def _without_origin(upload: UploadedFile, kind: str) -> File:
    """A picture is given without the place where it was taken, which its sender seldom knows that it tells."""
    if (upload.size or 0) > _PICTURE:
        raise Refused(_("Cette image est trop lourde : 60 Mo au plus."), status=422, field="upload")
    upload.seek(0)
    try:
        return ContentFile(pictures.without_origin(kind, upload.read()))
    except pictures.Damaged:
        raise Refused(
            _("Cette image est illisible : enregistrez-la de nouveau, puis renvoyez-la."), status=422, field="upload"
        ) from None


def _let_through(version: FileVersion) -> None:
    """From now on it is given, unless a later one already is."""
    version.checked_at = timezone.now()
    version.save(update_fields=["checked_at", "updated_at"])
    document = version.document
    if document.latest is None or document.latest.number < version.number:
        document.latest = version
        document.save(update_fields=["latest"])


@task()
def scan_version(job: Job, version_id: int) -> None:
    """The machine's scanner reads it before anybody else does; while it does not answer, the job tries again."""
    found = FileVersion.objects.filter(pk=version_id, checked_at=None, refusal="", withdrawn_at=None).select_related(
        "document__resource__network"
    )
    if (version := found.first()) is None:
        return
    with version.file.open("rb") as file:
        malicious = scanning.is_malicious(file.file)
    resource = version.document.resource
    with transaction.atomic():
        hold(resource.network, resource.pk)
        if (version := found.first()) is None:
            return
        if malicious:
            version.refusal = _("Il contient un programme malveillant.")
            version.save(update_fields=["refusal", "updated_at"])
            telling.tell_refused_file(version)
        else:
            _let_through(version)
        mark_changed(resource.pk)


def withdraw_version(*, by: Viewer, version: FileVersion, reason: str) -> FileVersion:
    """One sent by mistake: its file is deleted, its name too, which may say as much; a line says when and why, its counts stay, and
    the version before is given again. Whatever is being decided of the resource, this does not wait; but nobody would read the words
    of someone reviewed while it is suspended, and they are not kept then."""
    with transaction.atomic():
        resource = held(by, version.document.resource)
        rules.may_edit(by, resource).require()
        version = piece_of(FileVersion.objects.filter(document__resource=resource), version)
        if version.withdrawn_at is not None:
            raise Conflict(_("Cette version est déjà retirée."))
        name = str(version.file.name)
        is_read = resource.state != State.SUSPENDED or rules.writes_at_once(by, resource)
        version.withdrawn_at, version.withdrawal = timezone.now(), reason.strip()[:200] if is_read else ""
        version.file, version.name, version.note = "", "", ""
        version.full_clean(exclude=["file", "name"], validate_constraints=False)
        version.save()
        document = version.document
        given = document.versions.filter(checked_at__isnull=False, refusal="", withdrawn_at=None)
        document.latest = given.order_by("-number").first()
        document.save(update_fields=["latest"])
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)
        changed(by, resource, "resource.files", withdrawn=document.title, version=version.number)
    return version


def describe_document(*, by: Viewer, document: ResourceFile, title: str, is_safety: bool) -> ResourceFile:
    with transaction.atomic():
        resource = _writable(by, document.resource)
        document = piece_of(resource.files, document)
        document.title, document.is_safety = title.strip(), is_safety
        document.full_clean()
        document.save()
        changed(by, resource, "resource.files", described=document.title)
    return document


def remove_document(*, by: Viewer, document: ResourceFile) -> None:
    """With all its versions."""
    with transaction.atomic():
        resource = _writable(by, document.resource)
        document = piece_of(resource.files, document)
        ResourceFile.objects.filter(pk=document.pk).update(latest=None)
        document.delete()
        changed(by, resource, "resource.files", removed=document.title)


def count_download(*, version: FileVersion) -> None:
    """One more of what everyone may download; nothing of who did."""
    if version.checked_at is None or version.document.resource.state != State.PUBLISHED:
        return
    found, _made = Downloads.objects.get_or_create(version=version, day=timezone.localdate())
    Downloads.objects.filter(pk=found.pk).update(count=F("count") + 1)


# --- links --------------------------------------------------------------------------------------------------------------


def set_links(*, by: Viewer, resource: Resource, links: Sequence[tuple[str, str]]) -> None:
    """(title, address) in their order; what was known of an address that stays is kept."""
    if len(links) > LINKS:
        raise Refused(_("Trente liens au plus."), status=422, field="links")
    with transaction.atomic():
        resource = _writable(by, resource)
        known = {link.url: link for link in resource.links.all()}
        before = [(link.title, link.url) for link in resource.links.all()]
        if before == list(links):
            return
        resource.links.exclude(url__in=[url for _title, url in links]).delete()
        for position, (title, url) in enumerate({url: (title, url) for title, url in links}.values()):
            link = known.get(url) or ResourceLink(resource=resource, url=url)
            link.title, link.position = title, position
            link.full_clean()
            link.save()
        changed(by, resource, "resource.links", count=len(links))
