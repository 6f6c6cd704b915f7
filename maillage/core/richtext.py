"""Rich text: the one allow-list, applied when a text is saved; what is stored may be shown as it is.

Never allow svg, math, style, title, iframe, noscript, template, form, nor the attributes style, class and id: known
ways round sanitisers need one of them.
"""

import html
import re

import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {
    "p", "br", "hr", "strong", "em", "sub", "sup", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "a",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "abbr", "span", "code", "pre",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "hreflang"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "abbr": {"title"},
    "*": {"lang"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
_RENAMED = [
    (re.compile(r"<(/?)h1\b", re.IGNORECASE), r"<\1h2"),
    (re.compile(r"<(/?)b(?=[\s>])", re.IGNORECASE), r"<\1strong"),
    (re.compile(r"<(/?)i(?=[\s>])", re.IGNORECASE), r"<\1em"),
]
_EMPTY = re.compile(r"<p>(?:\s|&nbsp;|<br>)*</p>")
_BLOCK_END = re.compile(r"</(?:p|li|h[2-4]|tr|blockquote|pre)>|<br>|<hr>")


def sanitised(text: str, *, trusted: bool = False) -> str:
    """`text` reduced to the allow-list; links of authors not `trusted` are marked nofollow and ugc."""
    for pattern, replacement in _RENAMED:
        text = pattern.sub(replacement, text)
    cleaned = nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener" if trusted else "nofollow ugc noopener",
        clean_content_tags={"script", "style", "iframe", "noscript", "template", "title", "svg", "math", "object"},
        strip_comments=True,
    )
    return _EMPTY.sub("", cleaned).strip()


def as_text(text: str) -> str:
    """The words of a rich text, one block a line: for search, mails and descriptions."""
    stripped = nh3.clean(_BLOCK_END.sub("\n", text), tags=set(), attributes={})
    lines = (" ".join(line.split()) for line in html.unescape(stripped).split("\n"))
    return "\n".join(line for line in lines if line)


def shown(text: str, *, trusted: bool = False) -> SafeString:
    """`text` ready for a page, cleaned again so that nothing written round the forms can be shown."""
    return mark_safe(sanitised(text, trusted=trusted))
