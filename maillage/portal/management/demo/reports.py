"""What people reported of the agenda of the demonstration: a case in each state."""

from datetime import datetime

from maillage.agenda.enums import EventState
from maillage.agenda.models import Event
from maillage.agenda.registry import EVENT
from maillage.core.viewer import Viewer
from maillage.moderation.actions import appeal, report, settle
from maillage.moderation.models import Case, Report
from maillage.moderation.queries import reached
from maillage.portal.management.demo.world import World

_FIRST = 30  # Beyond those that something else happens to.
_REPORTS = (  # For each event: who (none: a visitor), why, in which words.
    (("", "faux", "La date n'est pas celle que donne le site de l'organisateur."), ("membre", "droits", "")),
    (
        ("membre", "publicite", "L'annonce renvoie vers une boutique."),
        ("pole", "publicite", ""),
        ("region", "faux", ""),
    ),
    (("membre", "autre", "Je crois que la séance est annulée."),),
    (("pole", "faux", "Aucune étude ne dit cela."), ("", "dangereux", "")),
    (("region", "publicite", ""), ("pole", "publicite", "C'est la boutique qui parle."), ("membre", "publicite", "")),
)
_KEPT = "Vérifié auprès de l'organisateur : la séance a bien lieu."
_REMOVED = "Le texte avance des chiffres que rien n'établit : donnez vos sources, et nous le remettrons."
_SOLD = "L'annonce parle surtout de ce qui s'y vend."
_CONTEST = "La boutique est à côté : la séance est gratuite, et l'on n'y vend rien."


def tell_reports(world: World) -> None:
    add, ago = world.chronicle.add, world.chronicle.ago
    add(ago(2, 18), lambda at: _report(world, at))
    add(ago(1, 10), lambda at: _decide(world, at))
    add(ago(1, 17), lambda at: _contest(world, at))


def _report(world: World, at: datetime) -> None:
    """The last two were written by someone whom the team can answer."""
    coming = Event.objects.filter(
        network=world.south, state=EventState.PUBLISHED, first_at__gt=world.chronicle.now, parent=None, author=None
    )
    events = list(coming.order_by("first_at", "slug")[_FIRST : _FIRST + len(_REPORTS)])
    Event.objects.filter(pk__in=[event.pk for event in events[3:]]).update(author=world.viewer("acteur").user)
    for event, told in zip(events, _REPORTS, strict=False):
        for who, reason, words in told:
            by = world.viewer(who) if who else Viewer(network=world.south)
            found = reached(by, EVENT, event.pk)
            if found is not None and found.kind is not None:
                report(by=by, kind=found.kind, content=found.content, reason=reason, words=words)
    cases = Case.objects.filter(network=world.south)
    cases.update(created_at=at)
    cases.exclude(hidden_at=None).update(hidden_at=at)
    Report.objects.filter(case__in=cases).update(at=at)


def _decide(world: World, at: datetime) -> None:
    team = world.viewer("animation")
    decided = ((False, _KEPT), (True, _REMOVED), (True, _SOLD))
    cases = Case.objects.filter(network=world.south).order_by("pk")[2:]
    for case, (removed, words) in zip(cases, decided, strict=False):
        settle(by=team, case=case, removed=removed, words=words)
        Case.objects.filter(pk=case.pk).update(decided_at=at)


def _contest(world: World, at: datetime) -> None:
    for case in Case.objects.filter(network=world.south, words=_SOLD):
        appeal(by=world.viewer("acteur"), case=case, words=_CONTEST)
        Case.objects.filter(pk=case.pk).update(appealed_at=at)
