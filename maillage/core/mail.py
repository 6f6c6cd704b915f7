"""The only door of outgoing mail.

    send("accounts/mail/code.html", to=user.email, context={"code": code}, network=viewer.network)

A message is one template that extends `core/mail.html`: its blocks `subject`, `content` and `reason` are written once,
the text version is made from them. It is rendered at once and left to a job written in the caller's transaction: what
rolls back is never sent, and a dead mail server fails no request. Links are built on the network's configured address.

A message that answers nothing its reader did just now (it carries `unsubscribe_url`) waits for the end of the network's quiet
hours, and for its turn in the hour. `reference` ("notice:12") names what it is about: who wrote it may hold it back until it leaves
(`ask_before_leaving`), and is told that it left or was refused (`core.signals`).
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import formataddr, make_msgid, parseaddr
from html.parser import HTMLParser
from smtplib import SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import timezone, translation

from maillage.core.jobs import Abandoned, task
from maillage.core.models import Job
from maillage.core.refusals import sealed_id
from maillage.core.signals import address_refused, mail_left

_LOCAL = ("localhost", "127.0.0.1")
_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")  # Every blank but those that hold a mark to its word.

_objections: list[Callable[[str], bool]] = []
_questions: dict[str, Callable[[str], bool]] = {}


def withhold_when(objected: Callable[[str], bool]) -> None:
    """Asked by address when a message that nobody asked for is about to leave; an app above knows who objected."""
    if objected not in _objections:
        _objections.append(objected)


def ask_before_leaving(prefix: str, still_wanted: Callable[[str], bool]) -> None:
    """Asked when a message whose reference begins with `prefix:` is about to leave, with the rest of it: False holds it back for
    good (read meanwhile, hidden since)."""
    _questions[prefix] = still_wanted


def absolute_url(network: Any, path: str = "/") -> str:
    """`path` on the address of `network` (its configured host name, never what a request claims)."""
    host = (network.host if network is not None else None) or next(iter(settings.EXTRA_HOSTS), None) or "127.0.0.1"
    port = f":{settings.PORT}" if not settings.HTTPS and host.endswith(_LOCAL) else ""
    return f"{'https' if settings.HTTPS else 'http'}://{host}{port}{path}"


def address_in(network: Any, content: Any) -> str:
    """The page of a content seen from the pages of `network`: a path of its own, the whole address in another network."""
    path = str(content.get_absolute_url())
    return path if network is None or content.network_id == network.pk else absolute_url(content.network, path)


def send(
    template: str,
    *,
    to: str,
    context: dict[str, Any] | None = None,
    network: Any = None,
    reply_to: str = "",
    unsubscribe_url: str = "",
    unasked: bool = False,
    reference: str = "",
    language: str = "fr",
) -> Job:
    """Write the message and the job that delivers it; ValueError when `to` is not one address.

    `unsubscribe_url` (absolute) marks a message one may stop: it gets the one-click header (RFC 8058), a link at its
    foot, waits for the end of the quiet hours, and counts in the hourly limit of the network, which delays it when passed.
    `unasked`: its reader asked for nothing; it does not leave if they objected since it was written. Answers to what they did always leave.
    """
    for address in filter(None, [to, reply_to]):
        _require_address(address)
    if unsubscribe_url and (urlsplit(unsubscribe_url).scheme not in {"http", "https"} or _breaks(unsubscribe_url)):
        raise ValueError("unsubscribe_url must be an absolute address on one line")
    with translation.override(language):
        html = render_to_string(
            template,
            {
                "network": network,
                "site_url": absolute_url(network),
                "unsubscribe_url": unsubscribe_url,
                "language": language,
                "reason": "",
                "button_url": "",
                "button_label": "",
                **(context or {}),
            },
        )
    written = plain(html)
    scope = f"network:{network.pk}" if network is not None else ""
    return deliver.enqueue(
        _scope=scope,
        _at=_next_slot(network, scope) if unsubscribe_url else None,
        subject=written.subject,
        text=written.text,
        html=html,
        to=to,
        sender=_sender(network),
        reply_to=reply_to or (network.contact_email if network is not None else ""),
        unsubscribe_url=unsubscribe_url,
        unasked=unasked,
        reference=reference,
    )


@task(max_attempts=10)
def deliver(
    job: Job,
    subject: str,
    text: str,
    html: str,
    to: str,
    sender: str,
    reply_to: str = "",
    unsubscribe_url: str = "",
    unasked: bool = False,
    reference: str = "",
) -> None:
    """Hand one message to the mail server; its words are forgotten once it has them (codes, links, names)."""
    prefix, _colon, rest = reference.partition(":")
    withheld = prefix in _questions and not _questions[prefix](rest)
    if withheld or (unasked and any(objected(to) for objected in _objections)):
        _forget(job)
        return
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": make_msgid(sealed_id(to, reference), domain=parseaddr(sender)[1].rpartition("@")[2]),
    }
    if unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=subject, body=text, from_email=sender, to=[to], reply_to=[reply_to] if reply_to else [], headers=headers
    )
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (0, b""))
        if code >= 500:
            _forget(job)
            detail = f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
            address_refused.send(sender=None, address=to, reference=reference, detail=detail[:300])
            raise Abandoned(f"adresse refusée par le serveur de courrier ({code})") from error
        raise
    _forget(job)
    if reference:
        mail_left.send(sender=None, reference=reference)


def _forget(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(arguments={})


def _require_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValueError("not an e-mail address") from error


def _breaks(text: str) -> bool:
    return any(char in text for char in "\r\n<> ")


def _sender(network: Any) -> str:
    """`Name <address>` of the network, else of the instance."""
    if network is None:
        return str(settings.DEFAULT_FROM_EMAIL)
    name = " ".join((network.sender_name or network.name).split())
    return formataddr((name, network.sender_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def _next_slot(network: Any, scope: str) -> Any:
    """When a message that is not urgent may leave: now, else after the quiet hours, or in an hour when the network's hourly limit
    is reached; hours that are quiet take none."""
    if network is None:
        return None
    start = after_quiet(network, timezone.now())
    hours = _recent(scope) // int(network.setting("mails_per_hour"))
    for _hour in range(hours):
        start = after_quiet(network, start + timedelta(hours=1))
    return start


def after_quiet(network: Any, at: datetime) -> datetime:
    """`at`, or the end of the network's quiet hours when it is within them (NTF-5); the same hour twice means none."""
    first, last = int(network.setting("quiet_from")), int(network.setting("quiet_until"))
    local = timezone.localtime(at, network.zone)
    quiet = first <= local.hour < last if first < last else local.hour >= first or local.hour < last
    if first == last or not quiet:
        return at
    end = local.replace(hour=last, minute=0, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)


def _recent(scope: str) -> int:
    """Messages of the last hour, and those that wait for theirs."""
    return Job.objects.filter(task=deliver.name, scope=scope, run_at__gt=timezone.now() - timedelta(hours=1)).count()


def slots_left(network: Any) -> int:
    """How many messages of a network may still leave at once: who has many to write waits rather than fill the queue."""
    return max(0, int(network.setting("mails_per_hour")) - _recent(f"network:{network.pk}"))


class _Plain(HTMLParser):
    """Reads the HTML of a message: its title is the subject, its `main` and `footer` are the text."""

    _BLOCKS = frozenset({"p", "h1", "h2", "h3", "ul", "ol", "li", "table", "tr", "div", "br", "blockquote", "hr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.lines: list[str] = [""]
        self._inside: list[str] = []
        self._link = ""
        self._label_at = (0, 0)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in {"title", "main", "footer", "style"}:
            self._inside.append(tag)
        if tag in self._BLOCKS:
            self.lines.append("- " if tag == "li" else "")
        if tag == "a":
            self._link = dict(attrs).get("href") or ""
            self._label_at = (len(self.lines) - 1, len(self.lines[-1]))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)
        if tag in self._BLOCKS:
            self.lines.append("")
        if tag == "a" and self._link:
            line, start = self._label_at
            label = self.lines[line][start:].strip()
            if label and label != self._link.removeprefix("mailto:"):
                self.lines[-1] = self.lines[-1].rstrip() + f" : {self._link}"
            self._link = ""

    def handle_data(self, data: str) -> None:
        if "title" in self._inside:
            self.title.append(data)
        elif "style" not in self._inside and ({"main", "footer"} & set(self._inside)):
            words = _BLANKS.sub(" ", data)
            if words != " ":
                self.lines[-1] += words.lstrip(" ") if not self.lines[-1] or self.lines[-1].endswith(" ") else words

    @property
    def subject(self) -> str:
        """On one line whatever its words: a line break in a name forges no header."""
        return _BLANKS.sub(" ", "".join(self.title)).strip()

    @property
    def text(self) -> str:
        kept: list[str] = []
        for line in (line.rstrip() for line in self.lines):
            if line or (kept and kept[-1]):
                kept.append(line)
        return "\n".join(kept).strip() + "\n"


def plain(html: str) -> _Plain:
    """The subject and the text version of a message."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return parser
