"""Composing a dossier: what it gathers, in order, said at once as it is no text."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.publications import rules
from maillage.publications.actions.marking import mark_changed
from maillage.publications.actions.stating import held
from maillage.publications.enums import Kind
from maillage.publications.models import Piece, Publication
from maillage.publications.queries.gathering import pieces_of, with_things

MOST = 60


def add_piece(*, by: Viewer, dossier: Publication, words: str = "", **of: Any) -> Piece:
    """`of`: one of `publication`, `event`, `actor`, `url` with `title`, or `kind` and `object_id` of what another app lends; the
    last place is its own."""
    with transaction.atomic():
        dossier = _composed(by, dossier)
        count = dossier.pieces.count()
        if count >= MOST:
            raise Refused(_("Soixante éléments au plus."), status=422)
        piece = Piece(dossier=dossier, position=count, words=legible(words).strip()[:300], **of)
        piece.title = legible(piece.title)
        if isinstance(piece.publication, Publication) and piece.publication.kind == Kind.DOSSIER:
            raise Refused(_("Un dossier n'en contient pas un autre : mettez un lien."), status=422)
        piece.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                piece.save()
        except IntegrityError:
            raise Conflict(_("C'est déjà dans le dossier.")) from None
        _tell(by, dossier, {"added": with_things([piece], by)[0].name})
    return piece


def remove_piece(*, by: Viewer, piece: Piece) -> None:
    with transaction.atomic():
        dossier = _composed(by, piece.dossier)
        if dossier.is_shown and all(
            each.pk == piece.pk for each in pieces_of(dossier, Viewer(network=dossier.network))
        ):
            raise Refused(_("Un dossier publié garde au moins un élément."), status=409)
        name = with_things([piece], by)[0].name
        dossier.pieces.filter(pk=piece.pk).delete()
        _tell(by, dossier, {"removed": name})


def move_piece(*, by: Viewer, piece: Piece, up: bool) -> None:
    """One place up or down."""
    with transaction.atomic():
        dossier = _composed(by, piece.dossier)
        keys = list(dossier.pieces.order_by("position", "pk").values_list("pk", flat=True))
        if piece.pk not in keys:
            raise Conflict(_("Cet élément n'est plus dans le dossier."))
        at = keys.index(piece.pk)
        other = at - 1 if up else at + 1
        if 0 <= other < len(keys):
            keys[at], keys[other] = keys[other], keys[at]
        for place, key in enumerate(keys):
            Piece.objects.filter(pk=key).update(position=place)
        mark_changed(dossier)


def _composed(by: Viewer, dossier: Publication) -> Publication:
    dossier = held(by, dossier)
    rules.may_publish(by, dossier).require()
    if dossier.kind != Kind.DOSSIER:
        raise Refused(_("Seul un dossier rassemble d'autres contenus."), status=409)
    return dossier


def _tell(by: Viewer, dossier: Publication, details: dict[str, str]) -> None:
    record("publication.pieces", by=by, subject=dossier, details=details)
    mark_changed(dossier)
