"""The whole suite: on SQLite, on PostgreSQL where one answers, in a browser where one is found.

REQUIRE_POSTGRES=1 and REQUIRE_BROWSER=1 turn what is missing into a failure. The last line says
what was covered and what was not.
"""

import os
import subprocess  # nosec B404
import sys
from collections.abc import Callable
from dataclasses import dataclass

import psycopg2

from tests.chromium import find_chromium

POSTGRES = os.environ.get("TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/test"


@dataclass(frozen=True)
class Run:
    """One run of pytest: what it covers, where, and whether it can take place."""

    name: str
    selection: str  # pytest's -m
    database_url: str
    absent: Callable[[], str]  # why it cannot take place; empty when it can
    required: bool = True


def postgres_absent() -> str:
    """Why there is no PostgreSQL, in the server's own words."""
    try:
        psycopg2.connect(POSTGRES, connect_timeout=3).close()
    except psycopg2.Error as problem:
        return " ".join(str(problem).split()) or "it does not answer"
    return ""


def browser_absent() -> str:
    """Why there is no browser."""
    return "" if find_chromium() else "no Chromium on the PATH or at CHROMIUM_PATH"


def required(name: str) -> bool:
    return os.environ.get(name, "0") not in {"", "0"}


RUNS = (
    Run("SQLite", "not browser", "sqlite:///:memory:", lambda: ""),
    Run("PostgreSQL", "not browser", POSTGRES, postgres_absent, required("REQUIRE_POSTGRES")),
    # Once only: what a page looks like does not depend on the database.
    Run("browser", "browser", "sqlite:///:memory:", browser_absent, required("REQUIRE_BROWSER")),
)


def outcome(run: Run) -> tuple[str, str]:
    """Covered, failed or not covered; and the run's name with the reason."""
    absent = run.absent()
    if absent:
        return ("failed" if run.required else "not covered"), f"{run.name} ({absent})"
    print(f"\n== {run.name}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-m", run.selection]
    code = subprocess.run(command, env=environment(run), check=False).returncode  # nosec B603
    # 5 means that no test was selected: a run that tests nothing has not passed.
    reason = {0: "", 5: " (no test was found)"}.get(code, f" (pytest ended with {code})")
    return ("failed" if code else "covered"), run.name + reason


def environment(run: Run) -> dict[str, str]:
    """The settings of the suite, whatever the shell or a developer's .env says."""
    mine = {"PRODUCTION", "DEBUG", "DEMO", "SECRET_KEY", "ALLOWED_HOSTS", "BEHIND_PROXY"}
    kept = {name: value for name, value in os.environ.items() if name not in mine}
    # No test asks what outlives a power cut, so no commit waits for the disk.
    hasty = {"PGOPTIONS": "-c synchronous_commit=off"}
    return kept | hasty | {"ENV_FILE": os.devnull, "DATABASE_URL": run.database_url}


def migrate() -> None:
    """Make the databases that the runs begin with, beside one another; what fails here is said by the run itself."""
    environments = {run.database_url: environment(run) for run in RUNS if not run.absent()}
    command = [sys.executable, "-m", "tests.migrated"]
    for process in [subprocess.Popen(command, env=one) for one in environments.values()]:  # nosec B603
        process.wait()


def main() -> int:
    migrate()
    outcomes = [outcome(run) for run in RUNS]
    parts = []
    for state in ("covered", "failed", "not covered"):
        names = [name for its_state, name in outcomes if its_state == state]
        parts += [f"{state}: {', '.join(names)}"] if names else []
    line = "; ".join(parts)
    print(f"\n{line[0].upper()}{line[1:]}.")
    return int(any(state == "failed" for state, _ in outcomes))


if __name__ == "__main__":
    sys.exit(main())
