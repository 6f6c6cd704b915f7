"""`run.py fix`: puts back in shape what a machine can: code, templates, French typography, compiled catalogues."""

import subprocess
import sys

from tools import catalogue, typography
from tools.check import ROOT, templates, tool


def main() -> int:
    subprocess.run(tool("ruff", "check", "--fix", "-q", "."), cwd=ROOT, check=False)
    subprocess.run(tool("ruff", "format", "-q", "."), cwd=ROOT, check=False)
    subprocess.run(tool("djade", "--target-version", "5.2", *templates()), cwd=ROOT, check=False)
    typography.mend()
    catalogue.compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
