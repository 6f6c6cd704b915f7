"""The allow-list of rich text, tried by known ways round sanitisers."""

from html.parser import HTMLParser

import pytest

from maillage.core.richtext import ATTRIBUTES, SCHEMES, TAGS, sanitised, shown
from tests.support.hostile import RICH, active


class Parts(HTMLParser):
    """The elements of a text, with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, pairs):
        self.elements.append((tag, dict(pairs)))

    def handle_comment(self, text):
        self.elements.append(("comment", {}))

    handle_decl = handle_pi = unknown_decl = handle_comment


@pytest.mark.parametrize("text", RICH)
def test_what_remains_is_in_the_allow_list(text):
    for tag, attributes in Parts(sanitised(text)).elements:
        assert tag in TAGS
        assert attributes.keys() <= ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"] | ({"rel"} if tag == "a" else set())
        scheme, colon, _ = attributes.get("href", "").partition(":")
        assert not colon or scheme in SCHEMES or not scheme.isalpha()
    assert active(sanitised(text)) == []


@pytest.mark.parametrize("text", RICH)
def test_a_text_cleaned_twice_is_the_same(text):
    """A text that changes when read again could become something else in a browser."""
    once = sanitised(text)
    assert sanitised(once) == once
    assert shown(once) == once


def test_links_say_who_vouches_for_them():
    link = '<a href="https://exemple.fr" rel="follow" target="_blank">x</a>'
    assert sanitised(link) == '<a href="https://exemple.fr" rel="nofollow ugc noopener">x</a>'
    assert sanitised(link, trusted=True) == '<a href="https://exemple.fr" rel="noopener">x</a>'
