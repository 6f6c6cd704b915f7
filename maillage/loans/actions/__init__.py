"""What may be done with loans; see the modules for the order that matters."""

from maillage.loans.actions.agreements import draw_agreement, send_link, sign_agreement, sign_with_link, write_text
from maillage.loans.actions.answering import accept_loan, counter_loan, escalate, expire_loan, refuse_loan
from maillage.loans.actions.asking import Objections, request_loan
from maillage.loans.actions.cases import answer_case, follow_case
from maillage.loans.actions.changing import answer_extension, ask_extension, cancel_loan
from maillage.loans.actions.documents import answer_document, give_document, receive_deposit
from maillage.loans.actions.forgetting import forget_loans, forget_papers
from maillage.loans.actions.minding import mind_loans, mind_network
from maillage.loans.actions.preparing import exchange_copy, hand_over, prepare_loan, unprepare_loan
from maillage.loans.actions.reporting import file_report
from maillage.loans.actions.returning import Back, close_loan, return_units, withdraw_copy
from maillage.loans.actions.suspending import lift, suspend
from maillage.loans.actions.transferring import cancel_transfer, confirm_transfer, plan_transfer, sign_transfer
from maillage.loans.actions.waiting import expire_offer, join_waiting, leave_waiting, serve_waiting, take_offer
from maillage.loans.actions.wanting import note_unmet

__all__ = [
    "Back",
    "Objections",
    "accept_loan",
    "answer_case",
    "answer_document",
    "answer_extension",
    "ask_extension",
    "cancel_loan",
    "cancel_transfer",
    "close_loan",
    "confirm_transfer",
    "counter_loan",
    "draw_agreement",
    "escalate",
    "exchange_copy",
    "expire_loan",
    "expire_offer",
    "file_report",
    "follow_case",
    "forget_loans",
    "forget_papers",
    "give_document",
    "hand_over",
    "join_waiting",
    "leave_waiting",
    "lift",
    "mind_loans",
    "mind_network",
    "note_unmet",
    "plan_transfer",
    "prepare_loan",
    "receive_deposit",
    "refuse_loan",
    "request_loan",
    "return_units",
    "send_link",
    "serve_waiting",
    "sign_agreement",
    "sign_transfer",
    "sign_with_link",
    "suspend",
    "take_offer",
    "unprepare_loan",
    "withdraw_copy",
    "write_text",
]
