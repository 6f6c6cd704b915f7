"""What people who registered are told, by mail: each message is an answer to what they asked, or what they must know."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.agenda.queries.calendars import whole_place_of
from maillage.agenda.queries.wording import hour
from maillage.attendance.enums import State
from maillage.attendance.models import Registration
from maillage.attendance.queries.facts import CANCELLED, DOUBLE, GONE, POSTPONED, facts_of, is_date, same_moments
from maillage.attendance.queries.links import active_twin, rank_of
from maillage.attendance.queries.standing import in_words
from maillage.core.dates import date_format
from maillage.core.mail import absolute_url, send

PREFIX = "attendance"


def link_of(registration: Registration) -> str:
    return reverse("attendance:registration_show", args=[registration.pk, registration.token])


def moment_in_words(registration: Registration) -> str:
    """Until when it is kept, by the clock of the place: « mardi 3 mars à 14 h 30 »."""
    local = timezone.localtime(registration.expires_at or timezone.now(), registration.event.tz)
    return _("%(day)s à %(hour)s") % {"day": date_format(local, "l j F"), "hour": hour(local)}


def places_in_words(registration: Registration) -> str:
    text = ngettext("%(n)d place", "%(n)d places", registration.places) % {"n": registration.places}
    group = " – ".join(filter(None, [registration.group_name, registration.level]))
    return f"{text} ({group})" if group else text


def _write(
    registration: Registration, what: str, title: str, text: str, *, label: str = "", more: str = "",
    said: str = "", calendar: bool = False, url: str = "",
) -> None:  # fmt: skip
    """Nothing to who was forgotten. `said` is quoted, `calendar` links to the file of the event, the button to `url` or to the page of
    the registration."""
    if not registration.email:
        return
    event = registration.event
    network = event.network
    take = reverse("agenda:event_take", args=[event.slug])
    send(
        "attendance/mail/message.html",
        to=registration.email,
        network=network,
        reference=f"{PREFIX}:{registration.pk}:{what}",
        context={
            "title": title % {"title": event.title},
            "text": text,
            "more": more,
            "said": said,
            "details": list(
                filter(None, [in_words(registration.session), whole_place_of(event), places_in_words(registration)])
            ),
            "calendar_url": absolute_url(network, take) if calendar and event.is_shown else "",
            "button_url": absolute_url(network, url or link_of(registration)) if what != "deleted" else "",
            "button_label": label or _("Voir mon inscription"),
        },
    )


def tell_to_confirm(registration: Registration) -> None:
    if registration.state == State.ASKED:
        text = _("C'est complet pour le moment. Confirmez pour prendre rang dans la liste d'attente.")
    else:
        until = moment_in_words(registration)
        text = (
            _("Quelqu'un a donné cette adresse pour s'inscrire. Confirmez : la place est gardée jusqu'au %s.") % until
        )
    more = _("Si ce n'est pas vous, ne faites rien : la place sera rendue et votre adresse oubliée.")
    if active_twin(registration) is not None:
        more = _(
            "Cette adresse a déjà une inscription pour cette date : son propre message contient le lien pour la changer."
        )
    title = _("Confirmez votre inscription : « %(title)s »")
    _write(registration, "confirm", title, text, more=more, label=_("Confirmer mon inscription"))


def tell_settled(registration: Registration) -> None:
    """Confirmed, or in the list."""
    words = registration.session.opening.words
    if registration.state == State.CONFIRMED:
        text = _(
            "Votre inscription est confirmée. Si vous ne pouvez plus venir, annulez-la : quelqu'un attend peut-être."
        )
        _write(registration, "settled", _("Inscription confirmée : « %(title)s »"), text, said=words, calendar=True,
               label=_("Voir, changer ou annuler"))  # fmt: skip
        return
    rank = rank_of(registration)
    text = (
        _("Vous êtes en liste d'attente, au rang %d. Si une place se libère, elle vous est proposée par e-mail.") % rank
    )
    _write(registration, "waiting", _("Liste d'attente : « %(title)s »"), text)


def tell_offer(registration: Registration) -> None:
    until = moment_in_words(registration)
    text = _("Elle vous est gardée jusqu'au %s. Passé ce délai, elle va à la personne suivante.") % until
    _write(registration, "offer", _("Une place s'est libérée : « %(title)s »"), text, label=_("Répondre"))


def tell_lapsed(registration: Registration) -> None:
    text = _("La place qui vous était proposée est passée à la personne suivante, faute de réponse à temps.")
    _write(registration, "lapsed", _("La place proposée n'est plus gardée : « %(title)s »"), text)


def tell_cancelled(registration: Registration) -> None:
    _write(
        registration, "cancelled", _("Inscription annulée : « %(title)s »"), _("C'est noté : votre place est rendue.")
    )


def tell_removed(registration: Registration, message: str) -> None:
    text = _("L'organisateur a annulé votre inscription.")
    _write(registration, "removed", _("Inscription annulée : « %(title)s »"), text, said=message)


def tell_reminder(registration: Registration) -> None:
    starts = registration.session.starts_at.astimezone(registration.event.tz)
    text = _(
        "C'est demain, %(day)s à %(hour)s. Si vous ne pouvez plus venir, annulez votre inscription : quelqu'un attend peut-être."
    )
    day = {"day": date_format(starts, "l j F"), "hour": hour(starts)}
    if starts.date() == timezone.localdate(timezone=registration.event.tz):
        text = _("C'est aujourd'hui, %(day)s à %(hour)s. Si vous ne pouvez plus venir, annulez votre inscription.")
    words = registration.session.opening.words
    _write(registration, "reminder", _("Rappel : « %(title)s »"), text % day, said=words, calendar=True,
           label=_("Voir, changer ou annuler"))  # fmt: skip


def tell_change(registration: Registration, known: str) -> None:
    """`known` is what they know of the date."""
    event = registration.event
    facts, note, url = facts_of(registration.session), event.status_note, ""
    titles = {
        CANCELLED: (_("Annulé : « %(title)s »"), _("Cette date est annulée : ne vous déplacez pas.")),
        POSTPONED: (
            _("Reporté : « %(title)s »"),
            _("L'événement est reporté, sans nouvelle date. Votre inscription est gardée : vous serez prévenu·e."),
        ),
        GONE: (
            _("Date retirée : « %(title)s »"),
            _("Cette date a été retirée de l'événement : votre inscription est close."),
        ),
    }
    if facts == DOUBLE:
        title = _("Une autre page pour « %(title)s »")
        text = _(
            "L'événement était deux fois dans l'agenda : votre inscription à cette page est close. Inscrivez-vous sur l'autre."
        )
        note, url = "", event.same_as.get_absolute_url() if event.same_as is not None else ""
    elif facts in titles:
        title, text = titles[facts]
    elif is_date(known) and same_moments(known, facts):
        title, text = (
            _("Le lieu a changé : « %(title)s »"),
            _("Votre inscription vaut pour le nouveau lieu, ci-dessous."),
        )
    elif is_date(known):
        title, text = (
            _("La date a changé : « %(title)s »"),
            _("Votre inscription vaut pour la nouvelle date, ci-dessous."),
        )
    else:
        title = _("Finalement maintenu : « %(title)s »")
        text = _("L'événement a lieu. Votre inscription vaut pour la date ci-dessous.")
    more = _("Si elle ne vous convient pas, annulez votre inscription.") if is_date(facts) else ""
    _write(registration, "change", title, text, more=more, said=note, calendar=True, url=url,
           label=_("Voir l'autre page") if url else "")  # fmt: skip


def tell_deleted_event(registration: Registration) -> None:
    text = _("L'événement a été retiré du site : votre inscription est close.")
    _write(registration, "deleted", _("Événement retiré : « %(title)s »"), text)
