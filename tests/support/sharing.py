"""What of the suite runs where.

A test that asks for no database is marked `once`: it shows on SQLite all that it can show. A run on several processes is
shared out by file, so that what a file prepares is made once; all of France is one share, loaded once, and so are the
demonstration and the instances driven from outside, migrated once. The shares that take longest go first, or one process would
end long after the others.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

_FRANCE = "tests/territories/france/"
_DEMONSTRATION = "tests/portal/demonstration/"
_INSTANCES = "tests/ops/"
_DATABASES = {"db", "transactional_db", "django_db_setup", "new_instance", "_template"}
_WHOLE = (_FRANCE, _DEMONSTRATION, _INSTANCES)
_LONGEST = (*_WHOLE, "tests/access/", "tests/portal/", "tests/accounts/")


def share_of(nodeid: str) -> str:
    whole = [folder for folder in _WHOLE if nodeid.startswith(folder)]
    return whole[0] if whole else nodeid.partition("::")[0]


class _ByFile(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return _ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if not item.get_closest_marker("django_db") and not _DATABASES & set(getattr(item, "fixturenames", ())):
            item.add_marker("once")
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))
