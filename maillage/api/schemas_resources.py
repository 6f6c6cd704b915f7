"""Shapes of the catalogue in the API. Nothing of who wrote, who has what, nor who used it is in them."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from maillage.api.schemas import ActorRef, TermRef, TerritoryRef, Text
from maillage.api.schemas_events import ImageOut


class DocumentOut(Schema):
    title: str
    url: str
    version: int
    media_type: str = Field(description="Lu dans le contenu du fichier.")
    size: int
    sha256: str
    safety: bool = Field(description="C'est une fiche de sécurité.")


class LinkOut(Schema):
    title: str
    url: str
    broken: bool = Field(description="Ne répond plus depuis une semaine au moins.")


class ModuleOut(Schema):
    title: str
    surface: int | None
    details: str


class ResourceOut(Schema):
    id: int
    uid: str = Field(description="Le nom de la ressource pour qui moissonne (OAI-PMH).")
    url: str
    form: Literal["document", "pret", "venue"]
    kind: str
    title: str
    summary: str
    description: str = Field(description="Texte riche (HTML nettoyé).")
    actor: ActorRef
    commune: TerritoryRef | None = Field(description="Où elle se retire, ou d'où elle vient.")
    zone: list[TerritoryRef] = Field(description="Vide : tout le territoire du réseau.")
    themes: list[TermRef]
    audiences: list[TermRef]
    languages: list[str]
    age_min: int | None
    age_max: int | None
    cycles: list[str]
    licence: str
    duration: int | None = Field(description="Minutes.")
    group_min: int | None
    group_max: int | None
    surface: int | None = Field(description="m².")
    height: float | None = Field(description="Mètres.")
    power: str
    connection: str
    volume: float | None = Field(description="m³.")
    transport: str
    setup_minutes: int | None
    people: int | None
    place_access: list[str]
    access_notes: str
    price: Literal["free", "paid", ""] = Field(description="Vide quand personne ne l'a dit.")
    fee: float | None
    deposit: float | None
    conditions: str
    website: str
    copies: int | None = Field(description="Exemplaires qui se prêtent ; absent de ce qui ne se prête pas.")
    modules: list[ModuleOut]
    documents: list[DocumentOut]
    links: list[LinkOut]
    images: list[ImageOut]
    source: str
    source_url: str
    published_at: datetime | None
    updated_at: datetime


class ResourceTombstoneOut(Schema):
    id: int
    uid: str
    deleted: Literal[True] = True
    at: datetime


class ResourcePage(Schema):
    items: list[ResourceOut]
    tombstones: list[ResourceTombstoneOut] = Field(
        description="Ressources sorties du catalogue, avec `updated_since` ou `since`."
    )
    next: str | None = Field(description="À redonner dans `cursor` ; absent à la dernière page.")
    marker: str = Field(description="À redonner plus tard dans `since` pour n'avoir que ce qui a changé depuis.")


class ResourceFilters(Schema):
    """Filters of the page /ressources/; `catalogue.queries.filters` reads them."""

    q: str = Field("", max_length=200, description="Mots cherchés.")
    forme: list[Text] = Field(default_factory=list, max_length=50, description="document, pret, venue.")
    nature: list[Text] = Field(default_factory=list, max_length=50)
    theme: list[Text] = Field(default_factory=list, max_length=50, description="Identifiants de thématiques.")
    public: list[Text] = Field(default_factory=list, max_length=50, description="Identifiants de publics.")
    niveau: list[Text] = Field(default_factory=list, max_length=50)
    departement: list[Text] = Field(default_factory=list, max_length=50, description="Codes de départements.")
    acces: list[Text] = Field(default_factory=list, max_length=50)
    surface: int | None = Field(None, ge=1, le=100_000, description="Tient dans tant de m².")
    hauteur: float | None = Field(None, gt=0, le=99, description="Tient sous tant de mètres, comme 2.4.")
    groupe: int | None = Field(None, ge=1, le=10_000, description="Convient à tant de personnes.")
    age: int | None = Field(None, ge=1, le=120)
    gratuit: Literal["", "oui"] = ""
    cesoir: Literal["", "oui"] = Field("", description="Utilisable ce soir.")
    du: str = Field("", max_length=10, description="Un exemplaire libre à partir de ce jour, comme 2026-03-05.")
    au: str = Field("", max_length=10, description="Jusqu'à ce jour compris.")
    pres: str = Field(
        "",
        max_length=60,
        description="Code INSEE d'une commune, ou « latitude,longitude » ; ce qui se déplace jusque-là en est aussi.",
    )
    rayon: int = Field(20, description="Kilomètres : 5, 10, 20, 50 ou 100.")
