"""The search of the whole site is read by everyone."""

from tests.access.table import line

LINES = [
    line("search:results", everyone=200),
    line("search:results", query="q=mus%C3%A9e", everyone=200),
    line(
        "search:results",
        query="q=mus&theme=x&departement=34&quand=avenir&nature=actor&commune=34172&pres=34172",
        everyone=200,
    ),
    line("search:results", method="post", everyone=405),
    line("search:suggestions", query="q=mus", everyone=200),
    line("search:suggestions", query="q=mus&format=json", everyone=200),
]
