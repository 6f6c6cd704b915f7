"""What a line of a file becomes for the exchange: an elected official and a mandate, as the national register writes them.

The register is one file for each kind of mandate: what its lines do not say (the function, the level of the territory) is
chosen once for the whole list.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.text import folded
from maillage.core.viewer import Viewer
from maillage.exchange.enums import Outcome, Verdict
from maillage.exchange.registry import (
    Applied,
    Difference,
    Fault,
    Found,
    Order,
    Prepared,
    Recorded,
    Resemblance,
    Session,
    Target,
    TargetField,
    TargetOption,
    Text,
    register_target,
)
from maillage.outreach.actions.enrolling import Plan, enrol_rows, labels, plan_rows, put_back
from maillage.outreach.enums import Civility, Function

_DAY = r"\d{4}-\d{2}-\d{2}.*|\d{1,2}/\d{1,2}/\d{4}.*"
_LENGTHS = {"last_name": 80, "first_name": 80, "phone": 30, "delegation": 120, "address": 300}
FIELDS = [
    TargetField("last_name", gettext_lazy("Nom"), ("nom de l elu", "nom elu", "nom"), required=True),
    TargetField("first_name", gettext_lazy("Prénom"), ("prenom de l elu", "prenom elu", "prenom")),
    TargetField(
        "civility", gettext_lazy("Civilité"), ("code sexe", "sexe", "civilite"), looks=r"[MF]|Mme|Madame|Monsieur"
    ),
    TargetField("function", gettext_lazy("Fonction"), ("libelle de la fonction", "fonction", "mandat")),
    TargetField("delegation", gettext_lazy("Délégation"), ("delegation", "chargee de", "charge de")),
    TargetField("commune", gettext_lazy("Code de la commune"), ("code de la commune", "code commune", "code insee")),
    TargetField(
        "epci", gettext_lazy("SIREN de l'intercommunalité"), ("n siren", "siren", "code de l epci", "siren epci")
    ),
    TargetField(
        "department", gettext_lazy("Code du département"), ("code du departement", "code departement", "departement")
    ),
    TargetField("region", gettext_lazy("Code de la région"), ("code de la region", "code region", "region")),
    TargetField(
        "since",
        gettext_lazy("Début du mandat"),
        ("date de debut du mandat", "date de debut de la fonction"),
        looks=_DAY,
    ),
    TargetField("until", gettext_lazy("Fin du mandat"), ("date de fin du mandat", "date de fin"), looks=_DAY),
    TargetField(
        "email",
        gettext_lazy("Adresse e-mail"),
        ("email", "e mail", "courriel", "mail", "adresse e mail"),
        telling=False,
    ),
    TargetField("phone", gettext_lazy("Téléphone"), ("telephone", "tel"), rare=True),
    TargetField("address", gettext_lazy("Adresse postale"), ("adresse", "adresse postale"), rare=True),
]
_LEVELS = {
    Function.EPCI_HEAD: "epci",
    Function.REGIONAL: "region",
    Function.DEPARTMENTAL: "department",
    Function.NATIONAL: "department",
    Function.SENATOR: "department",
}


class OfficialTarget(Target):
    key = "officials"
    label = gettext_lazy("personne élue")
    plural = gettext_lazy("élus et élues")

    def fields(self, network: Any) -> list[TargetField]:
        return FIELDS

    def options(self, network: Any) -> list[TargetOption]:
        return [
            TargetOption(
                "function",
                gettext_lazy("Fonction quand la ligne ne la dit pas"),
                Function.choices,
                Function.MAYOR,
                gettext_lazy("Le répertoire national tient un fichier par mandat : maires, conseillers…"),
            )
        ]

    def session(self, *, by: Viewer, batch: Any, spec: Mapping[str, Any]) -> "OfficialSession":
        return OfficialSession(by, batch, spec)

    def restore(self, *, by: Viewer, batch: Any, changes: Sequence[Recorded]) -> dict[int, dict[str, str]]:
        return put_back(by=by, changes=changes)

    def url_of(self, object_id: int) -> str:
        return reverse("outreach:official_show", args=[object_id])

    def label_of(self, name: str) -> str:
        return dict(labels()).get(name, name)

    def learn(self, network: Any, judged: Sequence[tuple[int, Resemblance]]) -> None:
        """Nobody is judged alike here: the name and the territory decide."""

    def differences(self, changes: Sequence[Mapping[str, list[Any]]]) -> list[list[Difference]]:
        known = dict(labels())
        return [
            [
                Difference(known[name], _told(name, before), _told(name, after))
                for name, (before, after) in each.items()
                if name in known
            ]
            for each in changes
        ]


def _told(name: str, value: Any) -> str:
    if not value:
        return ""
    if name in {"since", "until", "closed"}:
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    return str(Civility(value).label) if name == "civility" and value in Civility.values else str(value)


class OfficialSession(Session):
    def __init__(self, by: Viewer, batch: Any, spec: Mapping[str, Any]) -> None:
        self.by = by
        self.source = str(batch.source or batch.title)[:120]
        chosen = spec.get("options", {}).get("function", "")
        self.function = chosen if chosen in Function.values else Function.MAYOR

    def prepare(self, number: int, values: Mapping[str, Text]) -> Prepared:
        line = Prepared(number)
        read = {each.name: _one(values.get(each.name, "")) for each in FIELDS}
        data: dict[str, Any] = {name: read[name][:limit] for name, limit in _LENGTHS.items()}
        if not data["last_name"]:
            line.faults.append(Fault("last_name", _("Le nom manque.")))
        data["civility"] = _civility(read["civility"])
        data["function"] = _function(read["function"], self.function)
        data["email"] = read["email"][:254]
        if data["email"]:
            try:
                validate_email(data["email"])
            except ValidationError:
                line.faults.append(
                    Fault("email", _("Ce n'est pas une adresse e-mail : elle est laissée."), blocking=False)
                )
                data["email"] = ""
        for name in ("since", "until"):
            data[name] = _day(read[name])
            if read[name] and not data[name]:
                line.faults.append(Fault(name, _("Ce n'est pas une date, comme 07/02/2024."), blocking=False))
        if data["since"] and data["until"] and data["until"] < data["since"]:
            line.faults.append(Fault("until", _("Un mandat ne finit pas avant d'avoir commencé.")))
        data["kind"], data["code"] = _place(data["function"], read)
        if not data["code"]:
            line.faults.append(Fault("commune", _("Le code de la commune, ou d'un autre territoire, manque.")))
        line.data = data
        line.label = f"{data['first_name']} {data['last_name']}".strip()
        line.detail = f"{Function(data['function']).label}, {data['code']}"
        return line

    def match(self, prepared: Sequence[Prepared]) -> list[Found]:
        plans = plan_rows(by=self.by, rows=[line.data for line in prepared])
        return [_found(plan) for plan in plans]

    def apply(self, orders: Sequence[Order]) -> list[Applied]:
        done = enrol_rows(by=self.by, rows=[order.data for order in orders], source=self.source)
        return [
            Applied(
                order.number,
                _outcome(each.refusal, each.created, bool(each.after)),
                each.official,
                each.refusal,
                each.created,
                each.before,
                each.after,
            )
            for order, each in zip(orders, done, strict=True)
        ]


def _found(plan: Plan) -> Found:
    if plan.error:
        return Found(Verdict.ERROR, faults=[Fault("commune" if plan.territory is None else "last_name", plan.error)])
    if plan.barred:
        return Found(Verdict.BARRED, faults=[Fault("commune", plan.barred)])
    faults = []
    if plan.without_email:
        sentence = _("La personne qui lit cette adresse ne veut plus qu'elle soit enregistrée : elle est laissée.")
        faults.append(Fault("email", sentence, blocking=False))
    if plan.official is None:
        return Found(Verdict.CREATE, changes=plan.changes, faults=faults)
    verdict = Verdict.UPDATE if plan.changes else Verdict.IDENTICAL
    return Found(verdict, plan.official.pk, changes=plan.changes, faults=faults)


def _outcome(refusal: str, created: bool, changed: bool) -> str:
    if refusal:
        return Outcome.REFUSED
    if created:
        return Outcome.CREATED
    return Outcome.UPDATED if changed else Outcome.UNCHANGED


def _one(value: Text) -> str:
    return " ".join(value) if isinstance(value, list) else value.strip()


def _civility(text: str) -> str:
    first = folded(text)
    if first in {"f", "mme", "madame", "femme"}:
        return Civility.MADAME
    return Civility.MONSIEUR if first in {"m", "mr", "monsieur", "homme"} else ""


def _function(text: str, default: str) -> str:
    said = folded(text)
    if "adjoint" in said or "delegue" in said:
        return Function.DEPUTY_MAYOR
    if said == "maire":
        return Function.MAYOR
    if said.startswith("president") and default == Function.EPCI_HEAD:
        return Function.EPCI_HEAD
    return default


def _day(text: str) -> str:
    """In ISO, "" when it is none."""
    parts = [int(part) for part in re.findall(r"\d+", text[:10])]
    if len(parts) != 3:
        return ""
    try:
        return date(*(parts if parts[0] > 31 else reversed(parts))).isoformat()
    except ValueError:
        return ""


def _place(function: str, read: Mapping[str, str]) -> tuple[str, str]:
    """Kind and code of the territory of a mandate. A code of commune may lack its département, as older files have it."""
    department = read["department"].upper().zfill(2) if read["department"] else ""
    level = _LEVELS.get(Function(function), "")
    if level == "department":
        return level, department
    if level:
        return level, read[level].replace(" ", "").zfill(2)[:9] if read[level] else ""
    code = read["commune"].replace(" ", "").upper()
    if code and len(code) < 4 and department:
        code = department + code.zfill(3)
    return "commune", code.zfill(5) if code else ""


register_target(OfficialTarget())
