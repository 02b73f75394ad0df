"""`python -m benchmarks`: speeds beside named references, all measured in this run; nothing is left behind."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import django

PARTS = ("decisions", "trail", "imports", "screening", "flips", "signing", "reperformance", "pages")


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="one part of the report")
    parser.add_argument("--tasks", type=int, default=1_000_000, help="tasks screened on PostgreSQL")
    parser.add_argument("--sqlite-tasks", type=int, default=200_000, help="tasks screened on SQLite")
    return parser.parse_args()


def _city() -> Any:
    from agencies.models import Institution

    return Institution.objects.get_or_create(code="kota-malang", defaults={"name": "Kota Malang", "kind": "city"})[0]


def _parts(only: str | None, name: str, tasks: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """The parts to be measured on one database, each to be called in a scratch database of its own."""
    from benchmarks import decisions, imports, pages, reperformance, report, screening, signing, trail

    found = {
        "decisions": lambda: report.show("One decision in memory", decisions.measure(_city())),
        "trail": lambda: report.show(f"Trail, {name}", trail.measure(_city(), name)),
        "imports": lambda: report.show(f"Import of people, {name}", imports.measure(_city(), name)),
        "screening": lambda: report.show(f"Screening, {name}", screening.measure(_city(), name, tasks)),
        "flips": lambda: report.show(f"Who flips, {name}", screening.measure_flips(_city(), name, tasks)),
        "signing": lambda: report.show(f"Signing, {name}", signing.measure(_city(), name, 100_000)),
        "reperformance": lambda: report.show(
            f"Determinations decided again, {name}", reperformance.measure(_city(), name, 100_000)
        ),
        "pages": lambda: report.show(f"Pages, {name}", pages.measure(_city(), name)),
    }
    cities = {
        "signing": lambda: report.show(f"Signing a city, {name}", signing.measure(_city(), name, 2_600)),
        "reperformance": lambda: report.show(
            f"Determinations decided again, {name}", reperformance.measure(_city(), name, 2_600)
        ),
    }
    # A decision in memory does not depend on the database: it is measured once.
    for part in PARTS:
        if only in (None, part) and (part != "decisions" or name == "SQLite"):
            if part in cities:
                yield part, cities[part]
            if name == "PostgreSQL" or (part not in cities and part != "pages"):
                yield part, found[part]
    if only in (None, "reperformance") and name == "SQLite":
        yield (
            "reperformance",
            lambda: report.show("Approvals decided again", reperformance.measure_approvals(_city())),
        )


def main() -> None:
    """Measure on SQLite, then on PostgreSQL where one answers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfa_portal.settings")
    os.environ.setdefault("ENV_FILE", os.devnull)
    django.setup()
    from benchmarks import databases

    options = _options()
    places: list[tuple[str, Callable[[], AbstractContextManager[None]], int]] = [
        ("SQLite", databases.sqlite, options.sqlite_tasks)
    ]
    absent = databases.postgresql_absent()
    if absent:
        print(f"PostgreSQL is not measured: {absent}")
    else:
        places.append(("PostgreSQL", databases.postgresql, options.tasks))
    for name, scratch, tasks in places:
        for _part, run in _parts(options.only, name, tasks):
            with scratch():
                run()


if __name__ == "__main__":
    main()
