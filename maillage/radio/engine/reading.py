"""How long words take to be read aloud."""

import re

_WORD = re.compile(r"\w")
SLOWEST, FASTEST = 80, 260  # Words a minute that a voice may be set to.


def count_words(text: str) -> int:
    """What stands between spaces and holds a letter or a figure: « l'eau » is one word, as it is one breath; a dash is none.
    `static/radio/order.js` counts alike."""
    return sum(1 for part in text.split() if _WORD.search(part))


def reading_seconds(text: str, rate: int) -> int:
    """Seconds at `rate` words a minute, rounded up: a programme that runs over is worse than one that ends early."""
    return -(-count_words(text) * 60 // rate)


def clock(seconds: int) -> str:
    """« 4:05 », « 1:02:03 »."""
    sign, seconds = ("−", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02}:{left:02}" if hours else f"{sign}{minutes}:{left:02}"


def typed_length(text: str) -> int | None:
    """Seconds of a length as people type it: « 4 », « 4:30 », « 4 min 30 », « 45 s »; None when it says nothing.

    ValueError on what is no length.
    """
    text = text.strip().lower().replace("\u202f", " ").replace("\u00a0", " ")
    if not text:
        return None
    if found := re.fullmatch(r"(\d{1,3})\s*(?:s|sec|secondes?)", text):
        return int(found[1])
    found = re.fullmatch(
        r"(\d{1,3})\s*(?:(?::|min(?:utes?)?|mn|'|’)\s*(?:(\d{1,2})\s*(?:s|sec|secondes?|\"|”)?)?)?", text
    )
    if found is None or int(found[2] or 0) > 59:
        raise ValueError(text)
    return int(found[1]) * 60 + int(found[2] or 0)
