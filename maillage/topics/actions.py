"""Verbs of the vocabularies: the shipped terms, and terms shared by all networks.

What a network does for itself (rename, hide, order, own terms) is written by `networks`.
"""

import json
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from maillage.core.errors import Conflict
from maillage.core.text import slugged
from maillage.core.viewer import Viewer
from maillage.topics import rules
from maillage.topics.models import Term

_DEFAULTS = Path(__file__).parent / "data" / "defaults.json"
_STEP = 10


def load_defaults(*, by: Viewer) -> int:
    """Add the shipped terms that are missing and return how many; those already there stay as they were edited."""
    rules.may_edit_shared(by).require()
    shipped = json.loads(_DEFAULTS.read_text(encoding="utf-8"))
    with transaction.atomic():
        there = set(Term.objects.order_by().values_list("vocabulary", "slug"))
        missing = [
            Term(vocabulary=vocabulary, position=_STEP * rank, **row)
            for vocabulary, rows in shipped.items()
            for rank, row in enumerate(rows, start=1)
            if (vocabulary, row["slug"]) not in there
        ]
        for term in missing:
            term.full_clean(validate_unique=False)
        Term.objects.bulk_create(missing)
    return len(missing)


def add_shared_term(*, by: Viewer, vocabulary: str, label: str, hue: int = 1, shape: str = "circle") -> Term:
    """A term for all networks, last in its vocabulary; a label that reads as an existing one is refused."""
    rules.may_edit_shared(by).require()
    term = Term(vocabulary=vocabulary, label=label.strip(), slug=slugged(label, 60), hue=hue, shape=shape)
    with transaction.atomic():
        if Term.objects.filter(vocabulary=vocabulary, slug=term.slug).exists():
            raise Conflict(_("Un terme de ce nom existe déjà dans ce vocabulaire."))
        last = Term.objects.of(vocabulary).order_by("-position").values_list("position", flat=True).first() or 0
        term.position = min(last + _STEP, 30_000)
        term.full_clean()
        term.save()
    return term
