"""French typography: no ordinary space before `: ; ? ! » %` nor after `«` in what people read, since a line would break there."""

import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A mark stands alone: `!=`, `://`, `:-)` and `?page` are no punctuation; a bar before one is the edge of a Markdown cell.
_SPACE = re.compile(
    r"(?<=[^\s|=]) (?=[:;?!](?![:;?!=\w/-]))|(?<=\S) (?=»)|(?<=«) (?=\S)|(?<=[\d}\ue000]) (?=%(?![\w(]))"
)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|<(style|script)\b.*?</\1>", re.DOTALL)
_CODE = re.compile(r"^(```).*?^\1|^(?: {4}|\t).*?$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BRACES = re.compile(r"\{[^{}]*\}")
_HIDDEN = "\ue000"
_STATEMENT = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
_WRITTEN_BY_BENCH = "vitesse.md"


def spaced(text: str) -> str:
    return _SPACE.sub("\u00a0", text)


def _around(code: re.Pattern[str], text: str, inside: Callable[[str], str] = str) -> str:
    """`text` spaced around its `code`, which goes through `inside`; a mark after a value is seen to follow something."""
    pieces = (found.group() for found in code.finditer(text))
    return re.sub(_HIDDEN, lambda _: inside(next(pieces)), spaced(code.sub(_HIDDEN, text)))


def _tag(tag: str) -> str:
    return _QUOTED.sub(lambda found: spaced(found.group()), tag) if tag.startswith(("{%", "{{")) else tag


def template(text: str) -> str:
    return _around(_TAG, text, _tag)


def guide(text: str) -> str:
    return _around(_CODE, text)


def python(text: str) -> str:
    """Strings, but neither docstrings, nor raw ones (patterns), nor the expressions of an f-string."""
    lines = text.splitlines(keepends=True)
    before, strings = tokenize.ENCODING, []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.STRING and before not in _STATEMENT:
            strings.append(token)
        if token.type not in {tokenize.NL, tokenize.COMMENT}:
            before = token.type
    for token in reversed(strings):
        (first, start), (last, end) = token.start, token.end
        prefix = token.string[: min(token.string.find(quote) % len(token.string) for quote in "\"'")].lower()
        if "r" not in prefix and "b" not in prefix:
            written = _around(_BRACES, token.string) if "f" in prefix else spaced(token.string)
            lines[first - 1 : last] = [lines[first - 1][:start] + written + lines[last - 1][end:]]
    return "".join(lines)


_TEXTS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("maillage", "**/*.py", python),
    ("config", "**/*.py", python),
    ("tools", "**/*.py", python),
    ("maillage", "**/templates/**/*.html", template),
    ("maillage", "**/templates/**/*.txt", template),
    ("docs/guides", "*.md", guide),
    ("docs/exploitation", "*.md", guide),
)


def unspaced() -> Iterator[tuple[Path, str]]:
    """Files to mend, with what they must say. Scripts hold no text: theirs comes from templates, by `data-` attributes."""
    for folder, pattern, mended in _TEXTS:
        for path in sorted((ROOT / folder).glob(pattern)):
            text = path.read_text()
            if path.name != _WRITTEN_BY_BENCH and (right := mended(text)) != text:
                yield path, right


def mend() -> None:
    for path, right in unspaced():
        path.write_text(right)
