"""Dates, hours and numbers as a voice says them in French."""

from datetime import date, datetime, time

_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze",
    "quinze", "seize",
)  # fmt: skip
_TENS = {
    2: "vingt",
    3: "trente",
    4: "quarante",
    5: "cinquante",
    6: "soixante",
    7: "soixante",
    8: "quatre-vingt",
    9: "quatre-vingt",
}
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def number(value: int, *, feminine: bool = False) -> str:
    """0 to 999 in words, with the hyphens of 1990: « vingt-et-un », « quatre-vingts », « soixante-et-onze »."""
    if not 0 <= value <= 999:
        raise ValueError(value)
    if value >= 100:
        hundreds, rest = divmod(value, 100)
        head = "cent" if hundreds == 1 else f"{_UNITS[hundreds]}-cent{'' if rest else 's'}"
        return f"{head}-{number(rest, feminine=feminine)}" if rest else head
    if value <= 16:
        return "une" if value == 1 and feminine else _UNITS[value]
    if value < 20:
        return f"dix-{_UNITS[value - 10]}"
    ten, unit = divmod(value, 10)
    if ten in (7, 9):
        unit += 10
    base = _TENS[ten]
    if unit == 0:
        return f"{base}s" if ten == 8 else base
    tail = number(unit, feminine=feminine)
    joined = "-et-" if unit in (1, 11) and ten not in (8, 9) else "-"
    return f"{base}{joined}{tail}"


def hour(value: time | datetime) -> str:
    """« midi », « quatorze heures », « vingt-et-une heures trente »."""
    said = {0: "minuit", 12: "midi"}.get(value.hour)
    if said is None:
        said = f"{number(value.hour, feminine=True)} heure{'s' if value.hour > 1 else ''}"
    return f"{said} {number(value.minute, feminine=True)}" if value.minute else said


def day(value: date) -> str:
    """« samedi 5 décembre », « dimanche premier mars »: the year is not said of what is near."""
    figure = "premier" if value.day == 1 else str(value.day)
    return f"{_DAYS[value.weekday()]} {figure} {_MONTHS[value.month - 1]}"


def moment(value: datetime) -> str:
    """« samedi 5 décembre à quatorze heures »; `value` is in the zone of the place."""
    return f"{day(value)} à {hour(value)}"


def phone(text: str) -> str:
    """A number in pairs, as it is dictated: « 05 65 35 00 00 »; anything else as it is."""
    digits = "".join(each for each in text if each.isdigit())
    if text.strip().startswith("+33") and len(digits) == 11:
        digits = f"0{digits[2:]}"
    if len(digits) != 10 or any(each.isalpha() for each in text):
        return text.strip()
    return " ".join(digits[at : at + 2] for at in range(0, 10, 2))


def sentence(text: str) -> str:
    """With its capital and its full stop."""
    text = " ".join(text.split())
    if not text:
        return ""
    return f"{text[0].upper()}{text[1:]}{'' if text[-1] in '.!?…' else '.'}"
