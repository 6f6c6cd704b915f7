"""Letters for the team: written, composed, read before they leave, tried, sent, followed."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.core.errors import Conflict, Refused
from maillage.core.mail import plain
from maillage.core.once import once
from maillage.core.pagination import paginate
from maillage.core.requests import Request
from maillage.core.text import whole_number
from maillage.core.throttle import throttled
from maillage.newsletters import rules
from maillage.newsletters.actions import composing, sending
from maillage.newsletters.enums import BlockKind, LetterState
from maillage.newsletters.forms.letters import (
    ChoosingForm,
    LetterForm,
    MomentForm,
    PageForm,
    SectionForm,
    TextBlockForm,
    TrialForm,
)
from maillage.newsletters.models import Block, Letter
from maillage.newsletters.queries.blocks import lines_of
from maillage.newsletters.queries.candidates import shelves
from maillage.newsletters.queries.checks import review, written
from maillage.newsletters.queries.figures import counts_by_letter_state, letters_of, progress_of
from maillage.newsletters.queries.reading import content_of
from maillage.newsletters.views.asked import letter_of, team_page

_PER_PAGE = 30
_both = require_http_methods(["GET", "HEAD", "POST"])


@team_page
@require_safe
def list_letters(request: Request) -> HttpResponse:
    state = request.GET.get("etat", "")
    counts = counts_by_letter_state(request.viewer)
    tabs = [(_("Toutes"), ".", not state, sum(counts.values()))]
    tabs += [
        (label, f"?etat={value}", value == state, counts[value])
        for value, label in LetterState.choices
        if value in counts
    ]
    page = paginate(letters_of(request.viewer, state), request.GET, per_page=_PER_PAGE)
    return render(request, "newsletters/work/list.html", {"page": page, "tabs": tabs, "state": state})


@team_page
@once
@_both
def create(request: Request) -> HttpResponse:
    form = LetterForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            letter = composing.create_letter(by=request.viewer, **form.cleaned_data)
            return redirect("newsletters:letter_choose", letter.pk)
    return render(request, "newsletters/work/form.html", {"form": form, "letter": None}, status=status)


@team_page
@_both
def edit(request: Request, pk: int) -> HttpResponse:
    letter = letter_of(request, pk)
    rules.may_change(request.viewer, letter).require()
    form = LetterForm(request.POST if request.method == "POST" else None, letter=letter)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                composing.change_letter(by=request.viewer, letter=letter, values=form.changed(), seen=form.seen)
            except Conflict as conflict:
                letter = letter_of(request, pk)
                form.tell({name: getattr(letter, name) for name in form.held})
                form.add_error(None, conflict.sentence)
                status = 409
            else:
                messages.success(request, _("La lettre est enregistrée."))
                return redirect("newsletters:letter_work", pk)
    return render(request, "newsletters/work/form.html", {"form": form, "letter": letter}, status=status)


@team_page
@_both
def show(request: Request, pk: int) -> HttpResponse:
    """A draft is composed here; one that left is followed."""
    letter = letter_of(request, pk)
    if request.method == "POST":
        return _compose(request, letter)
    if not letter.is_draft:
        context = {"letter": letter, "progress": progress_of(letter), "content": content_of(letter)}
        return render(request, "newsletters/work/follow.html", context)
    return _composing(request, letter)


def _composing(request: Request, letter: Letter, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "letter": letter,
        "lines": lines_of(letter, more.pop("typed", None), more.pop("errors", None)),
        "section_form": SectionForm(),
        "page_form": PageForm(network=letter.network),
        **more,
    }
    return render(request, "newsletters/work/compose.html", context, status=status)


def _compose(request: Request, letter: Letter) -> HttpResponse:
    """One form for all the sentences, whichever button sends it: what was typed is kept when a block is moved."""
    act, _colon, key = request.POST.get("acte", "").partition(":")
    if act in ("partie", "page"):
        return _add(request, letter, act)
    typed = {
        pk: text[:400] for name, text in request.POST.items()
        if name.startswith("mot-") and (pk := whole_number(name.removeprefix("mot-"))) is not None
    }  # fmt: skip
    seen = {pk: request.POST.get(f"vu-{pk}", "") for pk in typed}
    try:
        composing.change_words(by=request.viewer, letter=letter, values=typed, seen=seen)
    except ValidationError as error:
        errors = {whole_number(pk): sentences[0] for pk, sentences in error.message_dict.items()}
        return _composing(request, letter, status=422, errors=errors, typed=typed)
    except Conflict as conflict:
        messages.error(request, conflict.sentence)
        return _composing(request, letter, status=409, typed=typed)
    there = reverse("newsletters:letter_work", args=[letter.pk])
    if act in ("monter", "descendre", "retirer"):
        visible = Block.objects.visible_to(request.viewer).select_related("letter")
        block = get_object_or_404(visible, letter=letter, pk=whole_number(key) or 0)
        if act == "retirer":
            composing.remove_block(by=request.viewer, block=block)
            messages.success(request, _("« %(block)s » n'est plus dans la lettre.") % {"block": block})
            return redirect(f"{there}#blocs")
        composing.move_block(by=request.viewer, block=block, up=act == "monter")
        return redirect(f"{there}?deplace={block.pk}#bloc-{block.pk}")
    messages.success(request, _("Les phrases sont enregistrées."))
    return redirect(f"{there}#blocs")


def _add(request: Request, letter: Letter, act: str) -> HttpResponse:
    section = SectionForm(request.POST if act == "partie" else None)
    page = PageForm(request.POST if act == "page" else None, network=letter.network)
    form: Any = section if act == "partie" else page
    status = 422
    if form.is_valid():
        try:
            if act == "partie":
                composing.add_block(by=request.viewer, letter=letter, title=form.cleaned_data["title"], section=True)
            else:
                chosen = [("", *form.cleaned_data["address"])]
                if not composing.add_contents(by=request.viewer, letter=letter, chosen=chosen):
                    raise Refused(_("Cette page est déjà dans la lettre."), status=409)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            messages.success(request, _("C'est ajouté à la fin de la lettre."))
            return redirect(f"{reverse('newsletters:letter_work', args=[letter.pk])}#blocs")
    return _composing(request, letter, status=status, section_form=section, page_form=page, form=form)


@team_page
@_both
def choose(request: Request, pk: int) -> HttpResponse:
    """What may go into it, ticked all at once."""
    letter = letter_of(request, pk)
    rules.may_change(request.viewer, letter).require()
    asking = ChoosingForm(request.GET, letter=letter)
    found = shelves(letter, asking.asked)
    if request.method == "POST":
        ticked = set(request.POST.getlist("choix"))
        chosen = [
            (str(shelf.title), each.kind, each.pk)
            for shelf in found
            for each in shelf.candidates
            if each.key in ticked and not each.is_there
        ]
        try:
            count = composing.add_contents(by=request.viewer, letter=letter, chosen=chosen)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            said = ngettext("%(n)d contenu ajouté.", "%(n)d contenus ajoutés.", count)
            messages.success(request, said % {"n": count} if count else _("Rien n'était coché."))
            return redirect("newsletters:letter_work", pk)
    return render(request, "newsletters/work/choose.html", {"letter": letter, "asking": asking, "shelves": found})


@team_page
@once
@_both
def edit_text(request: Request, pk: int, block: int = 0) -> HttpResponse:
    """A free text, added at the end or changed."""
    letter = letter_of(request, pk)
    rules.may_change(request.viewer, letter).require()
    found = None
    if block:
        visible = Block.objects.visible_to(request.viewer).filter(letter=letter, kind=BlockKind.TEXT)
        found = get_object_or_404(visible, pk=block)
    form = TextBlockForm(request.POST if request.method == "POST" else None, text=found.text if found else "")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if found is None:
                    found = composing.add_block(by=request.viewer, letter=letter, text=form.cleaned_data["text"])
                else:
                    composing.change_words(
                        by=request.viewer, letter=letter, values={found.pk: form.cleaned_data["text"]},
                        seen={found.pk: form.seen.get("text", "")},
                    )  # fmt: skip
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return redirect(f"{reverse('newsletters:letter_work', args=[pk])}#bloc-{found.pk}")
    return render(
        request, "newsletters/work/text.html", {"form": form, "letter": letter, "block": found}, status=status
    )


@team_page
@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    """On a desk, on a phone, as text alone."""
    letter = letter_of(request, pk)
    shown = request.GET.get("vue", "")
    shown = shown if shown in ("telephone", "texte") else "bureau"
    text = plain(written(letter, content_of(letter, leaving=not letter.is_published))).text if shown == "texte" else ""
    team: Any = sending.team_of(request.viewer)
    context = {
        "letter": letter,
        "shown": shown,
        "text": text,
        "views": [("bureau", _("Ordinateur")), ("telephone", _("Téléphone")), ("texte", _("Texte seul"))],
        "trial_form": TrialForm(team=team, viewer=request.viewer),
    }
    return render(request, "newsletters/work/preview.html", context)


@csp_replace(
    {
        "default-src": [NONE],
        "script-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "img-src": [SELF],
        "frame-ancestors": [SELF],
    }
)
@team_page
@require_safe
def message(request: Request, pk: int) -> HttpResponse:
    """The message itself, for the frame of the preview: its own styles, nothing that runs."""
    letter = letter_of(request, pk)
    response = HttpResponse(written(letter, content_of(letter, leaving=not letter.is_published)))
    response["X-Robots-Tag"] = "noindex"
    return response


@throttled("newsletters.trial", limit=30, seconds=3600, methods=("POST",))
@team_page
@require_POST
def trial(request: Request, pk: int) -> HttpResponse:
    letter = letter_of(request, pk)
    team: Any = sending.team_of(request.viewer)
    form = TrialForm(request.POST, team=team, viewer=request.viewer)
    if not form.is_valid():
        messages.error(request, _("Choisissez au moins une personne de l'équipe."))
    else:
        count = sending.try_letter(by=request.viewer, letter=letter, to=form.cleaned_data["to"])
        said = ngettext("L'essai est parti à %(n)d adresse.", "L'essai est parti à %(n)d adresses.", count)
        messages.success(request, said % {"n": count})
    return redirect("newsletters:letter_preview", pk)


@team_page
@_both
def send(request: Request, pk: int) -> HttpResponse:
    """What is to be looked at, to how many it goes, then now or at a moment."""
    letter = letter_of(request, pk)
    rules.may_change(request.viewer, letter).require()
    form = MomentForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            read = request.POST.get("lu", "")
            try:
                if at := form.cleaned_data["at"]:
                    sending.schedule_letter(by=request.viewer, letter=letter, at=at, read=read)
                else:
                    sending.send_letter_now(by=request.viewer, letter=letter, read=read)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
                letter = letter_of(request, pk)
            else:
                return redirect("newsletters:letter_work", pk)
    found = review(letter)
    per_hour = int(letter.network.setting("mails_per_hour"))
    context = {
        "letter": letter,
        "form": form,
        "review": found,
        "per_hour": per_hour,
        "hours": -(-found.recipients // per_hour),
        "weight": max(1, found.weight // 1000),
    }
    return render(request, "newsletters/work/send.html", context, status=status)


_ACTS = {
    "reprendre-la-main": (sending.unschedule_letter, "La lettre est de nouveau un brouillon."),
    "arreter": (sending.stop_letter, "L'envoi est arrêté : ce qui n'est pas parti attend."),
    "continuer": (sending.resume_letter, "L'envoi reprend."),
    "abandonner": (sending.cancel_letter, "La lettre est abandonnée."),
}


@team_page
@require_POST
def act(request: Request, pk: int, act: str) -> HttpResponse:
    letter = letter_of(request, pk)
    if act not in _ACTS:
        raise Http404
    do, said = _ACTS[act]
    try:
        do(by=request.viewer, letter=letter)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _(said))
    return redirect("newsletters:letter_work", pk)


@team_page
@_both
def delete(request: Request, pk: int) -> HttpResponse:
    letter = letter_of(request, pk)
    rules.may_change(request.viewer, letter).require()
    if request.method == "POST":
        composing.delete_letter(by=request.viewer, letter=letter)
        messages.success(request, _("La lettre est supprimée."))
        return redirect("newsletters:letter_list")
    return render(request, "newsletters/work/delete.html", {"letter": letter})


@team_page
@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """For the page of a sending that goes on."""
    letter = letter_of(request, pk)
    return render(request, "newsletters/work/_sending.html", {"letter": letter, "progress": progress_of(letter)})
