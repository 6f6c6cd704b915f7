"""Asking the machine's own scanner whether a file is malicious (`MAILLAGE_SCANNER`).

The setting is a command, to which the path of the file is added: it answers 0 for a clean file and 1 for a malicious one, as
`clamdscan --fdpass --no-summary` and `clamscan --no-summary` do. Any other answer is a scanner that does not work: the file
waits, and the job tries again.
"""

import shlex
import subprocess
import tempfile
from typing import BinaryIO

from django.conf import settings

_SECONDS = 300
_CLEAN, _MALICIOUS = 0, 1


class ScannerDown(Exception):
    """It did not say."""


def has_scanner() -> bool:
    return bool(settings.SCANNER)


def is_malicious(file: BinaryIO) -> bool:
    """`ScannerDown` when nobody knows."""
    with tempfile.NamedTemporaryFile(prefix="maillage-") as held:
        file.seek(0)
        while block := file.read(1 << 20):
            held.write(block)
        held.flush()
        command = [*shlex.split(settings.SCANNER), held.name]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ScannerDown(str(error)) from error
    if done.returncode not in (_CLEAN, _MALICIOUS):
        raise ScannerDown(f"code {done.returncode}")
    return done.returncode == _MALICIOUS
