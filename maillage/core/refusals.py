"""Messages that come back: what a mail server says of one that it could not deliver (RFC 3464).

Whoever can write to the mailbox of returns could silence anyone by a made-up return. So each message that leaves bears in its
`Message-ID` the seal of its address; a return counts only for the address whose seal it brings back.
"""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from typing import Any

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "maillage.core.refusals"
LONGEST = 2_000_000  # Bytes of a return that are read: what was sent comes back with it, sometimes whole.


@dataclass(frozen=True)
class Refusal:
    """An address that does not receive, for good; `reference` names what was written to it."""

    address: str
    reference: str
    detail: str


def _seal(address: str, reference: str) -> str:
    return salted_hmac(_SALT, f"{address.lower()}\n{reference}", algorithm="sha256").hexdigest()[:32]


def sealed_id(address: str, reference: str) -> str:
    """The part of a `Message-ID` that tells that this instance wrote to this address, about what."""
    return f"{_seal(address, reference)}-{signing.b62_encode(int.from_bytes(reference.encode()))}"


def read_return(raw: bytes) -> list[Refusal]:
    """The addresses that a returned message says are refused for good (status 5.x.x), and that it was sent to by us.

    A delay (4.x.x), an absence reply, a message of ours that nobody returned or anything else gives nothing.
    """
    message: Any = message_from_bytes(raw[:LONGEST], policy=policy.default)
    if message.get_content_type() != "multipart/report":
        return []
    ours = _identified(message)
    if ours is None:
        return []
    seal, reference = ours
    found = []
    for recipient in _recipients(message):
        address = recipient.get("Final-Recipient", "").rpartition(";")[2].strip()
        original = recipient.get("Original-Recipient", "").rpartition(";")[2].strip() or address
        status = recipient.get("Status", "").strip()
        for each in dict.fromkeys([original, address]):
            if status.startswith("5") and constant_time_compare(seal, _seal(each, reference)):
                detail = " ".join(f"{status} {recipient.get('Diagnostic-Code', '')}".split())
                found.append(Refusal(each, reference, detail[:300]))
                break
    return found


def _recipients(message: EmailMessage) -> list[Any]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            return [block for block in part.get_payload() if not isinstance(block, str) and "Final-Recipient" in block]
    return []


def _identified(message: EmailMessage) -> tuple[str, str] | None:
    """The seal and the reference of the message that came back: whole, or its headers alone."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            identity = str(part.get_payload(0).get("Message-ID", ""))  # type: ignore[union-attr]
        elif kind == "text/rfc822-headers":
            headers = BytesHeaderParser(policy=policy.default).parsebytes(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
            identity = str(headers.get("Message-ID", ""))
        else:
            continue
        return _unsealed(identity.strip().strip("<>").partition("@")[0])
    return None


def _unsealed(local: str) -> tuple[str, str] | None:
    """`make_msgid` writes « date.process.random.ours »."""
    seal, dash, coded = local.rpartition(".")[2].partition("-")
    if not dash or len(coded) > 200:
        return None
    try:
        number = signing.b62_decode(coded)
        return seal, number.to_bytes((number.bit_length() + 7) // 8).decode()
    except (ValueError, UnicodeDecodeError):
        return None
