"""Actors of the network: the lists of the site, and what programs may write."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Router, Status
from ninja.errors import HttpError

from maillage.accounts.enums import TokenScope
from maillage.api import paging
from maillage.api.auth import Token, viewer_of
from maillage.api.conditional import conditional
from maillage.api.schemas import (
    READ_PROBLEMS,
    ActorFilters,
    ActorIn,
    ActorOut,
    ActorPage,
    Problem,
    RevisionOut,
    TombstoneOut,
)
from maillage.core.errors import Conflict
from maillage.core.mail import absolute_url
from maillage.core.viewer import Viewer
from maillage.directory import actions, rules
from maillage.directory.actions import Stamp
from maillage.directory.actions.revising import propose_values, revision_url
from maillage.directory.enums import ActorKind, Origin
from maillage.directory.models import Actor, Revision, Tombstone
from maillage.directory.queries import published
from maillage.directory.queries.charter import Spell, spells
from maillage.directory.queries.filters import PUBLIC_PARAMS, Filters, select
from maillage.directory.queries.homes import keeps_home_private, point_told_of
from maillage.networks.queries import vocabularies
from maillage.territories.models import Territory
from maillage.topics.enums import Vocabulary

router = Router(tags=["Acteurs"])
WRITE = Token(TokenScope.WRITE)
ActorId = Annotated[int, Path(ge=1, le=2**53)]
_TERMS = {"themes": Vocabulary.THEME, "audiences": Vocabulary.AUDIENCE, "action_kinds": Vocabulary.ACTION_KIND}


def _shown(
    actor: Actor,
    labels: dict[int, str],
    parents: dict[int | None, str],
    base: str,
    updated_at: datetime,
    spell: Spell | None,
) -> dict[str, Any]:
    terms: dict[str, list[dict[str, str]]] = {vocabulary: [] for vocabulary in Vocabulary.values}
    for term in actor.terms.all():
        if term.pk in labels:
            terms[term.vocabulary].append({"slug": term.slug, "label": labels[term.pk]})
    department = actor.commune.department if actor.commune else None
    family = actor.family if actor.family_id in labels else None
    private = keeps_home_private(actor.kind, actor.contact_is_public)
    reachable = actor.kind == ActorKind.ORGANISATION and actor.contact_is_public
    point = point_told_of(actor)
    return {
        **{
            name: getattr(actor, name)
            for name in ("id", "name", "acronym", "kind", "summary", "description", "postal_code")
        },
        **{
            name: getattr(actor, name)
            for name in ("website", "siren", "siret", "rna", "uai", "languages", "place_access", "confirmed_at")
        },
        "url": base + actor.get_absolute_url(),
        "family": {"slug": family.slug, "label": labels[family.pk]} if family else None,
        "themes": terms[Vocabulary.THEME],
        "audiences": terms[Vocabulary.AUDIENCE],
        "action_kinds": terms[Vocabulary.ACTION_KIND],
        "commune": {"code": actor.commune.code, "name": actor.commune.name} if actor.commune else None,
        "department": {"code": department.code, "name": department.name} if department else None,
        "address": "" if private else actor.address,
        "position": {"latitude": point[0], "longitude": point[1], "quality": actor.position_quality} if point else None,
        "phone": actor.phone if reachable else "",
        "parent": {"id": actor.parent_id, "name": parents[actor.parent_id]} if actor.parent_id in parents else None,
        "charter": {"since": spell.since, "until": spell.until} if spell else None,
        "archived": actor.archived_at is not None,
        "updated_at": updated_at,
    }


def _many(request: HttpRequest, ids: list[int]) -> list[dict[str, Any]]:
    """The actors of `ids` as shown, in that order: four queries whatever their number, two more when some signed."""
    viewer = viewer_of(request)
    visible = Actor.objects.visible_to(viewer)
    actors = published.in_order(visible.for_rows(), ids)
    # A parent that one may not see is not named.
    above = visible.filter(pk__in={actor.parent_id for actor in actors if actor.parent_id})
    parents: dict[int | None, str] = dict(above.values_list("pk", "name"))
    updated = published.updated_at(viewer.network_id, ids)
    labels = {term.pk: term.label for terms in vocabularies(viewer.network).values() for term in terms}
    base = absolute_url(viewer.network, "")
    signed = spells(viewer.network, [actor.pk for actor in actors])
    return [_shown(actor, labels, parents, base, updated[actor.pk], signed.get(actor.pk)) for actor in actors]


@router.get(
    "/actors",
    response={200: ActorPage, 304: None, **READ_PROBLEMS},
    summary="Les acteurs du réseau",
    description=(
        "Les filtres sont ceux de la page /acteurs/ ; un paramètre répété ajoute des valeurs. Les pages suivent les "
        "identifiants : un acteur modifié pendant le parcours n'est ni perdu ni répété ; un acteur sorti de la liste "
        "est annoncé dans `tombstones`."
    ),
)
@conditional
def list_actors(
    request: HttpRequest,
    asked: Query[ActorFilters],
    updated_since: Annotated[
        datetime | None, Query(description="Ne donner que ce qui a changé depuis cette date.")
    ] = None,
    since: Annotated[str | None, Query(max_length=60, description="Le `marker` d'une réponse précédente.")] = None,
    cursor: Annotated[str | None, Query(max_length=60, description="Le `next` de la page précédente.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Acteurs par page.")] = 50,
) -> Any:
    network = request.network
    if network is None:
        raise Http404
    after, changed = paging.decode(cursor), paging.since_of(updated_since, since)
    filters = Filters.from_params(_filters_only(request.GET), network)
    selection = select(filters) if changed.is_everything or not filters.is_empty else None
    ids: list[int]
    if selection is None or filters.is_empty:
        ids = list(published.published_ids(network.pk, changed, after=after)[: limit + 1])
    else:
        ids = sorted(pk for pk in selection.page_ids(0, selection.count) if pk > after)
        if not changed.is_everything:
            recent = set(published.published_ids(network.pk, changed, after=after))
            ids = [pk for pk in ids if pk in recent]
    last = ids[limit - 1] if len(ids) > limit else None
    buried = [] if changed.is_everything else published.tombstones(network.pk, changed, after=after, last=last)
    return {
        "items": _many(request, ids[:limit]),
        "tombstones": [_grave(tomb) for tomb in buried],
        "count": selection.count if selection is not None and changed.is_everything else None,
        "next": paging.encode(last) if last else None,
        "marker": paging.encode(network.content_version),
    }


def _filters_only(params: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name in ("q", "pres", "rayon", *PUBLIC_PARAMS):
        kept.setlist(name, params.getlist(name))
    return kept


def _grave(tomb: Tombstone) -> TombstoneOut:
    return TombstoneOut(id=tomb.actor_id, merged_into=tomb.merged_into, at=tomb.at)


def _visible(request: HttpRequest, actor_id: ActorId) -> Actor:
    actor = Actor.objects.visible_to(viewer_of(request)).filter(pk=actor_id).first()
    if actor is None:
        raise Http404
    return actor


@router.get(
    "/actors/{actor_id}",
    response={200: ActorOut, 304: None, 410: TombstoneOut, **READ_PROBLEMS},
    summary="Un acteur",
)
@conditional
def read_actor(request: HttpRequest, actor_id: ActorId) -> Any:
    shown = _many(request, [actor_id])
    if shown:
        return Status(200, shown[0])
    tomb = published.tombstone_of(viewer_of(request).network_id, actor_id)
    if tomb is None:
        raise Http404
    return Status(410, _grave(tomb))


_REFUSALS = {**READ_PROBLEMS, 403: Problem, 409: Problem}


@router.post(
    "/actors", auth=WRITE, response={201: ActorOut, **_REFUSALS}, summary="Ajouter un acteur (fiche à préparer)"
)
def create_actor(request: HttpRequest, payload: ActorIn) -> Any:
    viewer = viewer_of(request)
    values = _values(request, payload)
    if not values.get("name"):
        raise HttpError(422, _("Donnez le nom de l'acteur."))
    actor = actions.create_actor(by=viewer, values=values, stamp=Stamp(Origin.API, _("API"), viewer.user_id))
    return Status(201, _many(request, [actor.pk])[0])


@router.patch(
    "/actors/{actor_id}",
    auth=WRITE,
    response={200: ActorOut, 202: RevisionOut, **_REFUSALS},
    summary="Modifier un acteur",
    description=(
        "Ce que l'acteur a écrit lui-même est gardé : la réponse montre les valeurs en vigueur. Ce que propose un "
        "rédacteur d'une fiche publiée attend la relecture de l'équipe : la réponse est 202, et la fiche ne change pas."
    ),
)
def change_actor(
    request: HttpRequest,
    actor_id: ActorId,
    payload: ActorIn,
    unmodified_since: Annotated[
        datetime | None, Header(alias="Unmodified-Since", description="`updated_at` de la version que vous modifiez.")
    ] = None,
) -> Any:
    viewer = viewer_of(request)
    actor = _visible(request, actor_id)
    values = _values(request, payload, actor)
    current = published.updated_at(viewer.network_id, [actor.pk])[actor.pk]
    if unmodified_since is not None and current > unmodified_since:
        raise Conflict(_("Cette fiche a changé depuis la version que vous modifiez : relisez-la."))
    if rules.may_edit(viewer, actor) and rules.is_reviewed(viewer, actor):
        revision = propose_values(by=viewer, actor=actor, values=values)
        if revision is not None:
            return Status(202, _proposed(viewer, revision))
    else:
        actions.update_actor(by=viewer, actor=actor, values=values, stamp=Stamp(Origin.API, _("API"), viewer.user_id))
    return Status(200, _many(request, [actor.pk])[0])


def _proposed(viewer: Viewer, revision: Revision) -> RevisionOut:
    return RevisionOut(
        id=revision.pk,
        state="waiting",
        url=absolute_url(viewer.network, revision_url(revision)),
        fields=sorted(revision.values),
        sent_at=revision.sent_at,
    )


def _values(request: HttpRequest, payload: ActorIn, actor: Actor | None = None) -> dict[str, Any]:
    """The values of the payload as `directory.actions` takes them; HttpError 422 for an unknown word or place."""
    values = payload.dict(exclude_unset=True, exclude_none=True)
    found = vocabularies(request.network)
    if family := values.pop("family", None):
        values["family"] = _term(found[Vocabulary.FAMILY], family)
    given = {vocabulary: values.pop(name) for name, vocabulary in _TERMS.items() if name in values}
    if given:
        terms = [_term(found[vocabulary], slug) for vocabulary, slugs in given.items() for slug in slugs]
        kept = actor.terms.exclude(vocabulary__in=given) if actor is not None else ()
        values["terms"] = [*terms, *kept]
    if code := values.pop("commune", None):
        commune = Territory.objects.communes().select_related("department").filter(code=code).first()
        if commune is None:
            raise HttpError(422, _("Commune inconnue : %s.") % code)
        values["commune"] = commune
    if ("latitude" in values) != ("longitude" in values):
        raise HttpError(422, _("Donnez la latitude et la longitude ensemble."))
    return values


def _term(terms: list[Any], slug: str) -> Any:
    for term in terms:
        if term.slug == slug:
            return term
    raise HttpError(422, _("Mot inconnu du réseau : %s.") % slug[:60])
