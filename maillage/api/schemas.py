"""Shapes of the API. Circles, notes and provenance by person are in none of them."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00]*$")]


class FieldError(Schema):
    field: str
    message: str


class Problem(Schema):
    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None


# What any reading operation may answer besides its result.
READ_PROBLEMS = {400: Problem, 401: Problem, 404: Problem, 422: Problem, 429: Problem}


class TermRef(Schema):
    slug: str
    label: str


class TerritoryRef(Schema):
    code: str
    name: str


class ActorRef(Schema):
    id: int
    name: str


class CharterOut(Schema):
    """The membership of an actor: compare `until` with the day you read it."""

    since: date = Field(description="Membre sans interruption depuis ce jour.")
    until: date | None = Field(
        description="Premier jour où la signature ne vaut plus, quand une nouvelle version demande à signer de nouveau."
    )


class Position(Schema):
    latitude: float
    longitude: float
    quality: Literal["exact", "address", "commune", "estimated", "to_place"]


class ActorOut(Schema):
    id: int
    url: str
    name: str
    acronym: str
    kind: Literal["organisation", "person"]
    family: TermRef | None
    themes: list[TermRef]
    audiences: list[TermRef]
    action_kinds: list[TermRef]
    summary: str
    description: str = Field(description="Texte riche (HTML nettoyé).")
    address: str
    postal_code: str
    commune: TerritoryRef | None
    department: TerritoryRef | None
    position: Position | None
    website: str
    phone: str = Field(description="Vide quand l'acteur ne le rend pas public.")
    siren: str
    siret: str
    rna: str
    uai: str
    parent: ActorRef | None
    languages: list[str]
    place_access: list[str]
    charter: CharterOut | None = Field(description="Signature de la charte du réseau ; absente si l'acteur n'en a pas.")
    archived: bool
    updated_at: datetime
    confirmed_at: datetime | None


class TombstoneOut(Schema):
    id: int
    deleted: Literal[True] = True
    merged_into: int | None = None
    at: datetime


class ActorPage(Schema):
    items: list[ActorOut]
    tombstones: list[TombstoneOut] = Field(description="Acteurs sortis de la liste, avec `updated_since` ou `since`.")
    count: int | None = Field(
        description="Nombre d'acteurs qui répondent aux filtres ; absent avec `updated_since` ou `since`."
    )
    next: str | None = Field(description="À redonner dans `cursor` ; absent à la dernière page.")
    marker: str = Field(description="À redonner plus tard dans `since` pour n'avoir que ce qui a changé depuis.")


class ActorFilters(Schema):
    """The filters of the page /acteurs/; `directory.queries.filters` reads them."""

    q: str = Field("", max_length=200, description="Mots cherchés.")
    famille: list[Text] = Field(
        default_factory=list, max_length=50, description="Identifiants de familles (voir /topics)."
    )
    theme: list[Text] = Field(default_factory=list, max_length=50, description="Identifiants de thématiques.")
    public: list[Text] = Field(default_factory=list, max_length=50, description="Identifiants de publics.")
    action: list[Text] = Field(default_factory=list, max_length=50, description="Identifiants de types d'action.")
    departement: list[Text] = Field(default_factory=list, max_length=50, description="Codes de départements.")
    epci: list[Text] = Field(default_factory=list, max_length=50, description="Codes (SIREN) d'intercommunalités.")
    commune: list[Text] = Field(default_factory=list, max_length=50, description="Codes INSEE de communes.")
    acces: list[Text] = Field(
        default_factory=list, max_length=50, description="Accessibilité du lieu : mi, vi, hi, ii, pi, sl."
    )
    nature: list[Text] = Field(default_factory=list, max_length=50, description="« organisation » ou « person ».")
    pres: str = Field("", max_length=60, description="Code INSEE d'une commune, ou « latitude,longitude ».")
    rayon: int = Field(20, description="Kilomètres : 5, 10, 20, 50 ou 100.")


class ActorIn(Schema):
    """What may be written; a field left out keeps its value. `themes`, `audiences`, `action_kinds` are slugs."""

    model_config = ConfigDict(extra="forbid")

    name: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
        | None
    ) = None
    acronym: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00]*$")] | None = None
    kind: Literal["organisation", "person"] | None = None
    family: Text | None = None
    themes: list[Text] | None = Field(default=None, max_length=50)
    audiences: list[Text] | None = Field(default=None, max_length=50)
    action_kinds: list[Text] | None = Field(default=None, max_length=50)
    summary: Text | None = None
    address: Annotated[str, StringConstraints(max_length=250, pattern=r"^[^\x00]*$")] | None = None
    postal_code: Annotated[str, StringConstraints(pattern=r"^(\d{5})?$")] | None = None
    commune: Annotated[str, StringConstraints(pattern=r"^[0-9AB]{5}$")] | None = Field(
        default=None, description="Code INSEE."
    )
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    website: Text | None = None
    phone: Annotated[str, StringConstraints(max_length=30, pattern=r"^[^\x00]*$")] | None = None
    siren: Annotated[str, StringConstraints(max_length=9, pattern=r"^\d*$")] | None = None
    siret: Annotated[str, StringConstraints(max_length=14, pattern=r"^\d*$")] | None = None
    rna: Annotated[str, StringConstraints(max_length=10, pattern=r"^[0-9A-Z]*$")] | None = None
    uai: Annotated[str, StringConstraints(max_length=8, pattern=r"^[0-9A-Z]*$")] | None = None


class RevisionOut(Schema):
    """What an editor of a published sheet proposes: it waits for the team, and the list does not change meanwhile."""

    id: int
    state: Literal["waiting"]
    url: str = Field(description="La page où suivre, changer ou retirer la modification.")
    fields: list[str] = Field(description="Les champs proposés, comme le formulaire de la fiche les nomme.")
    sent_at: datetime


class TerritoryOut(Schema):
    kind: Literal["region", "department", "epci", "commune"]
    code: str
    name: str
    population: int | None
    latitude: float | None
    longitude: float | None
    position_source: Literal["official", "geonames", "estimated", "none"] = Field(
        description="« estimated » : position déduite des communes voisines."
    )
    region: str | None
    department: str | None
    epci: str | None
    postal_codes: list[str]


class TerritoryPage(Schema):
    items: list[TerritoryOut]
    next: str | None


class TopicOut(Schema):
    vocabulary: Literal["theme", "audience", "family", "action_kind"]
    slug: str
    label: str
    description: str
