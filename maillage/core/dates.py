"""Dates as they are written in words: in French the first of a month is « 1er mars »."""

import re
from datetime import date
from typing import Any

from django.utils import formats, translation

_DAY_OF_MONTH = re.compile(r"(?<!\\)j(?= [FNMEb])")  # The day without a nought, just before the name of its month.


def date_format(value: date, form: str) -> str:
    """As `django.utils.formats.date_format`, which knows no ordinal in French. A datetime is in local time already."""
    return formats.date_format(value, with_ordinal(value, form))


def with_ordinal(value: Any, form: str) -> str:
    """`form` for this very day; numbers, and what machines read, are left as they are."""
    if getattr(value, "day", 0) != 1 or not (translation.get_language() or "fr").startswith("fr"):
        return form
    return _DAY_OF_MONTH.sub(r"j\\e\\r", form)
