"""Many tick workers on one PostgreSQL desk: each event once, in order per case, whoever is killed (TICK-1)."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from desk_fixtures import ADA
from hard import crowd, outcomes, workers
from hard.workers import WORKERS, Place, Report
from mail.transports.servers import Post, serving

from carecli.config import Config
from carecli.domain.instants import instant

if TYPE_CHECKING:
    from postgres_server import PostgresServer

DUE: Final = int(os.environ.get("CARE_WORKERS_DUE", "0"))
"""How many timers are due on a made desk, 1000, 10000 or 100000; 0: some 2,000 on the busy one."""
KILLS: Final = int(os.environ.get("CARE_WORKERS_KILLS", "8"))
"""How many workers or their backends are killed; CARE_WORKERS_KILLS=100 takes some minutes."""
AT_ONCE: Final = KILLS if DUE else 8
"""How many of them in one run."""
MAILS: Final = int(os.environ.get("CARE_WORKERS_MAILS", "300"))
"""How many mails eight deliveries hand to a mail server; CARE_WORKERS_MAILS=10000 takes some minutes."""
OF_A_CASE: Final = 5
HANDED_OVER: Final = 100
"""So many mails at most has a worker in hand as it is killed, which may leave again."""


class Known(NamedTuple):
    """What one worker led to on the same desk in a file, and what it said."""

    database: str
    report: Report
    steps: int
    """How many events it recorded, and mails it handed over."""


Fresh = Callable[[], AbstractContextManager[Place]]


@pytest.fixture(scope="module")
def source(busy: Config, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The desk's file, and the moment of the tick."""
    if not DUE:
        return Path(busy.db), crowd.NOW
    from desks import NOWS, desk

    from carecli.domain.instants import iso

    kept = os.environ.get("CARE_BENCH_DIR")
    return desk(DUE, DUE, Path(kept) if kept else tmp_path_factory.mktemp("made")), iso(NOWS[DUE])


@pytest.fixture(scope="module")
def known(source: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Known:
    """The same desk, ticked by one worker."""
    folder = tmp_path_factory.mktemp("known")
    path, now = Path(shutil.copy(source[0], folder)), source[1]
    place = Place(str(path), now, folder / "maildir")
    before = outcomes.length(place.database)
    [report] = workers.together(place, 1)
    events = outcomes.length(place.database) - before
    assert outcomes.differences(str(source[0]), place.database), "what is compared tells of nothing"
    return Known(place.database, report, events + report.told["mail"]["sent"])


@pytest.fixture(scope="module")
def fresh(
    source: tuple[Path, str], postgres_server: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fresh]:
    """Makes copies of the desk on the server."""
    # Here, as it needs the driver.
    from moving import moved

    template, folder, runs = postgres_server.create(), tmp_path_factory.mktemp("fresh"), count(1)
    moved(source[0], postgres_server.url(template))

    @contextmanager
    def copied() -> Iterator[Place]:
        name, maildir = postgres_server.create(template=template), folder / f"run{next(runs)}"
        yield Place(postgres_server.url(name), source[1], maildir)
        postgres_server.drop(name)
        shutil.rmtree(maildir, ignore_errors=True)

    yield copied
    postgres_server.drop(template)


def test_eight_workers_do_what_one_does(known: Known, fresh: Fresh) -> None:
    """TICK-1: every event once, those of a case in the order in which one worker has them; the log is one chain.

    Each of them tells of what it did alone, and of the breaches one alone calls each new. Each mail leaves once,
    those of a case in their order (MAIL-6).
    """
    with fresh() as place:
        reports = workers.together(place)
        queued, came = outcomes.mails(place.database), workers.came(place.maildir)
        events = outcomes.length(place.database)
        assert outcomes.differences(known.database, place.database) == []
        workers.verify(place)
    assert [report.status for report in reports] == [0] * WORKERS
    assert sum(report.told["fired"] for report in reports) == known.report.told["fired"]
    assert Counter(workers.new_breaches(reports)) == Counter(workers.new_breaches([known.report]))
    assert sorted(number for report in reports for number in report.told["closed"]) == sorted(
        known.report.told["closed"]
    )
    assert {len(copies) for copies in came.values()} == {1}
    assert len(came) == sum(report.told["mail"]["sent"] for report in reports)
    assert outcomes.in_order(queued, came) or DUE
    assert sum(report.told["fired"] > 0 for report in reports) > 1, "one did it all"
    fired = known.report.told["fired"]
    print(f"\n{fired:,} timers, {len(came):,} mails; {events:,} events compared")


def test_killed_workers_lose_and_double_nothing(
    known: Known, fresh: Fresh, postgres_server: "PostgresServer"
) -> None:
    """TICK-1, MAIL-6: killed at random, or cut off from the server, workers leave what others make up for.

    A mail that one had handed over and not marked may leave again, as the very same mail; no other does.
    """
    draw, left, struck = random.Random("workers"), KILLS, 0
    while left > 0:
        kills, left = min(left, AT_ONCE), left - AT_ONCE
        with fresh() as place:
            begun = workers.progress(place)
            goals = sorted(begun + draw.randrange(known.steps) for _ in range(kills))
            _, at_work = workers.disturbed(place, postgres_server, goals, draw)
            struck += at_work
            # As cron does a minute later: what a killed worker had claimed, others may have passed by already.
            [last] = workers.together(place, 1)
            queued, came = outcomes.mails(place.database), workers.came(place.maildir)
            outcomes.length(place.database)
            assert outcomes.differences(known.database, place.database, outages=False) == []
            workers.verify(place)
        assert last.status == 0
        assert {mail.message_id for mail in queued if mail.state == "sent" and mail.sent_at} >= set(came)
        again = sum(len(copies) - 1 for copies in came.values())
        assert again <= kills * HANDED_OVER
        outcomes.in_order(queued, came)
        print(f"\n{kills} kills: {again} mails again, {last.told['fired']} timers left to the next tick")
    assert struck > KILLS / 2


def test_eight_deliveries_and_a_killed_one(fresh: Fresh) -> None:
    """MAIL-6: each mail leaves once, those of a case in order; what a killed process had may leave again."""
    post = Post()
    with fresh() as place, serving(post) as port:
        queued = outcomes.fill_outbox(place.database, instant(place.now), MAILS, OF_A_CASE)
        running = [workers.deliver(place, port) for _ in range(WORKERS)]
        while len(post.envelopes) < MAILS / 3 and all(worker.poll() is None for worker in running):
            time.sleep(0.02)
        at_work = running[0].poll() is None
        running[0].kill()
        statuses = [workers.ended(worker).status for worker in running]
        statuses.append(workers.ended(workers.deliver(place, port)).status)
        kept = Counter(mail.state for mail in outcomes.mails(place.database) if mail.message_id in queued)
    assert at_work
    assert statuses == [-signal.SIGKILL, *[0] * WORKERS]
    assert kept == {"sent": MAILS}
    left = Counter(post.message_ids)
    assert left.keys() >= set(queued)
    assert sum(left[one] - 1 for one in queued) <= 1, "a delivery has one mail in hand"
    # By when it came first; `dict` keeps them so.
    of_case: dict[int, list[int]] = {}
    for one in dict.fromkeys(one for one in post.message_ids if one in queued):
        number, place_of_it = queued[one]
        of_case.setdefault(number, []).append(place_of_it)
    assert all(places == sorted(places) for places in of_case.values())
    print(f"\n{MAILS:,} mails, {sum(left.values()) - len(left)} again")


def test_commands_go_on_beside_workers(known: Known, fresh: Fresh) -> None:
    """TICK-1: a command waits for the batches that are being fired, not until all is; the log stays one chain."""
    numbers = outcomes.numbers(known.database, "open")[:3]
    with fresh() as place:
        running = workers.at_once(place)
        waited = [_updated(place, number) for number in numbers]
        # Whoever has come to an end by now has not been waited for.
        at_work = sum(worker.poll() is None for worker in running)
        reports = [workers.ended(worker) for worker in running]
        outcomes.length(place.database)
        texts = [outcomes.said(place.database, number) for number in numbers]
    assert [report.status for report in reports] == [0] * WORKERS
    assert [said.count("We look.") for said in texts] == [1] * len(numbers) != []
    print(
        f"\ncommands beside {WORKERS} workers: {', '.join(f'{s:.1f}' for s in waited)} s, {at_work} still at work"
    )
    assert at_work or not DUE


def _updated(place: Place, number: int) -> float:
    """Update a case; how many seconds that took."""
    started = time.monotonic()
    words = place.words("update", str(number), "-m", "We look.", "--json", who=ADA)
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - started
