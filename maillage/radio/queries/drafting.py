"""The first draft of the words of an item, from the fields of what it is about: the animator edits it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from maillage.agenda.enums import Attendance, BookingBy, BookingFor, Price
from maillage.agenda.models import Event, Timing
from maillage.core.richtext import as_text
from maillage.directory.enums import PlaceAccess
from maillage.directory.models import Actor
from maillage.publications.models import Publication
from maillage.radio.engine.spoken import day, moment, phone, sentence
from maillage.radio.enums import ItemKind

_SHORT = 320


def words_of_event(event: Event, timings: Iterable[Timing]) -> str:
    """When, where, what, at what price, for whom it is open, and one practical line. `timings`: its dates that matter."""
    lines = [
        sentence(", ".join(filter(None, [_when(event, list(timings)), _where(event)]))),
        _quoted(event.title),
        sentence(event.summary or _first_words(event.description)),
        _price(event),
        _welcome(event),
        _practical(event),
    ]
    return "\n".join(line for line in lines if line)


def words_of_actor(actor: Actor) -> str:
    where = _("à %s") % actor.commune.name if actor.commune else ""
    about = actor.summary or _first_words(actor.description)
    lines = [sentence(f"{actor.name}{', ' if where else ''}{where}"), sentence(about)]
    if actor.website:
        lines.append(sentence(_("à retrouver sur %s") % _site(actor.website)))
    return "\n".join(line for line in lines if line)


def words_of_publication(publication: Publication) -> str:
    about = publication.summary or _first_words(publication.body)
    return "\n".join(
        line for line in (_("À lire sur le site du réseau : « %s ».") % publication.title, sentence(about)) if line
    )


def questions_of(kind: str) -> str:
    """Those that any interview begins with."""
    if kind != ItemKind.INTERVIEW:
        return ""
    return "\n".join(
        [
            _("Qui êtes-vous, et que faites-vous ici ?"),
            _("Qu'est-ce que l'on va voir, faire ou comprendre ?"),
            _("À qui cela s'adresse-t-il ?"),
            _("Comment venir, et comment en savoir plus ?"),
        ]
    )


def _quoted(title: str) -> str:
    """Between quotation marks, unless it has its own; with its full stop."""
    if "«" in title:
        return sentence(title)
    return f"«\u00a0{title}\u00a0»{'' if title[-1:] in '.!?…' else '.'}"


def _when(event: Event, timings: list[Timing]) -> str:
    held = sorted((each for each in timings if not each.is_cancelled), key=lambda each: each.starts_at)
    if not held:
        return _("sur rendez-vous") if event.by_appointment else ""
    first = held[0]
    begins: datetime = first.starts_at.astimezone(event.tz)
    ends = first.ends_at.astimezone(event.tz)
    if first.all_day or (ends - begins).days >= 1:
        said = day(begins)
        if (ends.date() - begins.date()).days > 1:
            said = _("du %(first)s au %(last)s") % {"first": day(begins), "last": day(ends)}
    else:
        said = moment(begins)
    others = len({each.day for each in held}) - 1
    if others == 1:
        return _("%(said)s, puis %(other)s") % {"said": said, "other": day(held[-1].starts_at.astimezone(event.tz))}
    return _("%(said)s, et d'autres dates ensuite") % {"said": said} if others > 1 else said


def _where(event: Event) -> str:
    if event.attendance == Attendance.ONLINE:
        return _("en ligne")
    parts = []
    if event.commune is not None:
        parts.append(_("à %s") % event.commune.name)
    if name := event.place_name or (event.venue.name if event.venue is not None else ""):
        parts.append(name)
    return ", ".join(parts)


def _price(event: Event) -> str:
    if event.price == Price.FREE:
        return _("C'est gratuit.")
    return sentence(event.conditions) if event.conditions and len(event.conditions) <= 160 else ""


def _welcome(event: Event) -> str:
    said = []
    if PlaceAccess.MOTOR in event.place_access:
        said.append(_("le lieu est accessible en fauteuil roulant"))
    if PlaceAccess.SIGN_LANGUAGE in event.place_access:
        said.append(_("l'accueil se fait aussi en langue des signes"))
    if event.age_min is not None and event.age_min > 0:
        said.append(_("à partir de %d ans") % event.age_min)
    return sentence(", ".join(said))


def _practical(event: Event) -> str:
    """How to register, else where to read more."""
    public: list[Any] = [each for each in event.bookings if each["for"] == BookingFor.PUBLIC]
    for way in (BookingBy.PHONE, BookingBy.LINK, BookingBy.EMAIL):
        for each in public:
            if each["by"] == way:
                value = {BookingBy.PHONE: phone, BookingBy.LINK: _site, BookingBy.EMAIL: _mail}[way](each["value"])
                return sentence(_("inscription : %s") % value)
    return sentence(_("renseignements sur %s") % _site(event.website)) if event.website else ""


def _site(url: str) -> str:
    """What a voice can say of an address: its host."""
    return url.partition("://")[2].partition("/")[0].removeprefix("www.")


def _mail(address: str) -> str:
    return address.replace("@", _(" arobase "))


def _first_words(text: str) -> str:
    plain = as_text(text).replace("\n", " ")
    if len(plain) <= _SHORT:
        return plain
    cut = plain[:_SHORT]
    end = max(cut.rfind(". "), cut.rfind(" ! "), cut.rfind(" ? "))
    return cut[: end + 1] if end > 80 else f"{cut.rsplit(maxsplit=1)[0]}…"
