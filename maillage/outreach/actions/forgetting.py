"""What imports and the journal kept of an elected official: it goes as the sheet does."""

from collections.abc import Collection

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.activity.actions import forget_about
from maillage.exchange.enums import Verdict
from maillage.exchange.models import Change, Line
from maillage.outreach.models import Official

REACHED_BY = ("email", "phone", "address")


def forget_how_to_reach(official: Official) -> None:
    """They objected: name and mandates stay, beside the refusal. Lines of that name that became nobody's sheet go too."""
    forget_in_changes([official.pk])
    named = Q(label__iexact=str(official), subject_id=None)
    _empty(_lines(official, named), _("Cette personne s'est opposée à ce que l'on garde ses données."))


def forget_in_changes(officials: Collection[int]) -> None:
    """Changes stay for ever, unlike lines: how to reach someone is not read there once it is nowhere else."""
    changes = list(_changes(officials))
    for change in changes:
        for held in (change.before, change.after):
            for name in REACHED_BY:
                held.pop(name, None)
    Change.objects.bulk_update(changes, ["before", "after"], batch_size=200)


def forget_whole(official: Official) -> None:
    """The sheet goes, and the name with it."""
    _empty(
        _lines(official), _("Cette personne n'est plus dans la liste : cette ligne est effacée."), label="", detail=""
    )
    _changes([official.pk]).update(label="", before={}, after={}, kept={})
    forget_about(official)


def _changes(officials: Collection[int]) -> "QuerySet[Change]":
    kind = ContentType.objects.get_for_model(Official)
    return Change.objects.filter(content_type=kind, object_id__in=officials).order_by("pk")


def _lines(official: Official, also: Q | None = None) -> "QuerySet[Line]":
    here = Q(subject_id=official.pk)
    here = here if also is None else here | also
    return Line.objects.filter(here, batch__network=official.network_id, batch__target="officials")


def _empty(lines: "QuerySet[Line]", reason: str, **also: str) -> None:
    """What still waited to be imported has nothing left to import: it becomes an error, which says why."""
    found = Line.objects.filter(pk__in=list(lines.order_by("pk").values_list("pk", flat=True)))
    fault = {"field": "last_name", "column": "", "cell": "", "reason": reason, "blocking": True, "doubt": False}
    found.filter(outcome="").update(verdict=Verdict.ERROR, faults=[fault], fault_field="last_name")
    found.exclude(outcome="").update(faults=[])
    found.update(raw=[], data={}, alike=[], changes={}, **also)
