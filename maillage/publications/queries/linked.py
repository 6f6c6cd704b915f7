"""A publication as other sites read it: schema.org."""

from typing import Any

from maillage.core.mail import absolute_url
from maillage.networks.models import Network
from maillage.publications.enums import Kind
from maillage.publications.queries.reading import Told
from maillage.publications.queries.rendering import plain_text

_TYPES = {Kind.ARTICLE: "Article", Kind.PORTRAIT: "Article", Kind.DOSSIER: "Collection", Kind.ANNOUNCEMENT: "Article"}


def linked_data(told: Told, url: str, image_url: str, network: Network) -> dict[str, Any]:
    publication = told.publication
    linked: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _TYPES[Kind(publication.kind)],
        "@id": url,
        "url": url,
        "headline": publication.title,
        "name": publication.title,
        "inLanguage": "fr",
        "publisher": {"@type": "Organization", "name": network.name, "url": absolute_url(network)},
        "dateModified": publication.updated_at.isoformat(),
    }
    if (at := publication.appeared_at) is not None:
        linked["datePublished"] = at.isoformat()
    if description := publication.summary or plain_text(publication.body)[:200]:
        linked["description"] = description
    if image_url:
        linked["image"] = image_url
    authors = [
        {
            "@type": "Organization" if each.is_actor else "Person",
            "name": each.name,
            **({"url": absolute_url(network, each.url)} if each.url else {}),
        }
        for each in told.signatures
    ]
    if authors:
        linked["author"] = authors
    if themes := [term.label for term in told.terms["theme"]]:
        linked["keywords"] = themes
    if publication.kind == Kind.ANNOUNCEMENT and publication.closes_on:
        linked["expires"] = publication.closes_on.isoformat()
    if told.sources:
        linked["citation"] = told.sources
    return linked
