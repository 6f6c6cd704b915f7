"""A programme and its episodes as other sites read them: schema.org."""

from typing import Any
from urllib.parse import urljoin

from maillage.core.mail import absolute_url
from maillage.core.richtext import as_text
from maillage.networks.models import Network
from maillage.radio.models import Episode, Show
from maillage.radio.queries.reading import Mention

_TYPES = {"event": "Event", "actor": "Organization", "publication": "Article"}


def iso_length(seconds: int) -> str:
    """« PT12M5S »."""
    minutes, left = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{value}{letter}" for value, letter in ((hours, "H"), (minutes, "M"), (left, "S")) if value]
    return f"PT{''.join(parts) or '0S'}"


def linked_show(show: Show, network: Network, feed: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "PodcastSeries",
        "@id": absolute_url(network, show.get_absolute_url()),
        "url": absolute_url(network, show.get_absolute_url()),
        "name": show.name,
        "description": show.summary,
        "inLanguage": show.language,
        "webFeed": feed,
        "publisher": {"@type": "Organization", "name": network.name, "url": absolute_url(network)},
    }


def linked_episode(episode: Episode, network: Network, mentions: list[Mention]) -> dict[str, Any]:
    url = absolute_url(network, episode.get_absolute_url())
    linked: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "@id": url,
        "url": url,
        "name": episode.title,
        "inLanguage": episode.show.language,
        "description": episode.summary or as_text(episode.notes)[:300],
        "timeRequired": iso_length(episode.duration),
        "partOfSeries": {
            "@type": "PodcastSeries",
            "name": episode.show.name,
            "url": absolute_url(network, episode.show.get_absolute_url()),
        },
        "associatedMedia": {
            "@type": "AudioObject",
            "contentUrl": absolute_url(network, episode.audio_url),
            "encodingFormat": episode.audio_kind,
            "contentSize": str(episode.audio_bytes),
            "duration": iso_length(episode.duration),
        },
    }
    if episode.published_at is not None:
        linked["datePublished"] = episode.published_at.isoformat()
    if episode.number is not None:
        linked["episodeNumber"] = episode.number
    if episode.season is not None:
        linked["partOfSeason"] = {"@type": "CreativeWorkSeason", "seasonNumber": episode.season}
    if episode.transcript:
        linked["associatedMedia"]["transcript"] = episode.transcript[:5000]
    if mentions:
        linked["mentions"] = [
            {"@type": _TYPES[each.kind], "name": each.name, "url": urljoin(absolute_url(network), each.url)}
            for each in mentions
        ]
    return linked
