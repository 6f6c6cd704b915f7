"""The catalogue as libraries harvest it: OAI-PMH 2.0 with unqualified Dublin Core (http://www.openarchives.org/OAI/2.0/).

Everything is told in the order of the network's versions (`revision`, and `pk`), which is that of commits: a walk that goes on by its
resumption token meets each record once, and one that changes meanwhile is met again at its end. What left is told for ever
(`deletedRecord` is persistent): tombstones are never cleaned.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.core import signing
from django.db.models import F, Min
from django.utils import timezone

from maillage.catalogue.enums import FORM_OF, Form, Kind, Price
from maillage.catalogue.models import Resource, ResourceTombstone
from maillage.catalogue.queries.linked import LICENCES
from maillage.catalogue.queries.published import Published, published
from maillage.core.mail import absolute_url
from maillage.core.text import legible
from maillage.networks.models import Network
from maillage.topics.enums import Vocabulary

PER_PAGE = 100
PREFIX = "oai_dc"
_SALT = "maillage.catalogue.oai"
_VERBS: dict[str, tuple[set[str], set[str]]] = {
    # verb → arguments required, arguments allowed besides
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), {"resumptionToken"}),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set"}),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
}
_DAY, _SECOND = re.compile(r"^\d{4}-\d{2}-\d{2}$"), re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")
_TYPES = {Form.DOCUMENT: "Text", Form.LOAN: "PhysicalObject", Form.VISIT: "Service"}
_KIND_TYPES = {Kind.MEDIA: "MovingImage", Kind.DATA: "Dataset", Kind.SHOW: "Event", Kind.ACTIVITY: "Event"}
_TOLD_ILLEGIBLE = re.compile("[^\x09\x0a\x0d\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class OaiError(Exception):
    """One of the errors of the protocol, with words for people."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code, self.words = code, words


@dataclass(frozen=True)
class _Row:
    """A record as it is listed: `deleted` when everyone finds it no more."""

    uid: str
    pk: int
    revision: int
    at: datetime
    form: str
    deleted: bool


def response(network: Network, params: Mapping[str, list[str]], url: str) -> str:
    """The whole answer as XML; `params` with all the values of each argument."""
    try:
        given = _arguments(params)
        verb = given.pop("verb")
        body = f"<{verb}>{_ANSWERS[verb](network, given, url)}</{verb}>"
        shown = {"verb": verb, **given}
    except OaiError as error:
        body = f"<error code={quoteattr(error.code)}>{_text(error.words)}</error>"
        bad = error.code in ("badVerb", "badArgument")
        shown = {} if bad else {name: values[0] for name, values in params.items() if values}
    attributes = "".join(f" {name}={_quoted(value)}" for name, value in shown.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
        f"<responseDate>{_stamp(timezone.now())}</responseDate><request{attributes}>{_text(url)}</request>{body}</OAI-PMH>\n"
    )


def _arguments(params: Mapping[str, list[str]]) -> dict[str, str]:
    verbs = params.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in _VERBS:
        raise OaiError("badVerb", "verb: one of " + ", ".join(_VERBS))
    required, allowed = _VERBS[verbs[0]]
    others = {name for name in params if name != "verb"}
    if any(len(params[name]) != 1 for name in others):
        raise OaiError("badArgument", "An argument is repeated.")
    alone = "resumptionToken" in others and verbs[0] in ("ListIdentifiers", "ListRecords", "ListSets")
    if alone and others != {"resumptionToken"}:
        raise OaiError("badArgument", "resumptionToken is an exclusive argument.")
    if not alone and (required - others or others - required - allowed):
        raise OaiError("badArgument", "Required: " + (", ".join(sorted(required)) or "none"))
    return {"verb": verbs[0], **{name: params[name][0] for name in others}}


# --- verbs --------------------------------------------------------------------------------------------------------------


def _identify(network: Network, given: Mapping[str, str], url: str) -> str:
    first = Resource.objects.filter(network=network, published_at__isnull=False).aggregate(at=Min("created_at"))["at"]
    mail = network.contact_email or f"oai@{network.host or 'localhost'}"
    return (
        f"<repositoryName>{_text(network.name)}</repositoryName><baseURL>{_text(url)}</baseURL>"
        f"<protocolVersion>2.0</protocolVersion><adminEmail>{_text(mail)}</adminEmail>"
        f"<earliestDatestamp>{_stamp(first or timezone.now())}</earliestDatestamp>"
        "<deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity>"
    )


def _formats(network: Network, given: Mapping[str, str], url: str) -> str:
    if "identifier" in given:
        _found(network, given["identifier"])
    return (
        f"<metadataFormat><metadataPrefix>{PREFIX}</metadataPrefix>"
        "<schema>http://www.openarchives.org/OAI/2.0/oai_dc.xsd</schema>"
        "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></metadataFormat>"
    )


def _sets(network: Network, given: Mapping[str, str], url: str) -> str:
    if "resumptionToken" in given:
        raise OaiError("badResumptionToken", "The list of sets is whole.")
    return "".join(
        f"<set><setSpec>{form.value}</setSpec><setName>{_text(str(form.label))}</setName></set>" for form in Form
    )


def _record(network: Network, given: Mapping[str, str], url: str) -> str:
    _require_format(given)
    row = _found(network, given["identifier"])
    return _records(network, [row])


def _list(network: Network, given: Mapping[str, str], url: str, *, whole: bool) -> str:
    asked = _asked(given)
    rows, more = _rows(network, asked)
    if not rows:
        raise OaiError("noRecordsMatch", "Nothing answers.")
    body = _records(network, rows) if whole else "".join(_header(network, row) for row in rows)
    told = asked["told"] + len(rows)
    if more:
        token = signing.dumps(
            {**asked, "after": [rows[-1].revision, rows[-1].pk], "told": told}, salt=_SALT, compress=True
        )
        return f'{body}<resumptionToken cursor="{asked["told"]}">{_text(token)}</resumptionToken>'
    return f'{body}<resumptionToken cursor="{asked["told"]}"/>' if asked["told"] else body


_ANSWERS: dict[str, Any] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": lambda network, given, url: _list(network, given, url, whole=False),
    "ListRecords": lambda network, given, url: _list(network, given, url, whole=True),
}


# --- what is asked ------------------------------------------------------------------------------------------------------


def _require_format(given: Mapping[str, str]) -> None:
    if given["metadataPrefix"] != PREFIX:
        raise OaiError("cannotDisseminateFormat", f"metadataPrefix: {PREFIX}")


def _asked(given: Mapping[str, str]) -> dict[str, Any]:
    if "resumptionToken" in given:
        try:
            return dict(signing.loads(given["resumptionToken"], salt=_SALT, max_age=timedelta(days=2)))
        except (signing.BadSignature, ValueError, TypeError):
            raise OaiError("badResumptionToken", "This token is over, or is none of ours.") from None
    _require_format(given)
    begins, ends = given.get("from", ""), given.get("until", "")
    if begins and ends and len(begins) != len(ends):
        raise OaiError("badArgument", "from and until have different granularities.")
    first, last = _moment(begins), _moment(ends, end=True)
    if first and last and first >= last:
        raise OaiError("badArgument", "from is after until.")
    form = given.get("set", "")
    if form and form not in Form.values:
        raise OaiError("noRecordsMatch", "No such set.")
    return {
        "from": first.isoformat() if first else "",
        "until": last.isoformat() if last else "",
        "set": form,
        "after": [-1, 0],
        "told": 0,
    }


def _moment(text: str, *, end: bool = False) -> datetime | None:
    """The first instant of a day or second, or the first one after it."""
    if not text:
        return None
    try:
        if _DAY.match(text):
            found = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
            return found + timedelta(days=1) if end else found
        if _SECOND.match(text):
            found = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            return found + timedelta(seconds=1) if end else found
    except (ValueError, OverflowError):
        pass
    raise OaiError("badArgument", "A date is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")


def _rows(network: Network, asked: Mapping[str, Any]) -> tuple[list[_Row], bool]:
    """A page of records in the order of versions, those that left among them, and whether there are more."""
    after = tuple(asked["after"])
    shown: Any = Resource.objects.filter(network=network).shown().annotate(at=F("updated_at"))
    gone: Any = ResourceTombstone.objects.filter(network=network)
    if asked["set"]:
        shown = shown.filter(kind__in=[kind for kind in Kind if FORM_OF[kind] == asked["set"]])
        forms = Resource.objects.filter(
            network=network, kind__in=[kind for kind in Kind if FORM_OF[kind] == asked["set"]]
        )
        gone = gone.filter(resource_id__in=forms.values("pk"))
    for name, test in (("from", "gte"), ("until", "lt")):
        if asked[name]:
            moment = datetime.fromisoformat(asked[name])
            shown, gone = shown.filter(**{f"at__{test}": moment}), gone.filter(**{f"at__{test}": moment})
    shown, gone = shown.filter(revision__gte=after[0]), gone.filter(revision__gte=after[0])
    most = PER_PAGE + 1
    rows = [
        _Row(uid, pk, revision, at, FORM_OF[Kind(kind)], deleted=False)
        for uid, pk, revision, at, kind in _after(shown, after, "pk").values_list(
            "uid", "pk", "revision", "at", "kind"
        )[:most]
    ]
    buried = _after(gone, after, "resource_id").values_list("uid", "resource_id", "revision", "at")[:most]
    rows += [_Row(uid, pk, revision, at, "", deleted=True) for uid, pk, revision, at in buried]
    rows.sort(key=lambda row: (row.revision, row.pk))
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def _after(found: Any, after: tuple[int, int], key: str) -> Any:
    revision, pk = after
    return found.exclude(**{"revision": revision, f"{key}__lte": pk}).order_by("revision", key)


def _found(network: Network, identifier: str) -> _Row:
    uid = identifier.removeprefix(_identifier(network, ""))
    if identifier.startswith(_identifier(network, "")):
        each = Resource.objects.filter(network=network, uid=uid).shown().first()
        if each is not None:
            return _Row(each.uid, each.pk, each.revision, each.updated_at, each.form, deleted=False)
        tomb = ResourceTombstone.objects.filter(network=network, uid=uid).first()
        if tomb is not None:
            return _Row(tomb.uid, tomb.resource_id, tomb.revision, tomb.at, "", deleted=True)
    raise OaiError("idDoesNotExist", "No such record here.")


# --- XML ----------------------------------------------------------------------------------------------------------------


def _identifier(network: Network, uid: str) -> str:
    return f"oai:{network.host or network.slug}:{uid}"


def _header(network: Network, row: _Row) -> str:
    spec = f"<setSpec>{row.form}</setSpec>" if row.form else ""
    status = ' status="deleted"' if row.deleted else ""
    return (
        f"<header{status}><identifier>{_text(_identifier(network, row.uid))}</identifier>"
        f"<datestamp>{_stamp(row.at)}</datestamp>{spec}</header>"
    )


def _records(network: Network, rows: list[_Row]) -> str:
    told = {each.resource.pk: each for each in published(network, [row.pk for row in rows if not row.deleted])}
    parts = []
    for row in rows:
        if row.deleted:
            parts.append(f"<record>{_header(network, row)}</record>")
        elif row.pk in told:
            parts.append(
                f"<record>{_header(network, row)}<metadata>{_dublin_core(network, told[row.pk])}</metadata></record>"
            )
    return "".join(parts)


def _dublin_core(network: Network, each: Published) -> str:
    resource = each.resource
    values: list[tuple[str, Any]] = [
        ("title", resource.title),
        ("creator", resource.actor.name),
        *(("subject", term.label) for term in each.terms[Vocabulary.THEME]),
        ("description", resource.summary),
        ("publisher", network.name),
        ("date", (resource.published_at or resource.created_at).date().isoformat()),
        ("type", _KIND_TYPES.get(Kind(resource.kind), _TYPES[resource.form])),
        ("type", resource.get_kind_display()),
        *(("format", file.latest.kind) for file in resource.files.all() if file.latest is not None),
        ("identifier", absolute_url(network, resource.get_absolute_url())),
        ("source", resource.source_url),
        *(("language", code) for code in resource.languages or ["fr"]),
        *(("relation", url) for url in (resource.website, *(link.url for link in resource.links.all())) if url),
        *(("coverage", place.name) for place in resource.zone.all()),
        ("rights", LICENCES.get(resource.licence, resource.get_licence_display())),
        ("rights", str(Price(resource.price).label) if resource.price else ""),
    ]
    body = "".join(f"<dc:{name}>{_text(value)}</dc:{name}>" for name, value in values if value)
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
        f"{body}</oai_dc:dc>"
    )


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(value: Any) -> str:
    return escape(_TOLD_ILLEGIBLE.sub("", legible(str(value))))


def _quoted(value: str) -> str:
    return quoteattr(_TOLD_ILLEGIBLE.sub("", value))
