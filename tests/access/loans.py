"""Loans: the representative lends, the member borrows, the team stands beside; others know nothing of them. The member of the Pôle
looks after another actor, which has pages of a lender too."""

from maillage.core.viewer import Viewer
from maillage.directory.models import ActorMember
from maillage.loans import actions
from maillage.loans.models import CalendarKey, Suspension
from tests.access.table import LOGIN, line
from tests.factories.directory import make_actor
from tests.factories.loans import ask, day_in, easy_terms, make_resource

_RUNS = ("animator", "network_admin", "platform_admin")
POST = "post"
SIGNED_IN = {"anonymous": LOGIN, "others": 200}
SIDES = {"anonymous": LOGIN, "member": 200, "representative": 200, "others": 404, **dict.fromkeys(_RUNS, 200)}
BOARD = {"anonymous": LOGIN, "representative": 200, "pole_member": 200, "others": 403, **dict.fromkeys(_RUNS, 200)}
LENDER = {"anonymous": LOGIN, "representative": 302, "member": 403, "others": 404, **dict.fromkeys(_RUNS, 403)}
BORROWER = {"anonymous": LOGIN, "member": 302, "representative": 403, "others": 404, **dict.fromkeys(_RUNS, 403)}
CONFLICT = {"anonymous": LOGIN, "representative": 409, "member": 409, "others": 404, **dict.fromkeys(_RUNS, 409)}
OWN = {"anonymous": LOGIN, "member": 200, "others": 404}


def prepare(world):
    """A kit of A's actor, asked for by the member; a place in its waiting list, a calendar, a suspension."""
    world.loan_lender = make_actor(world.network, "Prêteuse de A")
    ActorMember.objects.create(actor=world.loan_lender, user=world.users["representative"])
    easy_terms(world.network, world.loan_lender)
    world.loan_kit = make_resource(world.network, world.loan_lender, "Malle de A")
    member = Viewer(network=world.network, user=world.users["member"])
    lender = Viewer(network=world.network, user=world.users["representative"])
    world.loan = ask(member, world.loan_kit, first=10, days=3)
    world.loan_entry = actions.join_waiting(
        by=member, resource=world.loan_kit, wanted={None: 1}, first=world.loan.first, last=world.loan.last
    )
    world.loan_accepted = ask(member, world.loan_kit, first=30)
    actions.accept_loan(by=lender, loan=world.loan_accepted)
    world.loan_calendar = CalendarKey.objects.create(network=world.network, user=world.users["member"])
    world.loan_suspension = Suspension.objects.create(
        network=world.network,
        lender=world.loan_lender,
        user=world.users["pole_member"],
        until=day_in(30),
        reason="Retards",
    )


def act(name, pk="loan"):
    return {"args": lambda world: {"pk": getattr(world, pk).pk, "act": name}, "method": POST}


def asked(**values):
    """A form of request for days that are free."""
    days = {"first_on": day_in(50).isoformat(), "last_on": day_in(51).isoformat()}
    return {**days, "first_half": "matin", "last_half": "matin", "quantity": "1", "actor": "", **values}


KIT = {"args": lambda world: {"slug": world.loan_kit.slug}}
LOAN = {"args": lambda world: {"pk": world.loan.pk}}
ENTRY = {"args": lambda world: {"pk": world.loan_entry.pk}}
SUSPENSION = {"args": lambda world: {"pk": world.loan_suspension.pk}}
CALENDAR = {"args": lambda world: {"pk": world.loan_calendar.pk, "token": world.loan_calendar.token}}
OTHER_DAYS = {
    "first_on": day_in(60).isoformat(),
    "last_on": day_in(61).isoformat(),
    "first_half": "matin",
    "last_half": "matin",
}

LINES = [
    line("loans:loan_request", **KIT, query="first_on=zz&last_on=9999-99-99", **SIGNED_IN | {"other_network": 200}),
    line("loans:loan_request", **KIT, method=POST, data=asked(first_on="zz", dates="9:1"), **SIGNED_IN | {"others": 422}),
    line("loans:own_list", query="page=zz", **SIGNED_IN, elsewhere=None),
    line("loans:calendar_renew", method=POST, anonymous=LOGIN, others=302),
    line("loans:calendar", **CALENDAR, everyone=200),
    line("loans:calendar", args=lambda world: {"pk": world.loan_calendar.pk, "token": "0"}, everyone=404),
    line("loans:waiting_show", **ENTRY, **OWN),
    line("loans:waiting_show", **ENTRY, method=POST, data={"acte": "quitter"}, **OWN | {"member": 302}),
    line("loans:waiting_show", **ENTRY, method=POST, data={"acte": "prendre"}, **OWN | {"member": 409}),
    line("loans:loan_show", **LOAN, **SIDES),
    line("loans:loan_do", **act("accepter"), data={"answer": ""}, **LENDER),
    line("loans:loan_do", **act("refuser"), data={"reason": "Non"}, **LENDER),
    line("loans:loan_do", **act("proposer"), data=OTHER_DAYS, **LENDER),
    line("loans:loan_do", **act("annuler"), data={"reason": ""}, **LENDER | {"member": 302}),
    line("loans:loan_do", **act("preparer", "loan_accepted"), **LENDER),
    line("loans:loan_do", **act("prolonger", "loan_accepted"), data={"last_on": day_in(40).isoformat(), "last_half": "matin"},
         **BORROWER),
    line("loans:loan_do", **act("convenir"), **(LENDER | {"representative": 302})),
    line("loans:loan_do", **act("prolonger-oui"), data={"answer": ""}, **CONFLICT),
    line("loans:loan_do", **act("rendre"), **CONFLICT | dict.fromkeys((*_RUNS, "member", "representative"), 422)),
    line("loans:loan_do", **act("inconnu"), anonymous=LOGIN, others=404),
    line("loans:board", **BOARD),
    line("loans:loan_table", query="etat=zz&q=%27&du=zz&au=9999-99-99&page=99999", **BOARD),
    line("loans:loan_export", query="etat=zz&q=%27&du=0001-01-01", **BOARD),
    line("loans:month", query="mois=zz&page=zz", **BOARD),
    line("loans:suspension_list", **BOARD),
    line("loans:suspension_list", method=POST, data={"until": "zz"}, **BOARD | dict.fromkeys((*_RUNS, "representative", "pole_member"), 422)),
    line("loans:suspension_lift", **SUSPENSION, method=POST,
         **BOARD | dict.fromkeys((*_RUNS, "representative"), 302) | {"pole_member": 404}),
]  # fmt: skip
