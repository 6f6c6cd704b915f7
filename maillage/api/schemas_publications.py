"""Shapes of the publications in the API. Nothing of who wrote or reviewed is in them, but those who sign."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from maillage.api.schemas import TermRef, TerritoryRef, Text
from maillage.api.schemas_events import ImageOut


class SignatureOut(Schema):
    name: str
    url: str = Field(description="La fiche publique de l'acteur qui signe ; vide pour une personne.")
    is_actor: bool


class PieceOut(Schema):
    kind: str = Field(
        description="publication, event, actor, resource, emission, community, ou link pour une page d'ailleurs."
    )
    title: str
    url: str
    summary: str


class PublicationOut(Schema):
    id: int
    slug: str
    url: str
    kind: Literal["article", "portrait", "announcement", "dossier"]
    announcement: str = Field(description="Type d'une annonce : emploi, appel, benevolat, formation, pret.")
    title: str
    summary: str
    text: str = Field(description="Texte entier (HTML nettoyé), notes et sources comprises ; adresses absolues.")
    pieces: list[PieceOut] = Field(description="Ce qu'un dossier rassemble, dans l'ordre, et que tout le monde lit.")
    signatures: list[SignatureOut]
    themes: list[TermRef]
    audiences: list[TermRef]
    places: list[TerritoryRef]
    image: ImageOut | None
    website: str
    closes_on: date | None = Field(description="Dernier jour d'une annonce : au-delà, elle sort de cette liste.")
    appeared_at: datetime
    updated_at: datetime


class PublicationTombstoneOut(Schema):
    id: int
    deleted: Literal[True] = True
    at: datetime


class PublicationPage(Schema):
    items: list[PublicationOut]
    tombstones: list[PublicationTombstoneOut] = Field(
        description="Textes qui ne se lisent plus et annonces terminées, avec `updated_since` ou `since`."
    )
    next: str | None = Field(description="À redonner dans `cursor` ; absent à la dernière page.")
    marker: str = Field(description="À redonner plus tard dans `since` pour n'avoir que ce qui a changé depuis.")


class PublicationFilters(Schema):
    """Filters of the pages /articles/, /annonces/ and /dossiers/; `publications.queries.filters` reads them."""

    q: str = Field("", max_length=200, description="Mots cherchés.")
    rubrique: Literal["", "articles", "annonces", "dossiers"] = ""
    nature: list[Text] = Field(default_factory=list, max_length=50, description="« article » ou « portrait ».")
    type: list[Text] = Field(default_factory=list, max_length=50, description="Types d'annonces.")
    theme: list[Text] = Field(default_factory=list, max_length=50, description="Identifiants de thématiques.")
    public: list[Text] = Field(default_factory=list, max_length=50, description="Identifiants de publics.")
    departement: list[Text] = Field(default_factory=list, max_length=50, description="Codes de départements.")
    annee: list[Text] = Field(default_factory=list, max_length=50, description="Années de parution.")
    par: str = Field(
        "", max_length=100, description="L'acteur qui signe : la dernière partie de l'adresse de sa fiche."
    )
