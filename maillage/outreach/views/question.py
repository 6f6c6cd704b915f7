"""The question box: one question in plain French, who answers it and why, ready to be introduced."""

import re
from collections.abc import Mapping, Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.core.facets import Facet, FacetChoice
from maillage.core.pagination import with_params
from maillage.core.requests import Request
from maillage.directory.models import Actor
from maillage.networks.queries import departments_of, vocabularies
from maillage.outreach.queries.question import Candidate, Offered, Question, answers_to, offers_answering, read_question
from maillage.outreach.queries.question.vocabulary import TERMS
from maillage.outreach.views.team import team_page
from maillage.territories.models import Territory
from maillage.topics.models import Term

_PER_PAGE = 20
_EXAMPLES = (
    "un atelier d'astronomie pour des lycéens dans le Gers",
    "qui peut animer une fête de la science à Mende avec des enfants",
    "prêter une exposition sur l'eau en Lozère",
)

_WHO = re.compile(
    r"qui\s+(?:(?:peut|peuvent|pourrait|pourraient|sait|savent|saurait|sauraient)|"
    r"(?P<has>propose(?:nt|rait)?|prête(?:nt|rait)?|offre(?:nt)?|a|ont|aurait))\s+(?=\w)",
    re.IGNORECASE,
)


@team_page
@require_safe
def show_question(request: Request) -> HttpResponse:
    """`?q=…` is understood; `lu=1` says all that was understood, so that it can be changed."""
    viewer = request.viewer
    question = read_question(request.GET, viewer)
    answers = answers_to(question, viewer)
    page = Paginator(answers.candidates, _PER_PAGE).get_page(request.GET.get("page"))
    offers = offers_answering(question, viewer) if page.number == 1 else []
    terms = vocabularies(request.network)
    context = {
        "question": question,
        "answers": answers,
        "page": page,
        "offers": [(each, _introduce_to_offer(question, each)) for each in offers],
        "lines": [(candidate, _introduce_url(question, candidate)) for candidate in page.object_list],
        "chips": [
            {"label": chip.label, "url": f"?{question.params(without=chip).urlencode()}"} for chip in question.chips()
        ],
        "facets": _facets(question, terms, departments_of(request.network)),
        "widest": f"?{_bare(question)}",
        "examples": [(each, f"?{_asked(each)}") for each in _EXAMPLES],
        "query": with_params(request.GET, page=None),
    }
    return render(request, "outreach/question/show.html", context)


def _facets(question: Question, terms: Mapping[str, Sequence[Term]], departments: Sequence[Territory]) -> list[Facet]:
    """All that a question may be told to mean."""
    there = {place.code for place in question.departments}
    places = [FacetChoice(place.code, place.name, selected=place.code in there) for place in departments]
    titles = {
        "theme": _("Thématiques"),
        "public": _("Publics"),
        "action": _("Types d'action"),
        "famille": _("Familles d'acteurs"),
    }
    facets = [Facet("departement", _("Départements"), places)]
    for name, vocabulary in TERMS.items():
        chosen = {term.slug for term in question.terms.get(name, [])}
        choices = [FacetChoice(term.slug, term.label, selected=term.slug in chosen) for term in terms[vocabulary]]
        facets.append(Facet(name, titles[name], choices))
    return facets


def _introduce_url(question: Question, candidate: Candidate) -> str:
    """The form of an introduction, with what was asked and why this one."""
    kept = _introduction(question, candidate.actor)
    if offers := "\n".join(f"- {reason}" for reason in candidate.offers):
        kept["pourquoi"] = offers
    return f"{reverse('outreach:introduction_new')}?{kept.urlencode()}"


def _introduce_to_offer(question: Question, found: Offered) -> str:
    """With the offer as the reason; "" for one heard from someone without a sheet, who is called."""
    if found.offer.actor is None:
        return ""
    kept = _introduction(question, found.offer.actor)
    if found.is_told_by_its_actor:
        kept["offre"] = str(found.offer.pk)
    return f"{reverse('outreach:introduction_new')}?{kept.urlencode()}"


def _introduction(question: Question, actor: Actor) -> QueryDict:
    kept = QueryDict(mutable=True)
    kept["acteur"] = str(actor.pk)
    if question.text:
        kept["quoi"] = _sought(question.text)
    if question.asker is not None:
        kept["demandeur"] = str(question.asker.pk)
    return kept


def _sought(text: str) -> str:
    """A question as the thing that is sought: « Une école cherche : … » goes before it in the message."""
    told = text.strip().rstrip("?").rstrip()
    found = _WHO.match(told)
    if found is None:
        return told or text
    wanted = told[found.end() :]
    return wanted if found["has"] else _("quelqu'un pour %(doing)s") % {"doing": wanted}


def _bare(question: Question) -> str:
    """What is asked without its place nor its audience: a way on when nobody answers."""
    kept = question.params()
    for name in ("departement", "epci", "pres", "public", "mots"):
        kept.pop(name, None)
    return kept.urlencode()


def _asked(text: str) -> str:
    params = QueryDict(mutable=True)
    params["q"] = text
    return params.urlencode()
