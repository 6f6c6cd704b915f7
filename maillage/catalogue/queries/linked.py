"""A resource as other sites read it: schema.org."""

from typing import Any

from maillage.catalogue.enums import Form, Kind, Price
from maillage.catalogue.queries.reading import Told
from maillage.core.mail import absolute_url
from maillage.networks.models import Network

LICENCES = {
    "cc-by": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc-by-nc": "https://creativecommons.org/licenses/by-nc/4.0/",
    "etalab": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_TYPES = {Form.DOCUMENT: "LearningResource", Form.LOAN: "Product", Form.VISIT: "Service"}


def linked_data(told: Told, url: str, images: list[str], network: Network) -> dict[str, Any]:
    resource = told.resource
    offered = {"@type": "Organization", "name": resource.actor.name}
    if told.actor_url:
        offered["url"] = absolute_url(network, told.actor_url)
    linked: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset" if resource.kind == Kind.DATA else _TYPES[resource.form],
        "@id": url,
        "url": url,
        "name": resource.title,
        "identifier": resource.uid,
    }
    if resource.summary:
        linked["description"] = resource.summary
    if images:
        linked["image"] = images
    if themes := [term.label for term in told.terms["theme"]]:
        linked["keywords"] = ", ".join(themes)
    served = [{"@type": "AdministrativeArea", "name": place.name} for place in resource.zone.all()]
    if resource.form == Form.VISIT:
        linked["provider"] = offered
        linked["serviceType"] = resource.get_kind_display()
        linked["areaServed"] = served or network.name
    elif resource.form == Form.LOAN:
        linked["category"] = resource.get_kind_display()
        offer: dict[str, Any] = {"@type": "Offer", "offeredBy": offered, "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut", "url": url}  # fmt: skip
        if resource.price == Price.FREE or resource.fee is not None:
            offer |= {"price": f"{resource.fee or 0}", "priceCurrency": "EUR"}
        linked["offers"] = offer | ({"areaServed": served} if served else {})
    else:
        linked |= {
            "provider": offered,
            "inLanguage": resource.languages or ["fr"],
            "dateModified": resource.updated_at.isoformat(),
        }
        linked["isAccessibleForFree"] = resource.price != Price.PAID
        if resource.licence in LICENCES:
            linked["license"] = LICENCES[resource.licence]
        if (low := resource.age_min) is not None:
            linked["typicalAgeRange"] = f"{low}-{resource.age_max if resource.age_max is not None else ''}"
    if told.stars is not None and told.opinions:
        linked["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": f"{told.stars:.1f}",
            "ratingCount": told.opinions,
        }
    return linked
