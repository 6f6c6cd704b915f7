"""What a line says of its place and that cannot all be true: the commune is chosen all the same, and someone should look."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from maillage.exchange.queries.parsing import cut
from maillage.exchange.registry import Fault
from maillage.territories.queries.index import CommuneIndex, Known
from maillage.territories.queries.places import department_of, postal_number, read_place
from maillage.territories.registry import typed_key

_AGAINST_THE_NAME = {"insee", "former_code", "postal_other_name"}  # Ways of finding a commune whatever it is called.


class Doubts:
    """Of the places of a file: the same words give the same doubts, reckoned once."""

    def __init__(self, index: CommuneIndex) -> None:
        self.index = index
        self._names: dict[str, tuple[str, str]] = {}
        for commune in index.by_pk.values():
            department = commune.department, commune.department_name
            self._names[commune.department] = self._names[typed_key(commune.department_name)] = department
        self._memory: dict[tuple[object, ...], list[tuple[str, str]]] = {}

    def about(self, commune: Known, how: str, told: Mapping[str, str]) -> list[Fault]:
        """`how` is that of the resolution; `told` holds `postal_code`, `commune`, `insee`, `department` as written."""
        key = (commune.pk, how, *told.values())
        if key not in self._memory:
            if len(self._memory) > 50_000:
                self._memory.clear()
            found = [self._department(commune, told), self._postal_code(commune, told), self._name(commune, how, told)]
            self._memory[key] = [doubt for doubt in found if doubt is not None]
        return [Fault(field, reason, blocking=False, doubt=True) for field, reason in self._memory[key]]

    def _department(self, commune: Known, told: Mapping[str, str]) -> tuple[str, str] | None:
        text = told["department"]
        known = self._names.get(text.upper().zfill(2)) or self._names.get(typed_key(text)) if text else None
        if known is None or known[0] == commune.department:
            return None
        reason = _("%(commune)s est dans le département %(right)s (%(code)s), pas %(wrong)s.")
        return "department", reason % {
            "commune": commune.name, "right": commune.department_name, "code": commune.department, "wrong": known[1],
        }  # fmt: skip

    def _postal_code(self, commune: Known, told: Mapping[str, str]) -> tuple[str, str] | None:
        """An unknown code of the same département is that of an office: CEDEX and the like."""
        number = postal_number(told["postal_code"])
        if not number or number in commune.postal_codes:
            return None
        others = self.index.by_postal.get(number, [])
        if not others and commune.department in department_of(number):
            return None
        if others:
            names = ", ".join(other.name for other in others[:3]) + ("…" if len(others) > 3 else "")
            reason = _("Le code postal %(number)s est celui de %(others)s, pas de %(commune)s.")
            return "postal_code", reason % {"number": number, "others": names, "commune": commune.name}
        reason = _("Le code postal %(number)s n'est pas du département de %(commune)s (%(code)s).")
        return "postal_code", reason % {"number": number, "commune": commune.name, "code": commune.department}

    def _name(self, commune: Known, how: str, told: Mapping[str, str]) -> tuple[str, str] | None:
        """A place that is no commune is a hamlet, or a way of saying; one that is another commune is a contradiction."""
        name = read_place(told["commune"]).name
        if how not in _AGAINST_THE_NAME or not name or commune.key.startswith(name) or name.startswith(commune.key):
            return None
        called = [named.commune.pk for named in self.index.named(name)]
        if not called or commune.pk in called:
            return None
        reason = _("Les codes de la ligne sont ceux de %(commune)s, qui est retenue à la place de « %(told)s ».")
        return "commune", reason % {"commune": commune.name, "told": cut(told["commune"], 80)}
