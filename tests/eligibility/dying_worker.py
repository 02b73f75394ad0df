"""A worker of its own that stops in the middle of an approval, so that a test can kill it there.

`python -m tests.eligibility.dying_worker USERNAME SURVIVING KEY…`: approves the requests of these keys; after
SURVIVING approvals it prints a line where the approval is written and its trail entry is not, and waits.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import django


def main(username: str, surviving: int, keys: list[int]) -> None:
    """Approve until it is time to stop."""
    django.setup()
    from agencies.models import User
    from eligibility.actions import approvals
    from eligibility.arrangements.group_requests import approve_many
    from eligibility.models import Arrangement
    from tests.eligibility.approving import NOW

    real, done = vars(approvals)["told"], [0]

    def stop_in_the_middle(*given: Any, **named: Any) -> Any:
        if done[0] == surviving:
            sys.stdout.write("in the middle\n")
            sys.stdout.flush()
            time.sleep(120)
        done[0] += 1
        return real(*given, **named)

    vars(approvals)["told"] = stop_in_the_middle
    rows = [Arrangement.objects.get(pk=key) for key in keys]
    approve_many(actor=User.objects.get(username=username), arrangements=rows, **NOW)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), [int(key) for key in sys.argv[3:]])
