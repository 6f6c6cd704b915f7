"""What people read in French keeps its marks beside their words."""

import pytest

from tests.architecture.house import shown
from tools import typography


def test_no_line_may_break_before_a_mark():
    assert [shown(path) for path, _ in typography.unspaced()] == [], "run.py fix"


@pytest.mark.parametrize(
    ("read", "text", "mended"),
    [
        (
            typography.template,
            "<p>Qui ? « {{ name }} » : rien ; sûr !</p>",
            "<p>Qui~? «~{{ name }}~»~: rien~; sûr~!</p>",
        ),
        (typography.template, "{% translate 'Déjà là ?' %} : {{ a }}", "{% translate 'Déjà là~?' %}~: {{ a }}"),
        (
            typography.template,
            "{% if a != b %}{# a ? #}<style>a : b</style>",
            "{% if a != b %}{# a ? #}<style>a : b</style>",
        ),
        (typography.template, "{{ a }} % de 40 %, {% if a %}", "{{ a }}~% de 40~%, {% if a %}"),
        (typography.template, '<a href="/liste/ ?vue=carte">', '<a href="/liste/ ?vue=carte">'),
        (typography.python, 'said = _("Trop : « %s » !")', 'said = _("Trop~: «~%s~»~!")'),
        (typography.python, 'said = _("{} % de %s, 5 %d")', 'said = _("{}~% de %s, 5 %d")'),
        (typography.python, 'said = f"{text[a : b]} : {c}"', 'said = f"{text[a : b]}~: {c}"'),
        (
            typography.python,
            'said = (\n    "Un ?"\n    """Deux\n    trois ;"""\n)',
            'said = (\n    "Un~?"\n    """Deux\n    trois~;"""\n)',
        ),
        (
            typography.python,
            '"""Says « so »."""\nseen = text[a : b]  # or : so',
            '"""Says « so »."""\nseen = text[a : b]  # or : so',
        ),
        (typography.python, 'mark = re.compile(r"a ; b")', 'mark = re.compile(r"a ; b")'),
        (
            typography.guide,
            "Dites : `a : b`\n\n```\nrun : it\n```\n\n| 1 ? | : |",
            "Dites~: `a : b`\n\n```\nrun : it\n```\n\n| 1~? | : |",
        ),
    ],
)
def test_texts_are_mended_and_code_is_left(read, text, mended):
    assert read(text) == mended.replace("~", "\u00a0")
    assert read(read(text)) == read(text)
