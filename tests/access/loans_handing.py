"""Beside the loans: reports, papers, labels, transfers, figures. The representative lends, the member borrows."""

import io
from uuid import uuid4

from django.core.files.base import ContentFile
from PIL import Image

from maillage.catalogue.models import Copy
from maillage.core import documents
from maillage.core.viewer import Viewer
from maillage.loans import actions
from maillage.loans.actions.reporting import Looked, Signed
from maillage.loans.enums import Condition, DocumentKind, ReportKind
from maillage.loans.models import Agreement, DamageCase, ReportPhoto
from tests.access.table import LOGIN, line
from tests.factories.loans import ask, make_resource

_RUNS = ("animator", "network_admin", "platform_admin")
POST = "post"
SIDES = {"anonymous": LOGIN, "member": 200, "representative": 200, "others": 404, **dict.fromkeys(_RUNS, 200)}
LENDER_PAGE = {"anonymous": LOGIN, "representative": 200, "others": 404}
LENDER = {"anonymous": LOGIN, "representative": 302, "member": 403, "others": 404, **dict.fromkeys(_RUNS, 403)}
BOARD = {"anonymous": LOGIN, "representative": 200, "pole_member": 200, "others": 403, **dict.fromkeys(_RUNS, 200)}
TEAM = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 200)}


def _picture():
    content = io.BytesIO()
    Image.new("RGB", (100, 100)).save(content, "WEBP")
    return ContentFile(content.getvalue(), name="photo.webp")


def prepare(world):
    """Of one kit: a loan ready to leave; one that is out, of three copies, one of which came back damaged; one promised after it,
    that goes straight on. The first has an agreement, drawn, and a document of each state that matters."""
    member = Viewer(network=world.network, user=world.users["member"])
    lender = Viewer(network=world.network, user=world.users["representative"])
    kit = make_resource(world.network, world.loan_lender, "Malle à remettre", copies=4)
    world.hand_ready = actions.accept_loan(by=lender, loan=ask(member, kit, first=0))
    world.hand_ready.agreement_state = "to_sign"
    world.hand_ready.save()
    actions.draw_agreement(by=lender, loan=world.hand_ready)
    world.hand_agreement = Agreement.objects.get(loan=world.hand_ready)
    world.hand_document = actions.give_document(
        by=member, loan=world.hand_ready, kind=DocumentKind.INSURANCE,
        document=documents.Document(ContentFile(b"%PDF-1.7 %%EOF"), "application/pdf"),
    )  # fmt: skip
    world.hand_out = actions.prepare_loan(
        by=lender, loan=actions.accept_loan(by=lender, loan=ask(member, kit, first=0, quantity=3))
    )
    units = list(world.hand_out.units.order_by("pk"))
    both = Signed("Une personne", "Une autre")
    actions.file_report(
        by=lender, loan=world.hand_out, kind=ReportKind.OUT, key=uuid4(), signed=both,
        looked={unit.pk: Looked(photos=[_picture()]) for unit in units},
    )  # fmt: skip
    world.hand_report = actions.file_report(
        by=lender, loan=world.hand_out, kind=ReportKind.IN, key=uuid4(), signed=both,
        looked={units[0].pk: Looked(Condition.DAMAGED, notes="Fendu")},
    )  # fmt: skip
    world.hand_case = DamageCase.objects.get(unit=units[0])
    world.hand_photo = ReportPhoto.objects.order_by("pk").first()
    following = actions.accept_loan(by=lender, loan=ask(member, kit, first=20))
    world.hand_transfer = actions.plan_transfer(by=lender, giving=world.hand_out, receiving=following)
    world.hand_copy = Copy.objects.filter(resource=kit).first()


def of(name, **more):
    return {"args": lambda world: {"pk": getattr(world, name).pk, **more}}


def link(world):
    return {"pk": world.hand_agreement.pk, "side": "borrower", "token": world.hand_agreement.token("borrower")}


def signing(world):
    return {"name": "Jo", "capacity": "Maire", "texte": world.hand_agreement.text_sha256, "is_mandated": "on"}


def deposited(world):
    return {"caution-amount": "20"}


LINES = [
    line("loans:report_write", **of("hand_out", moment="retour"), **LENDER_PAGE),
    line(
        "loans:report_write",
        **of("hand_out", moment="retour"),
        method=POST,
        data={},
        anonymous=LOGIN,
        representative=422,
        others=404,
    ),
    line("loans:report_show", **of("hand_report"), **SIDES),
    line("loans:report_photo", **of("hand_photo"), **SIDES),
    line("loans:case_show", **of("hand_case"), **SIDES),
    line("loans:case_show", **of("hand_case"), method=POST, data={"state": "claimed"}, **LENDER),
    line("loans:report_write", **of("hand_out", moment="apres"), **LENDER_PAGE),
    line(
        "loans:case_answer",
        **of("hand_case"),
        method=POST,
        data={"answer": "Déjà fendu"},
        anonymous=LOGIN,
        member=302,
        representative=403,
        others=404,
        **dict.fromkeys(_RUNS, 403),
    ),
    line("loans:papers", **of("hand_ready"), **SIDES),
    line("loans:agreement_sign", **of("hand_ready"), **SIDES),
    line(
        "loans:agreement_sign",
        **of("hand_ready"),
        method=POST,
        data=signing,
        anonymous=LOGIN,
        member=302,
        representative=302,
        others=404,
        **dict.fromkeys(_RUNS, 409),
    ),
    line("loans:agreement_pdf", **of("hand_ready"), **SIDES),
    line("loans:agreement_draw", **of("hand_ready"), method=POST, **LENDER),
    line(
        "loans:agreement_send",
        **of("hand_ready"),
        method=POST,
        data={"lien-side": "borrower", "lien-email": "maire@exemple.test"},
        **LENDER,
    ),
    line(
        "loans:document_give",
        **of("hand_ready"),
        method=POST,
        data={},
        anonymous=LOGIN,
        member=422,
        representative=422,
        others=404,
        **dict.fromkeys(_RUNS, 422),
    ),
    line("loans:deposit_receive", **of("hand_ready"), method=POST, data=deposited, **LENDER),
    line("loans:document_download", **of("hand_document"), **SIDES),
    line("loans:document_answer", **of("hand_document"), method=POST, data={"etat": "accepted"}, **LENDER),
    line("loans:agreement_link", args=link, everyone=200),
    # The lender does not sign in the place of the borrower.
    line("loans:agreement_link", args=link, method=POST, data=signing, representative=403, others=302),
    line("loans:agreement_link_pdf", args=link, everyone=200),
    line("loans:agreement_text", args=lambda world: {"pk": world.loan_lender.pk}, **LENDER_PAGE),
    line("loans:agreement_network_text", **TEAM),
    line("loans:tag_show", args=lambda world: {"tag": world.hand_copy.tag}, everyone=200),
    line("loans:label_list", **BOARD),
    line(
        "loans:label_print",
        query="",
        anonymous=LOGIN,
        representative=422,
        pole_member=422,
        others=403,
        **dict.fromkeys(_RUNS, 422),
    ),
    line("loans:whereabouts", **BOARD),
    line("loans:whereabouts_points", **BOARD),
    line("loans:figures", **BOARD),
    line("loans:figures_export", **BOARD),
    line("loans:network_figures", **TEAM),
    line("loans:occupation_export", **TEAM),
    line("loans:lacks_export", **TEAM),
    line("loans:transfer_plan", **of("hand_out"), **LENDER_PAGE),
    line("loans:transfer_sign", **of("hand_transfer"), **SIDES),
    line(
        "loans:transfer_sign",
        **of("hand_transfer"),
        method=POST,
        data={},
        anonymous=LOGIN,
        member=422,
        representative=422,
        others=404,
        **dict.fromkeys(_RUNS, 403),
    ),
    line("loans:transfer_cancel", **of("hand_transfer"), method=POST, **LENDER),
    # Nothing is signed yet.
    line(
        "loans:transfer_confirm",
        **of("hand_transfer"),
        method=POST,
        anonymous=LOGIN,
        member=409,
        representative=409,
        others=404,
        **dict.fromkeys(_RUNS, 409),
    ),
]
