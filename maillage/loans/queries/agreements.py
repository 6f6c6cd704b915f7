"""The agreement of a loan: the text proposed for it, the one in force, the document that says it."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from maillage.core.dates import date_format
from maillage.core.errors import Refused
from maillage.core.pdf import render, tree
from maillage.core.richtext import sanitised
from maillage.directory.enums import SigningWay
from maillage.directory.models import Actor
from maillage.directory.models.charter import print_of
from maillage.loans.enums import Side
from maillage.loans.models import Agreement, AgreementText, Loan
from maillage.loans.queries.amounts import sets_of
from maillage.loans.queries.halves import span_said
from maillage.loans.registry.agreement import PLACEHOLDERS
from maillage.networks.models import Network

TEMPLATE = "loans/pdf/agreement.typ"
_DEFAULT = Path(__file__).parents[1] / "data" / "agreement.html"
_ADDENDUM = Path(__file__).parents[1] / "data" / "addendum.html"
_NAMED = re.compile(r"\{([^{}<>\s]+)\}")
_UNSAID = "–"


def default_text() -> str:
    return sanitised(_DEFAULT.read_text(encoding="utf-8"), trusted=True)


def text_for(network: Network, actor: Actor | None) -> str:
    """That of the lender, else of the network, else the one proposed to all."""
    found = AgreementText.objects.filter(network=network, actor=actor).first() if actor is not None else None
    found = found or AgreementText.objects.filter(network=network, actor=None).first()
    return found.body if found is not None else default_text()


def unknown_names(body: str) -> list[str]:
    """What a text names between braces that no loan knows."""
    return sorted({name for name in _NAMED.findall(body) if name not in PLACEHOLDERS})


def text_of(loan: Loan) -> str:
    """The exact text that both would sign today; what people typed is text, whatever it looks like."""
    said = values_of(loan)
    body = text_for(loan.network, loan.resource.actor)
    return sanitised(_NAMED.sub(lambda found: escape(said.get(found[1], found[0])), body), trusted=True)


def values_of(loan: Loan) -> dict[str, str]:
    lines = list(loan.lines.select_related("module").order_by("pk"))
    copies = [f"{line.quantity} × {line.module or _('exemplaire')}" for line in lines]
    return {
        "numero": str(loan.pk),
        "reseau": loan.network.name,
        "preteur": loan.resource.actor.name,
        "emprunteur": borrower_named(loan),
        "ressource": loan.resource.title,
        "exemplaires": ", ".join(copies) or _UNSAID,
        "dates": span_said(loan.first, loan.last),
        "lieu": ", ".join(each for each in (loan.place, loan.commune.name if loan.commune else "") if each) or _UNSAID,
        "usage": loan.purpose or _UNSAID,
        "valeur": _worth(loan),
        "caution": euros(loan.deposit),
        "tarif": euros(loan.fee, free=_("gratuit")),
    }


def _worth(loan: Loan) -> str:
    """What is replaced if all of it is lost; of some modules, their share of the whole."""
    text = euros(loan.value)
    return text if not loan.value or sets_of(loan).denominator == 1 else _("%s, à proportion des modules prêtés") % text


def borrower_named(loan: Loan) -> str:
    if loan.actor is not None:
        return loan.actor.name
    return loan.contact.name if loan.contact is not None else _("une personne dont le nom a été effacé")


def euros(amount: Decimal | None, *, free: str = "") -> str:
    if not amount:
        return free or (_("aucune") if amount is not None else _("non renseignée"))
    text = f"{amount:.2f}".replace(".", ",").removesuffix(",00")
    return _("%s €") % text


def in_force(loan: Loan) -> Agreement | None:
    """The last one to sign: the addendum of a loan that was extended, else its agreement."""
    return loan.agreements.filter(cancelled_at=None).first()


def amended(loan: Loan) -> Agreement | None:
    """The agreement itself, whatever was added to it."""
    return loan.agreements.filter(cancelled_at=None, amends=None).first()


def addendum_of(loan: Loan, agreement: Agreement) -> str:
    """The exact text that both would sign of its later end: ours, for all lenders, since it changes the dates alone."""
    said = values_of(loan) | {"empreinte": agreement.text_sha256}
    body = _ADDENDUM.read_text(encoding="utf-8")
    return sanitised(_NAMED.sub(lambda found: escape(said[found[1]]), body), trusted=True)


def opened_by(network: Network | None, pk: int, side: str, token: str) -> Agreement | None:
    """The one that a personal link leads to, on the host of its own network."""
    found = Agreement.objects.select_related(
        "loan__resource__actor", "loan__network", "loan__actor", "loan__contact", "loan__commune"
    )
    agreement = found.filter(pk=pk, loan__network=network).first()
    return agreement if agreement is not None and agreement.is_opened_by(token, side) else None


def pdf_of(agreement: Agreement) -> bytes:
    """Its exact text, who signed it and when. A text that is not the one whose print was kept proves nothing: refused."""
    if print_of(agreement.text) != agreement.text_sha256:
        raise Refused(
            _("Le texte conservé n’est plus celui qui a été signé : prévenez l’équipe du réseau."), status=409
        )
    return render(TEMPLATE, pdf_data(agreement))


def pdf_data(agreement: Agreement) -> dict[str, Any]:
    loan = agreement.loan
    facts = [
        (_("Prêteur"), loan.resource.actor.name),
        (_("Emprunteur"), borrower_named(loan)),
        (_("Valeur de remplacement"), euros(loan.value)),
        (_("Empreinte du texte"), agreement.text_sha256),
    ]
    title = _("Avenant à la convention de prêt n° %s") if agreement.is_addendum else _("Convention de prêt n° %s")
    return {
        "title": title % loan.pk,
        "network": loan.network.name,
        "footer": _("%(network)s – convention de prêt n° %(number)s")
        % {"network": loan.network.name, "number": loan.pk},
        "cancelled": _("Cette convention a été remplacée par une autre.") if agreement.cancelled_at else "",
        "facts": [(label, str(value)) for label, value in facts],
        "body": tree(agreement.text),
        "signatures": _("Signatures"),
        "signed": [(str(side.label), signature_said(agreement, side)) for side in Side],
        "how": _(
            "L’empreinte est le SHA-256 du texte tel que le réseau le conserve : un autre texte, même d’une virgule, en "
            "aurait une autre."
        ),
    }


def signature_said(agreement: Agreement, side: Side) -> str:
    at = getattr(agreement, f"{side}_signed_at")
    if at is None:
        return _("pas encore signée")
    name = getattr(agreement, f"{side}_name") or _("une personne dont le nom a été effacé")
    capacity = getattr(agreement, f"{side}_capacity")
    who = f"{name} ({capacity})" if capacity else name
    way = SigningWay(getattr(agreement, f"{side}_way")).label
    return _("%(who)s, le %(day)s, %(way)s") % {"who": who, "day": date_format(at, "j F Y à H:i"), "way": way}
