"""The proof of a signature of the charter, as the document that says it."""

from typing import Any

from django.utils.translation import gettext as _

from maillage.core.dates import date_format
from maillage.core.errors import Refused
from maillage.core.pdf import render, tree
from maillage.core.text import slugged
from maillage.directory.enums import SigningWay
from maillage.directory.models import Signature
from maillage.directory.models.charter import begins_on, print_of

TEMPLATE = "directory/pdf/charter.typ"


def proof_of(signature: Signature) -> bytes:
    """A PDF: who signed for whom, what, when, then the exact text. The same signature gives the same bytes.

    A text that is not any more the one whose print was kept proves nothing: refused.
    """
    if print_of(signature.version.body) != signature.text_sha256:
        raise Refused(
            _("Le texte conservé n'est plus celui qui a été signé : prévenez l'équipe du réseau."), status=409
        )
    return render(TEMPLATE, proof_data(signature))


def proof_data(signature: Signature) -> dict[str, Any]:
    version, day = signature.version, date_format(signature.signed_on, "j F Y")
    signer = signature.signer_name or _("Personne dont le nom a été effacé à sa demande")
    withdrawn = signature.withdrawn_on
    sentence = _("%(actor)s a signé le %(day)s la charte du réseau « %(network)s », dont le texte suit.")
    facts = [
        (_("Structure"), signature.actor.name),
        (_("Signée par"), signer),
        (_("En qualité de"), signature.capacity),
        (_("Mandat"), _("écrit sur le papier") if signature.way == SigningWay.PAPER else _("déclaré en signant")),
        (_("Date"), day),
        (_("Moyen"), SigningWay(signature.way).label),
        (_("Version"), _("%(number)s, en vigueur depuis le %(day)s")
         % {"number": version.number, "day": date_format(begins_on(version), "j F Y")}),
        (_("Empreinte du texte"), signature.text_sha256),
        (_("Référence"), f"{signature.network.slug}-{signature.pk}"),
    ]  # fmt: skip
    return {
        "title": _("Preuve de signature de la charte"),
        "network": signature.network.name,
        "footer": _("%(network)s – preuve de signature %(pk)s")
        % {"network": signature.network.name, "pk": signature.pk},
        "sentence": sentence % {"actor": signature.actor.name, "day": day, "network": signature.network.name},
        "withdrawn": _("Signature retirée le %(day)s.") % {"day": date_format(withdrawn, "j F Y")} if withdrawn else "",
        "facts": [(label, str(value)) for label, value in facts],
        "how": _(
            "L'empreinte est le SHA-256 du texte de la charte tel que le réseau l'a publié et le conserve : un autre texte, "
            "même d'une virgule, en aurait une autre."
        ),
        "charter": _("%(title)s (version %(number)s)") % {"title": version.title, "number": version.number},
        "body": tree(version.body),
    }


def proof_name(signature: Signature) -> str:
    return f"charte-{signature.version.number}-{slugged(signature.actor.name, 60)}.pdf"
