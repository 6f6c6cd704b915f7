"""Forms of a page as a browser would send them back."""

from html.parser import HTMLParser
from typing import Any


class Forms(HTMLParser):
    """What a browser would send of the forms of a page that go to `address`, those without address included."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address, self.inside, self.id, self.select, self.area = address, False, "", "", ""
        self.values: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        if tag == "form":
            self.inside = given.get("method", "").lower() == "post" and given.get("action", "") in ("", self.address)
            self.id = given.get("id", "") if self.inside else self.id
        name = given.get("name", "")
        ours = self.inside or (self.id and given.get("form") == self.id) or (tag == "option" and self.select)
        if not ours:
            return
        if tag == "input" and name and given.get("type") != "file":
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                usual = "on" if given.get("type") in ("checkbox", "radio") else ""
                self.values.setdefault(name, given.get("value", usual))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in given or self.select not in self.values):
            self.values[self.select] = given.get("value", "")
        elif tag == "textarea":
            self.area, self.values[name] = name, ""

    def handle_data(self, text: str) -> None:
        if self.area:
            # A line break that follows the tag is not part of the text.
            self.values[self.area] += text if self.values[self.area] else text.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.area = ""


def values_of(response: Any, address: str) -> dict[str, str]:
    """What the forms of a page would send to `address` as they are shown; nothing when it is no page."""
    if response.status_code != 200 or not response.get("Content-Type", "").startswith("text/html"):
        return {}
    return Forms(response.text, address).values
