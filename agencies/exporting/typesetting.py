"""Sets long pages in a process of their own: the typesetter keeps what it has set, up to a gigabyte, until it ends.

Run as a module it reads what `typeset` takes as JSON and writes the PDF.
"""

from __future__ import annotations

import json
import subprocess  # nosec B404
import sys
from pathlib import Path
from typing import Final

from agencies.exporting.printing import typeset

ROOT: Final = Path(__file__).parent.parent.parent
SECONDS: Final = 120
"""A part takes about two; more means that something is wrong."""


def typeset_apart(template: Path, inputs: dict[str, str], timestamp: int) -> bytes:
    """As `typeset`; its memory is free again when the PDF is there."""
    asked = json.dumps({"template": str(template), "inputs": inputs, "timestamp": timestamp})
    command = [sys.executable, "-m", "agencies.exporting.typesetting"]
    # Nothing that anybody typed is in the command; the data go in by standard input.
    made = subprocess.run(  # nosec B603
        command, input=asked.encode(), stdout=subprocess.PIPE, cwd=ROOT, check=True, timeout=SECONDS
    )
    return made.stdout


def main() -> None:
    """Set what standard input asks for."""
    asked = json.load(sys.stdin)
    made = typeset(Path(asked["template"]), asked["inputs"], asked["timestamp"])
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
