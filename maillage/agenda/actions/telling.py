"""Who is told of what becomes of an event: its author, the people of those who organise it, the team."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import notify
from maillage.agenda.enums import EventStatus, RefusalReason
from maillage.agenda.models import Event, EventRevision
from maillage.core.throttle import hit
from maillage.core.viewer import Viewer
from maillage.directory.actions.telling import tell_team
from maillage.directory.models import Actor

NOTICES_AN_HOUR = 20


def event_url(event: Event) -> str:
    return reverse("agenda:event_work", args=[event.pk])


def revision_url(revision: EventRevision) -> str:
    return reverse("agenda:event_revision_show", args=[revision.pk])


def tell_proposed(event: Event) -> None:
    tell_team(
        event.network,
        title=_("Un événement attend votre relecture : « %(title)s »") % {"title": event.title},
        text=_("Il paraîtra dans l'agenda une fois publié par l'équipe."),
        path=event_url(event),
        label=_("Relire l'événement"),
    )


def tell_published(event: Event, *, by: Viewer) -> None:
    """The author of one that the team published; nobody learns what they did themselves."""
    if not _hears(event.author, by) or event.proposed_at is None:
        return
    notify(
        "event_answer",
        event=f"{event.pk}:published:{event.proposed_at.isoformat()}",
        title=_("Votre événement est publié : « %(title)s »") % {"title": event.title},
        network=event.network,
        to=event.author,
        url=event.get_absolute_url(),
        context={"text": _("Il est dans l'agenda. S'il change ou s'annule, dites-le sur sa page."),
                 "button_label": _("Voir l'événement")},
    )  # fmt: skip


def tell_refused(event: Event, *, by: Viewer) -> None:
    if not _hears(event.author, by):
        return
    notify(
        "event_answer",
        event=f"{event.pk}:refused:{event.decided_at}",
        title=_("Votre événement n'est pas publié : « %(title)s »") % {"title": event.title},
        network=event.network,
        to=event.author,
        url=event_url(event),
        context={
            "text": _("Tout ce que vous avez écrit est gardé : corrigez, puis proposez de nouveau."),
            "code": RefusalReason(event.code).label,
            "said": event.reason,
            "button_label": _("Corriger mon événement"),
        },
    )


def tell_withdrawn(event: Event, *, by: Viewer) -> None:
    """The team took a published event out of the agenda."""
    if not _hears(event.author, by):
        return
    notify(
        "event_answer",
        event=f"{event.pk}:hidden:{event.decided_at}",
        title=_("Votre événement est retiré de l'agenda : « %(title)s »") % {"title": event.title},
        network=event.network,
        to=event.author,
        url=event_url(event),
        context={"text": _("Écrivez à l'équipe d'animation pour le remettre."), "said": event.reason},
    )


def tell_status(event: Event, *, by: Viewer) -> None:
    """That it is cancelled or put off: the team, its author and the people of its organisers, unless they said it."""
    if not event.is_shown or event.status not in (EventStatus.CANCELLED, EventStatus.POSTPONED):
        return
    words = _("annulé") if event.is_cancelled else _("reporté")
    title = _("« %(title)s » est %(words)s") % {"title": event.title, "words": words}
    note = event.status_note or _("Aucune précision n'est donnée.")
    if not by.runs_network:
        tell_team(event.network, title=title, text=note, path=event_url(event), label=_("Voir l'événement"))
    people = {person.pk: person for person in people_of(_actors(event))}
    if event.author is not None:
        people[event.author.pk] = event.author
    for person in people.values():
        if _hears(person, by):
            notify(
                "event_status",
                event=f"{event.pk}:{event.status}:{event.sequence}",
                title=title,
                network=event.network,
                to=person,
                url=event.get_absolute_url(),
                context={"text": note, "button_label": _("Voir l'événement")},
            )


def tell_organisers(event: Event, actors: Iterable[Actor], *, by: Viewer) -> None:
    """The people of actors just named: they may change the event, or say that they do not organise it. Who is not of the team
    has so many told in an hour; the others find the event among theirs."""
    if by.system:
        return
    for actor in actors:
        for person in people_of([actor]):
            if _hears(person, by) and not _tells_too_many(by):
                notify(
                    "event_organiser",
                    event=f"{event.pk}:{actor.pk}",
                    title=_("« %(actor)s » organise « %(title)s »") % {"actor": actor.name, "title": event.title},
                    network=event.network,
                    to=person,
                    url=event_url(event),
                    context={
                        "text": _(
                            "Quelqu'un l'a écrit dans l'agenda : vous pouvez relire et corriger l'événement, ou dire que votre "
                            "structure ne l'organise pas."
                        ),
                        "button_label": _("Voir l'événement"),
                    },
                )


def _tells_too_many(by: Viewer) -> bool:
    named = f"{by.network_id}:{by.user_id}"
    return not by.runs_network and bool(hit("agenda.organisers", named, limit=NOTICES_AN_HOUR, seconds=3600))


def tell_revision_sent(revision: EventRevision) -> None:
    tell_team(
        revision.network,
        title=_("Une modification attend votre relecture : « %(title)s »") % {"title": revision.event.title},
        text=_("L'événement publié n'a pas changé."),
        path=revision_url(revision),
        label=_("Relire la modification"),
    )


def tell_revision_answer(revision: EventRevision, *, accepted: bool, text: str) -> None:
    title = (
        _("Votre modification de « %(title)s » est retenue")
        if accepted
        else _("Votre modification de « %(title)s » n'est pas retenue")
    )
    notify(
        "event_answer",
        event=f"revision:{revision.pk}:{revision.decided_at}",
        title=title % {"title": revision.event.title},
        network=revision.network,
        to=revision.author,
        url=revision_url(revision),
        context={
            "text": text,
            "code": "" if accepted else RefusalReason(revision.code).label,
            "said": revision.reason,
            "button_label": _("Voir la réponse") if accepted else _("Reprendre ma modification"),
        },
    )


def writers_of(event: Event) -> list[User]:
    """Who answers for what it says: its author, else the people of those who organise it."""
    if event.author is not None and event.author.erased_at is None:
        return [event.author]
    return people_of(_actors(event))


def people_of(actors: Iterable[Actor]) -> list[User]:
    """Those who look after the sheets of these actors."""
    keys = [actor.pk for actor in actors]
    return list(User.objects.filter(actor_memberships__actor__in=keys).distinct().order_by("pk"))


def _actors(event: Event) -> list[Actor]:
    return [each.actor for each in event.organisers.select_related("actor") if each.withdrawn_at is None]


def _hears(person: Any, by: Viewer) -> bool:
    return person is not None and person.pk != by.user_id
