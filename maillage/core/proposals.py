"""The box of what is chosen among proposals as one types, or named in words that the server reads."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict


class ProposalInput(forms.Widget):
    """`name` carries the key chosen, `name_text` what was typed. When several answer, without JavaScript, the box comes back
    with the `proposals` that its field left there, as radio buttons."""

    template_name = "core/forms/proposals.html"
    url: Any = ""  # Where the proposals are asked for.
    question: Any = ""  # Above the radio buttons.
    longest = 200

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.proposals: list[Any] = []

    def options(self) -> Iterable[tuple[str, str, str]]:
        """Key, label and detail of each proposal."""
        raise NotImplementedError

    def value_from_datadict(self, data: Any, files: MultiValueDict, name: str) -> tuple[str, str]:
        """(key, text). A radio button of the proposals, when one is ticked, is the key."""
        return (
            str(data.get(f"{name}_choice") or data.get(name) or "").strip(),
            str(data.get(f"{name}_text") or "").strip(),
        )

    def posted(self, name: str, value: Any) -> dict[str, str]:
        """What a browser would send of a value, as `value_from_datadict` reads it."""
        key, text = value or ("", "")
        return {name: key, f"{name}_text": text}

    def words(self, value: Any) -> str:
        return str(value[1]) if value else ""

    def value_omitted_from_data(self, data: Any, files: MultiValueDict, name: str) -> bool:
        return name not in data and f"{name}_text" not in data

    def id_for_label(self, id_: str) -> str:
        return id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        key, text = value if isinstance(value, tuple) else ("", "")
        given = context["widget"]["attrs"]
        context["widget"] |= {
            "key": key,
            "text": text,
            "url": self.url,
            "question": self.question,
            "longest": self.longest,
            "proposals": list(self.options()) if self.proposals else [],
            "described_by": given.get("aria-describedby", ""),
            "invalid": given.get("aria-invalid", ""),
            "autofocus": given.get("autofocus", False),
        }
        return context
