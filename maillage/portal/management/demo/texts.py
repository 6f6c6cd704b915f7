"""Writing the texts of the demonstration from its sentences: no database here."""

from dataclasses import dataclass, field
from html import escape
from random import Random
from typing import Any

from maillage.core.richtext import sanitised
from maillage.core.text import slugged
from maillage.portal.management.demo import prose
from maillage.portal.management.demo.matter import MATTER, Matter
from maillage.portal.management.demo.words import FIRST_NAMES, LAST_NAMES


@dataclass
class Text:
    """`values` are columns of a publication; `terms` slugs of its themes and audiences; `host` the actor it is about."""

    kind: str
    theme: str
    host: Any
    values: dict[str, Any]
    terms: tuple[str, ...]


@dataclass
class Pen:
    """Writes one text after the other, never the same twice."""

    random: Random
    _titles: set[str] = field(default_factory=set)
    _bodies: set[str] = field(default_factory=set)

    def write(self, kind: str, host: Any, *, theme: str = "", announcement: str = "") -> Text:
        """`host` is a planned actor that has its record."""
        themes, audiences = _spoken(host)
        theme = theme or self.random.choice(themes or sorted(MATTER))
        other = [slug for slug in themes if slug != theme]
        terms = [theme, *(self.random.sample(other, 1) if other and self.random.random() < 0.25 else [])]
        terms += self.random.sample(audiences, k=min(len(audiences), self.random.choice((0, 1, 1, 2))))
        for _try in range(40):
            values = self._values(kind, host, MATTER[theme], announcement)
            if values["title"] not in self._titles and values["body"] not in self._bodies:
                break
        self._titles.add(values["title"])
        self._bodies.add(values["body"])
        return Text(kind, theme, host, values, tuple(terms))

    def _values(self, kind: str, host: Any, matter: Matter, announcement: str) -> dict[str, Any]:
        slots = self._slots(host, matter)
        if kind == "announcement":
            return self._announcement(host, slots, announcement)
        if kind == "dossier":
            words = self.random.sample(prose.DOSSIER_WORDS, 3)
            body = _paragraphs([*words[1:], self.random.choice(matter.told)], slots)
            return {**_headed(self.random.choice(prose.DOSSIER_TITLES), words[0], slots), "body": body}
        values = self._portrait(slots, matter) if kind == "portrait" else self._article(slots, matter)
        if self.random.random() < 0.62:
            lines = self.random.sample(prose.SOURCES, k=self.random.choice((1, 2, 2, 3)))
            values["sources"] = "\n".join(line.format(**slots) for line in lines)
        if self.random.random() < 0.45:
            values["reviewer"] = f"{self.person()}, {self.random.choice(matter.expert)}"
        return values

    def _slots(self, host: Any, matter: Matter) -> dict[str, str]:
        subject = self.random.choice(matter.subjects)
        name = host.actor.name
        return {
            "actor": name,
            "slug": slugged(name, 40),
            "place": at(host.values["commune"].name),
            "subject": subject,
            "Subject": subject[0].upper() + subject[1:],
            "of_subject": of(subject),
            "who": self.person(),
            "expert": self.random.choice(matter.expert),
        }

    def person(self) -> str:
        return f"{self.random.choice(FIRST_NAMES)} {self.random.choice(LAST_NAMES)}"

    def _article(self, slots: dict[str, str], matter: Matter) -> dict[str, Any]:
        pick, chance = self.random.choice, self.random.random
        values: dict[str, Any] = _headed(pick(prose.TITLES), pick(prose.SUMMARIES), slots)
        told = self.random.sample(matter.told, 3)
        middles = self.random.sample(prose.MIDDLES, 4)
        parts = [_paragraphs([pick(prose.OPENINGS), self._noted(told[0], 0.35)], slots)]
        if chance() < 0.24:  # A short one.
            parts += [_paragraphs(middles[:1], slots), self._quote(slots), _paragraphs([pick(prose.ENDS)], slots)]
            return values | {"body": _whole(parts)}
        headings = pick(prose.HEADINGS)
        parts += [_heading(headings[0]), _paragraphs([self._noted(middles[0], 0.25)], slots)]
        parts += [self._quote(slots)] if chance() < 0.7 else []
        parts += [_heading(headings[1]), _paragraphs([told[1]], slots)]
        if chance() < 0.22:
            values["media"] = [self._medium(slots)]
            parts.append("<p>[média 1]</p>")
        parts += [_list(pick(prose.LISTS), self.random.sample(matter.tries, 4))] if chance() < 0.55 else []
        parts += [_table(pick(prose.TABLES), matter.measures)] if matter.measures and chance() < 0.2 else []
        parts += [_paragraphs(middles[1 : pick((2, 3))], slots), _heading(headings[2])]
        parts += [_paragraphs([told[2]] if chance() < 0.5 else [middles[3]], slots)]
        return values | {"body": _whole([*parts, _paragraphs([pick(prose.ENDS)], slots)])}

    def _portrait(self, slots: dict[str, str], matter: Matter) -> dict[str, Any]:
        pick = self.random.choice
        summary = f"{slots['who']}, {slots['expert']}, travaille {slots['place']} avec « {slots['actor']} »."
        values: dict[str, Any] = _headed(pick(prose.PORTRAIT_TITLES), summary, slots)
        paths = self.random.sample(prose.PORTRAIT_PATHS, 4)
        parts = [_paragraphs([pick(prose.PORTRAIT_OPENINGS), paths[0]], slots), self._quote(slots, own=True)]
        parts += [_heading("Un métier, des chemins"), _paragraphs(paths[1:3], slots), _heading("Transmettre")]
        parts += [_paragraphs([self._noted(pick(matter.told), 0.3), paths[3], pick(prose.ENDS)], slots)]
        return values | {"body": _whole(parts)}

    def _announcement(self, host: Any, slots: dict[str, str], announcement: str) -> dict[str, Any]:
        titles, sentences = prose.ANNOUNCED[announcement]
        values: dict[str, Any] = _headed(self.random.choice(titles), sentences[0], slots)
        more = [self.random.choice(prose.MIDDLES), self.random.choice(prose.ENDS)]
        parts = [_paragraphs([*sentences[1:], *more], slots)]
        values |= {"announcement": announcement, "body": _whole(parts)}
        values["contact"] = host.values["email"] or f"contact@{slots['slug']}.example"
        values["website"] = host.values["website"] if self.random.random() < 0.6 else ""
        return values

    def _noted(self, sentence: str, chance: float) -> str:
        return f"{sentence} [note : {self.random.choice(prose.NOTES)}]" if self.random.random() < chance else sentence

    def _quote(self, slots: dict[str, str], *, own: bool = False) -> str:
        who = f"{slots['who']}, {slots['expert']}" if own or self.random.random() < 0.6 else self.person()
        return (
            f"<blockquote><p>« {self.random.choice(prose.QUOTES)} »</p><p>{escape(who, quote=False)}</p></blockquote>"
        )

    def _medium(self, slots: dict[str, str]) -> dict[str, str]:
        kind, title, caption = self.random.choice(prose.MEDIA)
        site = "ecoute" if kind == "audio" else "images"
        address = f"https://{site}.{slots['slug']}.example/{self.random.randrange(100, 1000)}"
        return {"kind": kind, "url": address, "title": title.format(**slots), "caption": caption}


def _spoken(host: Any) -> tuple[list[str], list[str]]:
    held: dict[str, list[str]] = {"theme": [], "audience": []}
    for term in host.values["terms"]:
        if term.vocabulary in held:
            held[term.vocabulary].append(term.slug)
    return [slug for slug in held["theme"] if slug in MATTER], held["audience"]


def at(name: str) -> str:
    """« à Cahors », « au Vigan », « aux Matelles »."""
    for article, short in (("Le ", "au "), ("Les ", "aux ")):
        if name.startswith(article):
            return short + name.removeprefix(article)
    return f"à {name}"


def of(subject: str) -> str:
    """« de la lumière », « du son », « des crues »."""
    for article, short in (("le ", "du "), ("les ", "des ")):
        if subject.startswith(article):
            return short + subject.removeprefix(article)
    return f"d'{subject}" if subject[0] in "aeéiou" else f"de {subject}"


def _headed(title: str, summary: str, slots: dict[str, str]) -> dict[str, Any]:
    return {"title": title.format(**slots)[:140], "summary": summary.format(**slots)[:400]}


def _paragraphs(sentences: Any, slots: dict[str, str]) -> str:
    return "".join(f"<p>{escape(sentence.format(**slots), quote=False)}</p>" for sentence in sentences)


def _heading(words: str) -> str:
    return f"<h2>{words}</h2>"


def _list(words: str, items: list[str]) -> str:
    return f"<p>{words}</p><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _table(caption: str, rows: tuple[tuple[str, str], ...]) -> str:
    lines = "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in rows)
    return f"<table><caption>{caption}</caption><tbody>{lines}</tbody></table>"


def _whole(parts: list[str]) -> str:
    return sanitised("".join(parts), trusted=True)
