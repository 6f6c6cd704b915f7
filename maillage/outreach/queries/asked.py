"""What the address of a list asks for, read: what is unknown is dropped."""

from collections.abc import Container
from datetime import date


def among(text: str, values: Container[str]) -> str:
    return text if text in values else ""


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
