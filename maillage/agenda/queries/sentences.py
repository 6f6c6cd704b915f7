"""The dates of an event in sentences: its rules, its dates typed alone."""

from datetime import date, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.agenda.queries.calendar import Rule, Schedule, Slot
from maillage.agenda.queries.wording import day_in_words, hour
from maillage.core.dates import date_format

WEEKDAYS = [
    gettext_lazy("lundi"),
    gettext_lazy("mardi"),
    gettext_lazy("mercredi"),
    gettext_lazy("jeudi"),
    gettext_lazy("vendredi"),
    gettext_lazy("samedi"),
    gettext_lazy("dimanche"),
]
RANKS = {
    1: gettext_lazy("premier"),
    2: gettext_lazy("deuxième"),
    3: gettext_lazy("troisième"),
    4: gettext_lazy("quatrième"),
    -1: gettext_lazy("dernier"),
}
_MOST = 12


def schedule_in_words(schedule: Schedule) -> str:
    """« mardi 3 mars 2026, de 14 h à 16 h ; chaque jeudi, de 18 h à 20 h, à partir du 5 mars 2026 »."""
    told = [rule_in_words(rule) for rule in schedule.rules]
    told += [slot_in_words(slot) for slot in sorted(schedule.slots, key=lambda slot: slot.starts)[:_MOST]]
    if (more := len(schedule.slots) - _MOST) > 0:
        told.append(ngettext("et %d autre date", "et %d autres dates", more) % more)
    if schedule.by_appointment:
        told.append(_period(_("sur rendez-vous"), schedule.available_from, schedule.available_until))
    return " ; ".join(told)


def slot_in_words(slot: Slot) -> str:
    first, last = slot.starts.date(), slot.ends.date()
    if slot.all_day:
        if first == last:
            return day_in_words(slot.starts)
        return _("du %(first)s au %(last)s") % {"first": day_in_words(slot.starts), "last": day_in_words(slot.ends)}
    if first == last or slot.ends - slot.starts < timedelta(hours=12):
        return _("%(day)s, de %(starts)s à %(ends)s") % {
            "day": day_in_words(slot.starts),
            "starts": hour(slot.starts),
            "ends": hour(slot.ends),
        }
    return _("du %(day)s à %(starts)s au %(last)s à %(ends)s") % {
        "day": day_in_words(slot.starts),
        "starts": hour(slot.starts),
        "last": day_in_words(slot.ends),
        "ends": hour(slot.ends),
    }


def rule_in_words(rule: Rule) -> str:
    days = _listed([str(WEEKDAYS[day]) for day in sorted(rule.weekdays)])
    if rule.nth is not None:
        text = _("chaque %(rank)s %(days)s du mois") % {"rank": RANKS[rule.nth], "days": days}
    elif rule.every > 1:
        text = _("toutes les %(weeks)d semaines, le %(days)s") % {"weeks": rule.every, "days": days}
    else:
        text = _("chaque %(days)s") % {"days": days}
    if rule.starts is not None and rule.ends is not None:
        text = _("%(days)s, de %(starts)s à %(ends)s") % {
            "days": text,
            "starts": _clock(rule.starts),
            "ends": _clock(rule.ends),
        }
    text = _period(text, rule.first_on, rule.last_on)
    if rule.excluded:
        text += _(", sauf %s") % _listed([date_format(day, "j F Y") for day in sorted(rule.excluded)[:_MOST]])
    return text


def _period(text: str, first: date | None, last: date | None) -> str:
    if first is not None and last is not None:
        days = {"first": date_format(first, "j F Y"), "last": date_format(last, "j F Y")}
        return text + _(", du %(first)s au %(last)s") % days
    if first is not None:
        return text + _(", à partir du %s") % date_format(first, "j F Y")
    return text + _(", jusqu'au %s") % date_format(last, "j F Y") if last is not None else text


def _clock(at: time) -> str:
    return f"{at.hour} h" if at.minute == 0 else f"{at.hour} h {at.minute:02}"


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s et %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
