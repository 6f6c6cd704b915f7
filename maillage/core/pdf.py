"""Documents in PDF: accessible (PDF/UA-1: tagged, titled, in French), in the site's own letters, the same for the same data.

    render("directory/pdf/charter.typ", {"title": "…", "body": tree(html)})

A document is a Typst template of an app (`templates/<app>/pdf/…`), which draws `data`. Data travel as JSON and are never
part of the template: what a person typed is text, whatever it looks like. A template reads its own folder and that of
core's layout, nothing else, and fetches nothing.
"""

import json
import tempfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.apps import apps

from maillage.core.richtext import sanitised

_CORE = Path(__file__).parent
_LAYOUT = _CORE / "templates" / "core" / "pdf" / "layout.typ"
_FONTS = _CORE / "static" / "core" / "vendor" / "pdf"


def render(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template; `data` is JSON, with `title`, and dates already in words."""
    import typst

    source = Path(apps.get_app_config(template.split("/", maxsplit=1)[0]).path) / "templates" / template
    # Within a folder of its own, a template reaches no other file of the machine.
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "layout.typ").write_bytes(_LAYOUT.read_bytes())
        (root / "main.typ").write_bytes(source.read_bytes())
        return bytes(
            typst.compile(
                root / "main.typ",
                root=root,
                font_paths=_fonts(),
                format="pdf",
                sys_inputs={"data": json.dumps(data)},
                pdf_standards=["ua-1"],
            )
        )


@cache
def _fonts() -> Any:
    """Those that are shipped and no other: the same document on every machine."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])


Node = dict[str, Any] | str
_EMPTY = {"br", "hr"}
_HOLDERS = {
    "",
    "ul",
    "ol",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
}  # The blanks between their blocks say nothing.


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Node] = []
        self._open: list[tuple[str, list[Node]]] = [("", self.root)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        inside: list[Node] = []
        node: dict[str, Any] = {"tag": tag, "children": inside}
        node |= {name: given[name] for name in ("href", "lang") if given.get(name)}
        self._open[-1][1].append(node)
        if tag not in _EMPTY:
            self._open.append((tag, inside))

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _inside in self._open]:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        tag, inside = self._open[-1]
        if data.strip() or tag not in _HOLDERS:
            inside.append(data)


def tree(html: str) -> list[Node]:
    """A rich text as `layout.typ` draws it (`rich`): nodes `{"tag", "children", "href"?, "lang"?}` and strings."""
    parser = _Tree()
    parser.feed(sanitised(html))
    parser.close()
    return parser.root
