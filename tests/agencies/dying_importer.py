"""A worker of its own that stops in the middle of an import, so that a test can kill it there.

`python -m tests.agencies.dying_importer KEY`: takes up the import of this key as the worker does; where everything is
written and nothing is in the trail yet it prints a line, and waits.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import django


def main(key: int) -> None:
    """Carry the import out until it is time to stop."""
    django.setup()
    from agencies import import_work
    from agencies.importing import carrying_out

    def stop_in_the_middle(*given: Any, **named: Any) -> Any:
        sys.stdout.write("in the middle\n")
        sys.stdout.flush()
        time.sleep(120)

    vars(carrying_out)["_applied"] = stop_in_the_middle
    import_work.apply_in_background.call(key)


if __name__ == "__main__":
    main(int(sys.argv[1]))
