"""What is looked up by a text is kept however long that text is, on either engine (KB-1, SLA-8)."""

import random
import string
from datetime import UTC, date, datetime, timedelta
from typing import Final

from carecli.config import Config
from carecli.desk import calendars
from carecli.desk.record import Record
from carecli.desk.rulebook import Rulebook
from carecli.domain import knowledge
from carecli.domain.access import SYSTEM_ACTOR
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Event, Kind
from carecli.domain.knowledge import Draft
from carecli.domain.people import DESK_CALENDAR
from carecli.domain.vocabulary import Via, Visibility
from carecli.store.article_words import WORD_MAX
from carecli.store.protocol import Store

AT: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DRAWN: Final = random.Random(5)
DUMP: Final = "".join(DRAWN.choices(string.ascii_lowercase + string.digits, k=4_000))


def test_an_article_may_hold_a_word_of_any_length(store: Store) -> None:
    """KB-1: a key or a dump in an article is no word that somebody misspells; all else is found as ever."""
    draft = Draft("Keys", f"before {DUMP} behind {DUMP[:WORD_MAX]}", "keys")
    told = knowledge.written(1, 1, draft)
    with store.write() as writing:
        writing.tell_article(
            Event(AT, "sam@desk.example", Via.DESK, Kind.ARTICLE_WRITTEN, Visibility.INTERNAL, {"id": 1, **told})
        )
    with store.read() as reading:
        known = reading.article_words(public=False, shortest=1, longest=2 * len(DUMP))
        assert {*known} == {"keys", "before", "behind", DUMP[:WORD_MAX]}
        assert reading.articles_with(DUMP, public=False) == [1]


def test_a_calendar_may_be_closed_on_any_number_of_days(store: Store) -> None:
    """ACC-3, SLA-8: it is looked up once for a year, and found again."""
    days = sorted({(date(2026, 1, 1) + timedelta(DRAWN.randrange(5_000))).isoformat() for _ in range(2_000)})
    specs = [DESK_CALENDAR._replace(close_on=tuple(closed)) for closed in (days, days[:-1])]
    with store.write() as writing:
        record = Record(Config(db=""), DeskSettings(), SYSTEM_ACTOR, AT, Rulebook(), writing, notices=False)
        pinned = [calendars.pinned(record, spec, AT) for spec in specs]
    assert len(set(pinned)) == 2
    with store.read() as reading:
        in_force = [calendars.in_force(reading, spec, AT) for spec in specs]
    assert [len(one.closed) for one in in_force] == [len(days), len(days) - 1]
