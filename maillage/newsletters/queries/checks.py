"""What is looked at before a letter leaves: what stops it, and what deserves a look."""

import hashlib
import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.agenda.models import Event
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.newsletters.enums import BlockKind
from maillage.newsletters.models import Block, Letter, Subscription
from maillage.newsletters.queries.reading import Content, content_of, message_of
from maillage.publications.models import Publication

HEAVY = 100_000  # Bytes beyond which some letter boxes cut a message.
_LINK = re.compile(r'href="([^"]*)"')


@dataclass(frozen=True)
class Review:
    """`stops` forbid to send, `warnings` do not; `weight` in bytes; `print` ties the sending to what was read here."""

    stops: list[str]
    warnings: list[str]
    content: Content
    recipients: int
    weight: int
    print: str


def review(letter: Letter) -> Review:
    content = content_of(letter, leaving=True)
    recipients = Subscription.objects.filter(network=letter.network_id).writable().count()
    stops, warnings = [], []
    if not letter.subject.strip():
        stops.append(_("La lettre n'a pas d'objet."))
    if not content.count:
        stops.append(_("La lettre ne dit rien : choisissez au moins un contenu, ou écrivez un texte."))
    if not recipients:
        stops.append(_("Personne n'est abonné : il n'y a personne à qui écrire."))
    for block, reason in content.left_out:
        warnings.append(_("%(title)s : %(reason)s, et ne partira pas.") % {"title": block, "reason": reason})
    warnings += [
        _("Le lien %(link)s ne mène à aucune page publique.") % {"link": link} for link in dead_links(letter, content)
    ]
    if not letter.intro:
        warnings.append(_("Il n'y a pas de mot de la rédaction."))
    weight = len(written(letter, content).encode())
    if weight > HEAVY:
        warnings.append(
            ngettext(
                "Le message pèse %(count)d ko : certaines messageries le couperont. Ôtez quelques contenus.",
                "Le message pèse %(count)d ko : certaines messageries le couperont. Ôtez quelques contenus.",
                weight // 1000,
            )
            % {"count": weight // 1000}
        )
    return Review(stops, warnings, content, recipients, weight, print_of(letter))


def print_of(letter: Letter) -> str:
    """Of all that its readers would read of the editor's."""
    blocks = letter.blocks.values_list("position", "kind", "title", "publication", "event", "actor", "words", "text")
    facts = (letter.subject, letter.intro, letter.closing, list(blocks))
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def written(letter: Letter, content: Content) -> str:
    """The message as someone without preferences receives it, for its preview and its weight."""
    context = {**message_of(letter, content.parts), **preview_values(letter)}
    return render_to_string("newsletters/mail/letter.html", context)


def preview_values(letter: Letter) -> dict[str, object]:
    """What `core.mail` gives to a template, and links that lead nowhere in particular."""
    base = message_of(letter, [])["base"]
    values = dict.fromkeys(("preferences_url", "erase_url", "unsubscribe_url"), f"{base}/lettre/")
    return {
        **values,
        "network": letter.network,
        "site_url": f"{base}/",
        "language": "fr",
        "reason": "",
        "button_url": "",
        "button_label": "",
    }


def dead_links(letter: Letter, content: Content) -> list[str]:
    """Links of the editor's own texts to this site whose page nobody would read."""
    texts = [letter.intro, letter.closing]
    texts += [block.text for block in Block.objects.filter(letter=letter, kind=BlockKind.TEXT)]
    found = dict.fromkeys(unescape(link) for text in texts for link in _LINK.findall(text))
    return [link for link in found if (path := _inside(letter, link)) and not _leads(letter, path)]


def _inside(letter: Letter, link: str) -> str:
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    if parts.scheme in ("", "http", "https") and parts.hostname in (None, letter.network.host) and parts.path:
        return parts.path if parts.path.startswith("/") else f"/{parts.path}"
    return ""


def _leads(letter: Letter, path: str) -> bool:
    if path.startswith((settings.STATIC_URL, "/fichiers/")):
        return True
    try:
        match = resolve(path)
    except Resolver404:
        return False
    reader, slug = Viewer(network=letter.network), match.kwargs.get("slug")
    found: Any = {
        "publications:publication_show": lambda: Publication.objects.visible_to(reader).shown(),
        "agenda:event_show": lambda: Event.objects.visible_to(reader).shown(),
        "directory:actor_show": lambda: Actor.objects.visible_to(reader),
        "newsletters:letter_show": lambda: Letter.objects.visible_to(reader),
    }.get(match.view_name)
    return found is None or found().filter(slug=slug).exists()
