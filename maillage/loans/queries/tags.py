"""Labels of copies and what their QR code leads to."""

import io
from collections.abc import Sequence

import qrcode
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from maillage.catalogue.models import Copy
from maillage.core.mail import absolute_url
from maillage.core.pdf import render
from maillage.core.viewer import Viewer
from maillage.directory.models import ActorMember
from maillage.loans.enums import LoanState
from maillage.loans.models import Loan, LoanUnit
from maillage.networks.models import Network

TEMPLATE = "loans/pdf/labels.typ"
MOST = 480
"""Labels printed at once: twenty sheets."""


def copies_lent_by(viewer: Viewer) -> QuerySet[Copy]:
    """Those of the actors that the viewer looks after; of all lenders, for the team."""
    copies = Copy.objects.filter(resource__network=viewer.network_id)
    if not viewer.runs_network:
        mine = ActorMember.objects.filter(user=viewer.user_id).values("actor")
        copies = copies.filter(resource__actor__in=mine)
    return copies.select_related("resource__actor", "module").order_by("resource__title_key", "label", "pk")


def labels(network: Network, copies: Sequence[Copy]) -> bytes:
    """A PDF of A4 sheets, 24 labels each."""
    rows = [
        {
            "label": copy.label,
            "title": copy.resource.title,
            "lender": copy.resource.actor.name,
            "qr": qr_code(absolute_url(network, reverse("loans:tag_show", args=[copy.tag]))),
            "alt": _("Code QR de la page de %s") % copy.label,
        }
        for copy in copies
    ]
    return render(TEMPLATE, {"title": _("Étiquettes du matériel"), "labels": rows, "back": _("À rapporter à")})


def qr_code(address: str) -> str:
    """As SVG; a quarter of it may be scratched."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=2)
    code.add_data(address)
    out = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(out)
    return out.getvalue().decode()


def copy_of(viewer: Viewer, tag: str) -> Copy | None:
    copies = Copy.objects.filter(tag=tag, resource__network=viewer.network_id)
    return copies.select_related("resource__actor__commune", "resource__commune", "module").first()


def loan_now(viewer: Viewer, copy: Copy) -> Loan | None:
    """The one it is out with, else the one it is prepared for next; only to those who see it."""
    units = LoanUnit.objects.filter(copy=copy, loan__in=Loan.objects.visible_to(viewer), returned_at=None)
    away = units.away().values("loan")
    waiting = units.filter(left_at=None, loan__state=LoanState.PREPARED).values("loan")
    loans = Loan.objects.for_lists()
    return loans.filter(pk__in=away).first() or loans.filter(pk__in=waiting).order_by("first", "pk").first()
