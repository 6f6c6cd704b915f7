"""The domain of an address, as a proof: "" where many unlike bodies share it.

Stricter than `linkage.queries.wording.host`, which only says that two records look alike: what is missed there costs a
comparison, here a sheet given to a stranger.
"""

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

_DATA = Path(__file__).resolve().parent.parent / "data" / "shared_domains.txt"
_ACADEMY = re.compile(r"(?:.+\.)?(?:ac|region-academique)-[a-z0-9-]+\.fr")  # Every school of an académie.


def domain_of_site(url: str) -> str:
    """As a browser reads it: what stands in the page, or before an "@", is no host."""
    text = url.strip()
    if "\\" in text:  # Browsers and programs part here: https://un.fr\@autre.fr
        return ""
    try:
        read = urlsplit(text if "://" in text else f"//{text}")
        host = read.hostname or ""
    except ValueError:
        return ""
    return "" if "@" in read.netloc else _own(host.removeprefix("www."))


def domain_of_mailbox(email: str) -> str:
    local, _at, host = email.strip().rpartition("@")
    return _own(host) if local else ""


def _own(host: str) -> str:
    found = host.lower().rstrip(".")
    return "" if "." not in found or is_shared(found) else found


def is_shared(domain: str) -> bool:
    parts = domain.split(".")
    shared = _shared()
    return bool(_ACADEMY.fullmatch(domain)) or any(".".join(parts[at:]) in shared for at in range(len(parts)))


@lru_cache(maxsize=1)
def _shared() -> frozenset[str]:
    lines = _DATA.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
