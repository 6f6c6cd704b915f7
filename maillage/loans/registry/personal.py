"""What the loans keep of people: the register of personal data."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import COLUMNS, Erasure, LegalBasis, PersonalField, declare

_LENDING = _("Prêter et emprunter : savoir qui a demandé, répondu, remis et rendu")
_KEPT = _("Un an après la fin du prêt, rendu ou non (ou le délai réglé par le réseau), puis sans le nom")


def _person(model: str, field: str, label: Any = "", *also: str, erasure: Erasure = Erasure.PSEUDONYM) -> PersonalField:
    return PersonalField(
        f"loans.{model}", field, _LENDING, LegalBasis.CONTRACT, _KEPT, erasure,
        export=bool(label), also=also, label=label,
    )  # fmt: skip


def _written(model: str, field: str) -> PersonalField:
    return PersonalField(
        f"loans.{model}", field, _LENDING, LegalBasis.CONTRACT, _KEPT, Erasure.KEEP, export=False, owner=""
    )


declare(
    _person(
        "Loan",
        "contact",
        _("Prêts que vous avez demandés"),
        "state",
        "first",
        "last",
        "purpose",
        "place",
        "expected",
        "reached",
        "created_at",
    ),
    _person("Loan", "answered_by", _("Prêts auxquels vous avez répondu"), "state", "answered_at"),
    _person("WaitingEntry", "contact", _("Listes d'attente"), "first", "last", "purpose", "state", "created_at"),
    _person("UnmetRequest", "user", _("Demandes que personne n'a pu satisfaire"), "first", "last", "reason"),
    _person("Extension", "asked_by", _("Prolongations demandées"), "asked_last", "reason", "state"),
    _person("Extension", "answered_by", _("Prolongations auxquelles vous avez répondu"), "state", "answered_at"),
    _person("Transfer", "agreed_by"),
    _person(
        "Transfer",
        "giver",
        _("Remises directes signées en donnant"),
        "giver_name",
        "giver_signed_at",
        "giver_confirmed_at",
    ),
    _person(
        "Transfer",
        "receiver",
        _("Remises directes signées en recevant"),
        "receiver_name",
        "receiver_signed_at",
        "receiver_confirmed_at",
    ),
    _written("Transfer", "giver_name"),
    _written("Transfer", "receiver_name"),
    _person(
        "Agreement", "lender_signed_by", _("Conventions signées pour le prêteur"), "lender_name", "lender_signed_at"
    ),
    _person("Agreement", "borrower_signed_by", _("Conventions signées"), "borrower_name", "borrower_signed_at"),
    _written("Agreement", "lender_name"),
    _written("Agreement", "borrower_name"),
    _written("Agreement", "lender_email"),
    _written("Agreement", "borrower_email"),
    _person("LoanDocument", "given_by", _("Pièces remises pour un prêt"), "kind", "name", "state", "created_at"),
    _person("LoanDocument", "checked_by", _("Pièces vérifiées"), "kind", "checked_at"),
    _person("ConditionReport", "author", _("Constats d'état établis"), "kind", "made_at", "notes"),
    _written("ConditionReport", "lender_name"),
    _written("ConditionReport", "borrower_name"),
    _person("DamageCase", "opened_by", _("Dommages signalés"), "outcome", "description", "created_at"),
    _person("DamageCase", "answered_by", _("Réponses sur un dommage"), "answer", "answered_at"),
    _person("Suspension", "by"),
    PersonalField(
        "loans.Suspension",
        "user",
        _LENDING,
        LegalBasis.LEGITIMATE,
        _("Un an après sa fin"),
        Erasure.DELETE_ROW,
        also=("until",),
        label=_("Suspensions de vos emprunts"),
    ),
    PersonalField(
        "loans.CalendarKey",
        "user",
        _("Suivre ses prêts dans son propre calendrier"),
        LegalBasis.CONTRACT,
        _("Jusqu'à la fermeture du compte"),
        Erasure.DELETE_ROW,
        export=False,
    ),
)

# Columns of a person's copy of their data, where their model says nothing to people.
COLUMNS.update(
    {
        "answered_by": _("répondu par"),
        "asked_by": _("demandé par"),
        "borrower_signed_by": _("signée par"),
        "checked_by": _("vérifiée par"),
        "given_by": _("remise par"),
        "giver": _("remis par"),
        "giver_confirmed_at": _("confirmé le"),
        "giver_signed_at": _("signé le"),
        "lender_signed_by": _("signée par"),
        "opened_by": _("signalé par"),
        "outcome": _("comment c'est revenu"),
        "receiver": _("reçu par"),
        "receiver_confirmed_at": _("confirmé le"),
        "receiver_signed_at": _("signé le"),
    }
)
