"""Why an actor answers a question, and what is missing: in words that the animator may send as they are."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.dates import date_format
from maillage.core.richtext import as_text
from maillage.core.text import folded
from maillage.directory.models import Actor
from maillage.outreach.queries.question.understanding import Question
from maillage.outreach.queries.question.vocabulary import TERMS, data
from maillage.search.queries import words_of

_FRESH_DAYS = 365


@dataclass(frozen=True)
class Known:
    """What is known of a candidate beside its sheet."""

    kilometres: float | None = None
    is_inside: bool = False
    is_outside: bool = False  # Of the place asked, whatever was widened.
    speaks_of: str = ""
    has_words: bool = False
    is_member: bool = False
    answered: list[str] = field(default_factory=list)
    last_on: date | None = None


def reasons_of(question: Question, actor: Actor, known: Known) -> list[str]:
    found = [*offers_of(question, actor)]
    written = _stems_of(actor) if known.speaks_of or known.has_words else frozenset()
    if not _held(question, actor, "theme") and (words := _written(known.speaks_of, written)):
        found.append(_("sa fiche parle de « %(words)s »") % {"words": words})
    if known.has_words and (words := _written(question.words, written)):
        found.append(_("sa fiche répond à « %(words)s »") % {"words": words})
    found += _where(question, actor, known)
    if known.is_member:
        found.append(_("signataire de la charte"))
    now = timezone.now()
    if actor.confirmed_at is not None and (now - actor.confirmed_at).days < _FRESH_DAYS:
        month = date_format(timezone.localtime(actor.confirmed_at), "F Y")
        found.append(_("fiche confirmée en %(month)s") % {"month": month})
    if known.answered:
        told = {"yes": _("déjà mis en relation : a accepté"), "later": _("déjà sollicité : a dit pas maintenant")}
        best = "yes" if "yes" in known.answered else known.answered[0]
        found.append(told.get(best, _("déjà sollicité : a décliné")))
    if known.last_on is not None:
        found.append(_("dernier contact le %(day)s") % {"day": date_format(known.last_on, "j F Y")})
    return found


def _stems_of(actor: Actor) -> frozenset[str]:
    """The stems of what the sheet says, as the search knows it."""
    place = [actor.commune.name, str(actor.commune.department or "")] if actor.commune is not None else []
    said = [actor.name, actor.acronym, actor.summary, as_text(actor.description), *place]
    said += [term.label for term in actor.terms.all()]
    if actor.family is not None:
        said.append(actor.family.label)
    return frozenset(word.stem for text in said for word in words_of(text) if not word.is_small)


def _written(asked: str, stems: frozenset[str]) -> str:
    """Those of the words asked that a sheet has, it or a word that means the same."""
    return " ".join(word.written for word in words_of(asked) if not word.is_small and word.family & stems)


def offers_of(question: Question, actor: Actor) -> list[str]:
    """What it proposes of what is asked."""
    found = []
    if actions := _held(question, actor, "action"):
        found.append(_("propose : %(terms)s") % {"terms": ", ".join(actions)})
    if themes := _held(question, actor, "theme"):
        found.append(", ".join(themes))
    if publics := _held(question, actor, "public"):
        found.append(_("pour %(terms)s") % {"terms": ", ".join(f"« {public} »" for public in publics)})
    if question.terms.get("famille") and actor.family is not None and _held(question, actor, "famille"):
        found.append(actor.family.label)
    return found


def for_everyone(actor: Actor) -> str:
    """The audience that holds all the others, if the sheet has it: « tout public »."""
    wide = {slug for name, slug in data().everyone if name == "public"}
    return ", ".join(
        term.label.lower() for term in actor.terms.all() if term.vocabulary == TERMS["public"] and term.slug in wide
    )


def _held(question: Question, actor: Actor, name: str) -> list[str]:
    """The labels of the terms asked in a facet that the sheet has, small letters first but for families."""
    asked = question.terms.get(name, [])
    if name == "famille":
        return [term.label for term in asked if term.pk == actor.family_id]
    held = {term.pk for term in actor.terms.all()}
    return [term.label[:1].lower() + term.label[1:] for term in asked if term.pk in held]


def _where(question: Question, actor: Actor, known: Known) -> list[str]:
    if known.is_outside:
        return []
    place = question.commune or (question.asker.commune if question.asker and not question.has_place else None)
    if known.kilometres is not None and place is not None:
        if actor.commune_id == place.pk:
            return [_("à %(place)s même") % {"place": place.name}]
        return [_("à %(km)d km %(place)s") % {"km": max(1, round(known.kilometres)), "place": _of(place.name)}]
    here = actor.commune.department if actor.commune is not None else None
    if known.is_inside and here is not None and here in question.departments:
        return [_("à %(commune)s (%(department)s)") % {"commune": str(actor.commune), "department": here.name}]
    if known.is_inside:
        return (
            [_("dit intervenir là")]
            if here not in question.departments and question.departments
            else [str(actor.commune)]
        )
    return [f"{actor.commune} ({here.name})"] if here is not None else []


def _of(name: str) -> str:
    """« d'Auch », « de Mende », « du Vigan », « des Matelles »."""
    article, _space, rest = name.partition(" ")
    if article in ("Le", "Les") and rest:
        return f"{'du' if article == 'Le' else 'des'} {rest}"
    return f"d'{name}" if folded(name)[:1] in "aeiouyh" else f"de {name}"


def missing_of(question: Question, actor: Actor, known: Known) -> list[str]:
    """What was asked and that the sheet leaves blank, or says otherwise; and what would hinder an introduction."""
    blanks = {
        "theme": _("thématique non précisée"),
        "action": _("type d'action non précisé"),
        "public": _("public non précisé"),
    }
    others = {
        "theme": _("autres thématiques : %(terms)s"),
        "action": _("propose plutôt : %(terms)s"),
        "public": _("s'adresse plutôt à : %(terms)s"),
    }
    found = []
    if known.is_outside:
        place = {"place": question.place_name, "km": max(1, round(known.kilometres or 0))}
        found.append(
            (_("hors %(place)s, à %(km)d km") if known.kilometres is not None else _("hors %(place)s")) % place
        )
    by_vocabulary: dict[str, list[str]] = {}
    for term in actor.terms.all():
        by_vocabulary.setdefault(term.vocabulary, []).append(term.label)
    for name in ("theme", "action", "public"):
        if not question.terms.get(name) or _held(question, actor, name) or (name == "public" and for_everyone(actor)):
            continue
        told = by_vocabulary.get(TERMS[name], [])
        if not told:
            found.append(blanks[name])
        else:
            found.append(others[name] % {"terms": ", ".join(sorted(told)[:3]).lower()})
    if not actor.email:
        found.append(_("pas d'adresse de contact : à appeler"))
    return found
