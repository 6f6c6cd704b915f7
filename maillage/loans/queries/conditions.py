"""The terms of a loan in sentences, for whoever has not asked yet."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.catalogue.enums import Borrowers
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.lending import Terms
from maillage.loans.queries.agreements import euros
from maillage.topics.models import Term


def conditions_of(resource: Resource, terms: Terms, *, to_anyone: bool = False) -> list[str]:
    """Who may borrow, when and how long, for how much, with which papers, where: what `terms.objections` would refuse is said here.
    `to_anyone`: without how to come and fetch it, nor what it is worth."""
    told = [*_who(terms), *_when(terms), *_money(resource)]
    told += [] if to_anyone else [terms.pickup_notes, _worth(resource)]
    return [each for each in (*told, *_papers(terms), _where(resource)) if each]


def _who(terms: Terms) -> list[str]:
    first = ngettext(
        "Les signataires de la charte d’abord : les autres demandent dans le jour qui précède l’usage.",
        "Les signataires de la charte d’abord : les autres demandent dans les %(days)s jours qui précèdent l’usage.",
        terms.open_first_days,
    )
    at_once = ngettext("Un emprunt en cours à la fois.", "%(most)s emprunts en cours à la fois au plus.", terms.at_once)
    return [
        _borrowers(terms),
        first % {"days": terms.open_first_days} if terms.open_first_days else "",
        at_once % {"most": terms.at_once},
    ]


def _borrowers(terms: Terms) -> str:
    if terms.borrowers == Borrowers.FAMILIES:
        names = Term.objects.filter(pk__in=terms.families).order_by("position", "pk")
        return _("Prêté à ces familles d’acteurs : %s.") % ", ".join(str(each) for each in names)
    if terms.borrowers == Borrowers.SIGNATORIES:
        return _("Prêté aux signataires de la charte du réseau.")
    if terms.borrowers == Borrowers.ACTORS:
        return _("Prêté aux structures de l’annuaire.")
    return _("Prêté à toute structure ou personne inscrite.")


def _when(terms: Terms) -> list[str]:
    notice = ngettext("À demander au moins %s jour avant.", "À demander au moins %s jours avant.", terms.notice_days)
    longest = ngettext("%s jour au plus.", "%s jours au plus.", terms.max_days) % terms.max_days
    if terms.renewals:
        more = ngettext("Prolongeable une fois.", "Prolongeable %(times)s fois.", terms.renewals)
        longest = f"{longest} {more % {'times': terms.renewals}}"
    closed = _("Fermé les jours fériés.") if terms.closed_on_holidays else ""
    return [notice % terms.notice_days if terms.notice_days else "", longest, terms.hours, closed]


def _money(resource: Resource) -> list[str]:
    """Of one copy; what its lender has not said is not said."""
    fee = _("Tarif d’un exemplaire : %s.") % euros(resource.fee) if resource.fee else _("Prêt gratuit.")
    return [
        fee if resource.fee is not None else "",
        _("Caution d’un exemplaire : %s.") % euros(resource.deposit) if resource.deposit else "",
    ]


def _worth(resource: Resource) -> str:
    return _("Valeur de remplacement d’un exemplaire : %s.") % euros(resource.value) if resource.value else ""


def _papers(terms: Terms) -> list[str]:
    return [
        _("Une convention est signée avant le départ.") if terms.needs_agreement else "",
        _("Une attestation d’assurance est demandée.") if terms.needs_insurance else "",
        _("La caution est reçue avant le départ.") if terms.needs_deposit else "",
    ]


def _where(resource: Resource) -> str:
    names = [each.name for each in resource.zone.order_by("name", "pk")[:8]]
    return _("Prêté dans cette zone : %s.") % ", ".join(names) if names else ""
