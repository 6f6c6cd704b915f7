"""Lists of publications and what leaves them: read by all, never holding what is not shown, whoever asks."""

from maillage.core.viewer import Viewer
from tests.access.table import line
from tests.factories.publications import make_publication


def prepare(world):
    by = Viewer(network=world.network, user=world.users["representative"])
    world.read_text = make_publication(by, "Texte à lire")
    world.unread_text = make_publication(by, "Texte en chantier", state="draft")


def of(section, **fields):
    return {"section": section, **fields}


ODD = "q=zz&theme=zz&departement=zz&annee=99999999999999999999&nature=x&tri=x&page=999999&terminees=oui&par=zz"
LINES = [
    *(line("publications:publication_list", args=of(section), everyone=200, elsewhere=200)
      for section in ("articles", "annonces", "dossiers")),
    line("publications:publication_list", args=of("annonces"), query=ODD, everyone=200, elsewhere=200),
    line("publications:publication_feed", args=of("articles"), everyone=200, elsewhere=200),
    line("publications:publication_feed", args=of("annonces"), query=f"texte=complet&{ODD}", everyone=200, elsewhere=200),
    *(line("publications:publication_export", args=of("articles", kind=kind), everyone=200, elsewhere=200)
      for kind in ("csv", "json", "xlsx")),
    line("publications:publication_embed", args=of("dossiers"), everyone=200, elsewhere=200),
    line("publications:publication_widget", args=of("articles"), query=ODD, everyone=200, elsewhere=200),
    line("directory:sitemap_part", args={"part": "articles-1"}, everyone=200, elsewhere=None),
    line("api:list_publications", everyone=200),
    line("api:list_publications", query="rubrique=annonces&theme=zz", everyone=200),
    line("api:read_publication", args=lambda world: {"slug": world.read_text.slug}, everyone=200),
    line("api:read_publication", args=lambda world: {"slug": world.unread_text.slug}, everyone=404),
]  # fmt: skip
