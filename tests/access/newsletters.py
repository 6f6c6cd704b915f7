"""Letters: read by all once they leave, subscribed to by anyone, written by the team; addresses for administrators alone."""

from django.utils import timezone

from maillage.core.viewer import Viewer
from maillage.newsletters.actions import composing
from maillage.newsletters.models import Letter
from tests.access.directory_work import TEAM
from tests.access.table import LOGIN, line
from tests.factories.newsletters import make_subscription

_RUNS = ("animator", "network_admin", "platform_admin")
_ADMINS = ("network_admin", "platform_admin")
DONE = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_RUNS, 302)}
ADMIN = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_ADMINS, 200)}
SEARCH = {"anonymous": LOGIN, "others": 403, **dict.fromkeys(_ADMINS, 200)}
OPEN = {"everyone": 200, "elsewhere": 200}


def prepare(world):
    """Of A: a draft with a title of part and a text, a letter that left, a subscriber and an address to confirm."""
    team = Viewer.as_system(world.network, "table")
    world.newsletter = composing.create_letter(by=team, subject="Lettre en chantier")
    world.newsletter_section = composing.add_block(by=team, letter=world.newsletter, title="Agenda", section=True)
    world.newsletter_text = composing.add_block(by=team, letter=world.newsletter, text="<p>Un mot.</p>")
    world.newsletter_sent = composing.create_letter(by=team, subject="Lettre partie")
    Letter.objects.filter(pk=world.newsletter_sent.pk).update(state="sent", started_at=timezone.now())
    world.news_reader = make_subscription(world.network, "abonnee@exemple.test")
    world.news_asking = make_subscription(
        world.network, "demande@exemple.test", state="pending", asked_at=timezone.now(), mailed_at=timezone.now()
    )


def letter(world):
    return {"pk": world.newsletter.pk}


def link(world):
    return {"pk": world.news_reader.pk, "token": world.news_reader.token}


def confirming(world):
    return {"pk": world.news_asking.pk, "token": world.news_asking.confirm_token()}


def act(name):
    return lambda world: {"pk": world.newsletter.pk, "act": name}


LINES = [
    line("newsletters:subscribe", **OPEN),
    line("newsletters:subscribe", method="post", everyone=422, elsewhere=422),
    line("newsletters:subscribe_done", **OPEN),
    line("newsletters:subscribe_account", method="post", anonymous=LOGIN, others=302),
    line("newsletters:letter_archive", query="page=zz", **OPEN),
    line("newsletters:letter_feed", **OPEN),
    line("newsletters:letter_show", args=lambda world: {"slug": world.newsletter_sent.slug}, everyone=200),
    line("newsletters:letter_show", args=lambda world: {"slug": world.newsletter.slug}, everyone=404),
    line("newsletters:subscription_confirm", args=confirming, everyone=200),
    line("newsletters:subscription_confirm", args=confirming, method="post", everyone=302),
    line("newsletters:subscription_confirm", args=lambda world: {"pk": world.news_asking.pk, "token": world.news_asking.token},
         everyone=404),
    *(line(f"newsletters:subscription_{name}", args=link, everyone=200) for name in ("edit", "stop", "erase")),
    line("newsletters:subscription_edit", args=link, method="post", data={"pause": ""}, everyone=302),
    *(line(f"newsletters:subscription_{name}", args=link, method="post", everyone=200) for name in ("stop", "erase")),
    line("newsletters:letter_list", query="etat=zz&page=zz", **TEAM),
    line("newsletters:letter_create", **TEAM),
    line("newsletters:letter_create", method="post", data={"subject": "Lettre neuve"}, **DONE),
    *(line(f"newsletters:letter_{name}", args=letter, **TEAM)
      for name in ("work", "edit", "choose", "text", "preview", "message", "send", "progress", "delete")),
    line("newsletters:letter_choose", args=letter, query="du=zz&au=9999-99-99&departement=zz&theme=zz", **TEAM),
    line("newsletters:letter_preview", args=letter, query="vue=texte", **TEAM),
    line("newsletters:letter_work", args=lambda world: {"pk": world.newsletter_sent.pk}, **TEAM),
    line("newsletters:letter_work", args=letter, method="post",
         data=lambda world: {"acte": f"descendre:{world.newsletter_section.pk}"}, **DONE),
    line("newsletters:letter_text_edit", args=lambda world: {"pk": world.newsletter.pk, "block": world.newsletter_text.pk}, **TEAM),
    line("newsletters:letter_text_edit", args=lambda world: {"pk": world.newsletter.pk, "block": world.newsletter_section.pk},
         anonymous=LOGIN, others=403, **dict.fromkeys(_RUNS, 404)),
    line("newsletters:letter_trial", args=letter, method="post", **DONE),
    line("newsletters:letter_send", args=letter, method="post", data={"day": "", "hour": ""}, **DONE),
    *(line("newsletters:letter_act", args=act(name), method="post", **DONE)
      for name in ("arreter", "continuer", "reprendre-la-main", "abandonner")),
    line("newsletters:letter_act", args=act("autre"), method="post", anonymous=LOGIN, others=403,
         **dict.fromkeys(_RUNS, 404)),
    line("newsletters:letter_delete", args=letter, method="post", **DONE),
    line("newsletters:subscriber_list", **TEAM),
    line("newsletters:subscriber_list", method="post", data={"adresse": "abonnee@exemple.test"}, **SEARCH),
    line("newsletters:subscriber_export", method="post", **ADMIN),
    line("newsletters:subscriber_import", **ADMIN),
    line("newsletters:subscriber_import", method="post",
         data={"addresses": "x@exemple.test", "source": "Essai", "consent": "ask"}, **ADMIN),
    line("directory:sitemap_part", args={"part": "lettres-1"}, everyone=200, elsewhere=None),
]  # fmt: skip
