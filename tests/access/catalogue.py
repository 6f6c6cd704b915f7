"""The catalogue: what everyone finds, what those who offer write, what the team answers."""

from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from maillage.catalogue import actions
from maillage.catalogue.actions.stating import print_of
from maillage.catalogue.models import Closure, Consumable, Copy, Feedback, FileVersion, Module, Photo, ResourceFile
from maillage.core.viewer import Viewer
from maillage.directory.models import ActorMember
from tests.access.table import LOGIN, line
from tests.factories.catalogue import make_resource
from tests.factories.directory import make_actor

# Days of this year and of the next: what is asked is neither too old nor too far ahead, whenever the table is read.
TODAY = timezone.localdate()


def day(ahead: int) -> date:
    return TODAY + timedelta(days=ahead)


_RUNS = ("animator", "network_admin", "platform_admin")
OWN = {"anonymous": LOGIN, "representative": 200, "others": 403, **dict.fromkeys(_RUNS, 200)}
OWN_DONE = {"anonymous": LOGIN, "representative": 302, "others": 403, **dict.fromkeys(_RUNS, 302)}
DRAFT = {"anonymous": LOGIN, "representative": 200, "others": 404}
DRAFT_DONE = {"anonymous": LOGIN, "representative": 302, "others": 404}
HIDES = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 200)}
HIDES_DONE = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 302)}
REVIEW_DONE = {"anonymous": LOGIN, "others": 404, "representative": 403, **dict.fromkeys(_RUNS, 302)}
ANYONE = {"anonymous": LOGIN, "others": 200}
ANYONE_DONE = {"anonymous": LOGIN, "others": 302}
COLLECTS = {"anonymous": LOGIN, "others": 403, "member": 200, **dict.fromkeys(_RUNS, 200)}
COLLECTS_DONE = {"anonymous": LOGIN, "others": 403, "member": 302, **dict.fromkeys(_RUNS, 302)}


def prepare(world):
    """Of A: a kit of the representative's actor with all that a sheet holds, a draft, a proposal; a use of the
    member and their collection, an opinion of somebody else."""
    lender = world.lender = make_actor(world.network, "Qui prête")
    ActorMember.objects.create(actor=lender, user=world.users["representative"])
    offers = Viewer(network=world.network, user=world.users["representative"])
    team = Viewer.as_system(world.network, "table")
    member = Viewer(network=world.network, user=world.users["member"])
    world.resource = make_resource(offers, lender, "Malle tenue", copies=2)
    world.resource_draft = make_resource(offers, lender, "Belette et hermine", state="draft")
    world.resource_proposed = make_resource(offers, lender, "Malle proposée", state="draft")
    world.resource_proposed.state = "proposed"
    world.resource_proposed.save()
    world.resource_retired = make_resource(offers, lender, "Vieux jeu")
    world.resource_retired.state, world.resource_retired.reason = "retired", "Usée."
    world.resource_retired.reason_waits = True
    world.resource_retired.save()
    copies = list(Copy.objects.filter(resource=world.resource).order_by("pk"))
    world.copy, world.part = copies
    world.component = actions.put_in(by=team, kit=world.copy, part=actions.add_copies(
        by=team, resource=make_resource(offers, lender, "Loupe", kind="materiel"), number=1, label="Loupe")[0])  # fmt: skip
    world.upkeep = actions.begin_upkeep(by=team, copy=world.part, first_on=day(40), last_on=day(41))
    world.module = Module.objects.create(resource=world.resource_proposed, title="Panneau")
    world.consumable = Consumable.objects.create(resource=world.resource, title="Piles")
    world.photo = Photo.objects.create(
        resource=world.resource, image="resources/x.webp", role="decorative", credit="Essai", licence="cc-by"
    )
    world.document = ResourceFile.objects.create(resource=world.resource, title="Notice")
    world.version = FileVersion.objects.create(
        document=world.document, number=1, file="catalogue/essai.bin", name="notice.pdf", kind="application/pdf", size=3,
        digest="0" * 64, checked_at=world.resource.created_at,
    )  # fmt: skip
    world.version.file.storage.delete("catalogue/essai.bin")
    world.version.file.storage.save("catalogue/essai.bin", ContentFile(b"%PDF"))
    world.closure = Closure.objects.create(network=world.network, actor=lender, first_on=day(200), last_on=day(215))
    world.use = actions.declare_use(by=member, resource=world.resource, used_on=day(-40))
    other = Viewer(network=world.network, user=world.users["pole_member"])
    world.told_use = actions.declare_use(by=other, resource=world.resource, used_on=day(-41))
    world.opinion = Feedback.objects.create(use=world.told_use, stars=4, words="Bien.")
    world.collection = actions.create_collection(
        by=member, fields={"title": "Été", "summary": ""}, first=world.resource
    )
    world.collection_editor = world.collection.editors.create(user=world.users["pole_member"])


def at(name, field="pk"):
    return lambda world: {field: getattr(world, name).pk}


def slug(world):
    return {"slug": world.resource.slug}


LINES = [
    line("catalogue:resource_list", everyone=200, elsewhere=200),
    line("catalogue:resource_list", query=f"cesoir=oui&du={day(60)}&gratuit=oui&surface=40&vue=carte", everyone=200, elsewhere=200),
    line("catalogue:resource_points", everyone=200, elsewhere=200),
    line("catalogue:resource_feed", everyone=200, elsewhere=200),
    line("catalogue:resource_export", args={"kind": "csv"}, everyone=200, elsewhere=200),
    line("catalogue:resource_embed", everyone=200, elsewhere=200),
    line("catalogue:resource_widget", everyone=200, elsewhere=200),
    line("catalogue:oai", query="verb=Identify", everyone=200, elsewhere=200),
    line("api:list_resources", everyone=200),
    line("api:list_resources", query="forme=pret&theme=zz", everyone=200),
    line("api:read_resource", args=lambda world: {"resource_id": world.resource.pk}, everyone=200),
    line("api:read_resource", args=lambda world: {"resource_id": world.resource_draft.pk}, everyone=404),
    line("catalogue:resource_show", args=slug, everyone=200),
    line("catalogue:resource_show", args=lambda world: {"slug": world.resource_draft.slug}, representative=200, others=404),
    line("catalogue:resource_download", args=lambda world: slug(world) | {"pk": world.version.pk}, everyone=200),
    line("catalogue:resource_download", args=lambda world: slug(world) | {"pk": world.version.pk}, method="post", everyone=302),
    line("catalogue:use_declare", args=slug, representative=403, **ANYONE),
    line("catalogue:use_declare", args=slug, method="post", data={"used_on": str(day(-30))}, representative=403,
         **ANYONE_DONE),
    line("catalogue:feedback_write", args=at("use"), anonymous=LOGIN, member=200, others=404),
    line("catalogue:feedback_write", args=at("use"), method="post", data={"stars": "5"}, anonymous=LOGIN, member=302, others=404),
    line("catalogue:feedback_answer", args=at("opinion"), anonymous=LOGIN, representative=200, others=403),
    line("catalogue:feedback_answer", args=at("opinion"), method="post", data={"answer": "Merci."}, anonymous=LOGIN,
         representative=302, others=403),
    line("catalogue:collection_list", everyone=200, elsewhere=200),
    line("catalogue:collection_show", args=lambda world: {"slug": world.collection.slug}, everyone=200),
    line("catalogue:collection_open", elsewhere=200, **ANYONE),
    line("catalogue:collection_open", method="post", data={"title": "Hiver"}, elsewhere=302, **ANYONE_DONE),
    line("catalogue:own_collections", elsewhere=200, **ANYONE),
    line("catalogue:resource_gather", args=slug, **ANYONE),
    line("catalogue:collection_edit", args=at("collection"), **(COLLECTS | {"pole_member": 200})),
    line("catalogue:collection_arrange", args=at("collection"), method="post", **(COLLECTS_DONE | {"pole_member": 302})),
    line("catalogue:collection_add", args=at("collection"), method="post", data={"adresse": "/ressources/loupe/"},
         **(COLLECTS_DONE | {"pole_member": 302})),
    line("catalogue:collection_editor_add", args=at("collection"), method="post", data={"email": "x@exemple.test"},
         **(COLLECTS_DONE | {"pole_member": 302})),
    line("catalogue:collection_editor_remove", args=at("collection_editor"), method="post", anonymous=LOGIN, member=302,
         pole_member=302, others=404, **dict.fromkeys(_RUNS, 302)),
    line("catalogue:collection_delete", args=at("collection"), **COLLECTS),
    line("catalogue:resource_propose", elsewhere=200, **ANYONE),
    line("catalogue:own_resources", elsewhere=200, **ANYONE),
    line("catalogue:resource_work", args=at("resource"), **OWN),
    line("catalogue:resource_work", args=at("resource_draft"), **DRAFT),
    line("catalogue:resource_edit", args=at("resource"), **OWN),
    line("catalogue:resource_edit_step", args=lambda world: {"pk": world.resource.pk, "step": "besoins"}, **OWN),
    line("catalogue:resource_photos", args=at("resource"), **OWN),
    line("catalogue:photo_edit", args=at("photo"), **OWN),
    line("catalogue:photo_remove", args=at("photo"), method="post", **OWN_DONE),
    line("catalogue:resource_files", args=at("resource"), **OWN),
    line("catalogue:resource_file", args=at("document"), **OWN),
    line("catalogue:file_name", args=at("document"), method="post", data={"title": "Nom"}, **OWN_DONE),
    line("catalogue:file_remove", args=at("document"), method="post", **OWN_DONE),
    line("catalogue:version_open", args=at("version"), **OWN),
    line("catalogue:version_withdraw", args=at("version"), **OWN),
    line("catalogue:version_withdraw", args=at("version"), method="post", data={"reason": "Par erreur."}, **OWN_DONE),
    line("catalogue:resource_links", args=at("resource"), **OWN),
    line("catalogue:resource_links", args=at("resource"), method="post", data={"links": "exemple.test"}, **OWN_DONE),
    line("catalogue:resource_submit", args=at("resource_draft"), method="post", **DRAFT_DONE),
    line("catalogue:resource_retire", args=at("resource"), **OWN),
    line("catalogue:resource_delete", args=at("resource_draft"), **DRAFT),
    line("catalogue:resource_stock", args=at("resource"), **OWN),
    line("catalogue:copies_add", args=at("resource"), method="post", data={"number": "2", "label": "Malle"}, **OWN_DONE),
    line("catalogue:copy_edit", args=at("copy"), **OWN),
    line("catalogue:copy_remove", args=at("part"), method="post", **OWN_DONE),
    line("catalogue:component_add", args=at("copy"), method="post", data={"part": "0"},
         **{role: 422 if status == 302 else status for role, status in OWN_DONE.items()}),
    line("catalogue:component_remove", args=at("component"), method="post", **OWN_DONE),
    line("catalogue:upkeep_begin", args=at("part"), method="post", data={"first_on": str(day(90)), "last_on": str(day(91))},
         **OWN_DONE),
    line("catalogue:upkeep_end", args=at("upkeep"), method="post", **OWN_DONE),
    line("catalogue:module_add", args=at("resource"), method="post", data={"title": "Panneau"}, **OWN_DONE),
    line("catalogue:module_edit", args=at("module"), **(OWN | {"others": 404, "representative": 200})),
    line("catalogue:module_remove", args=at("module"), method="post", **(OWN_DONE | {"others": 404, "representative": 302})),
    line("catalogue:consumable_add", args=at("resource"), method="post", data={"title": "Colle", "each": "1", "stock": "3", "low": "0"},
         **OWN_DONE),
    line("catalogue:consumable_edit", args=at("consumable"), **OWN),
    line("catalogue:consumable_remove", args=at("consumable"), method="post", **OWN_DONE),
    line("catalogue:resource_terms", args=at("resource"), **OWN),
    line("catalogue:lending_terms", args=at("lender"), **OWN),
    line("catalogue:closure_add", args=at("lender"), method="post", data={"first_on": str(day(90)), "last_on": str(day(91))},
         **OWN_DONE),
    line("catalogue:closure_remove", args=at("closure"), method="post", **OWN_DONE),
    line("catalogue:resource_table", anonymous=LOGIN, others=403, **dict.fromkeys(_RUNS, 200)),
    line("catalogue:resource_publish", args=at("resource_proposed"), method="post",
         data=lambda world: {"vu": print_of(world.resource_proposed)}, **REVIEW_DONE),
    line("catalogue:resource_refuse", args=at("resource_proposed"), method="post", data={"code": "other", "reason": "Non."},
         **REVIEW_DONE),
    line("catalogue:resource_hide", args=at("resource"), **HIDES),
    line("catalogue:reason_answer", args=at("resource_retired"), method="post", data={"motif": "Usée."},
         **(REVIEW_DONE | {"representative": 403})),
    line("catalogue:resource_feature", args=at("resource"), method="post", **HIDES_DONE),
]  # fmt: skip
