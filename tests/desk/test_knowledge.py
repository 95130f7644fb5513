"""Knowledge articles at a real desk: found, read, judged and offered as each may see them (KB-1, OPEN-7, DC-3)."""

import json
import string
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from desk_fixtures import ADA, BEN, BOB, DANA, LENA, MIA, OMAR, ROSA, SAM, Office, ask, copied, note, propose, say
from engine import open_store
from hypothesis import example, given
from hypothesis import strategies as st

from carecli.config import Config
from carecli.desk import cases, complete, directory, reading, retrospect
from carecli.desk.cases import Lessons
from carecli.desk.knowledge import articles, versions, writing
from carecli.domain.attachment import Attachment
from carecli.domain.events import Kind
from carecli.domain.knowledge import ArticleFilter, ArticleStatus, Audience, Draft
from carecli.domain.vocabulary import Via
from carecli.errors import CareError, Invalid, NotFound, NotPermitted, Refused
from carecli.render import case_document, knowledge_document

MON, TUE = "Mon 09:00", "Tue 09:00"
RESET = Draft("Reset a forgotten password", "Choose *Forgot password* on the page.", keywords=("login",))
DROPS = Draft(
    "Calls drop after a transfer", "Set the session timer of the trunk.", services=("Voice",), components=("SIP",)
)
EMPTY = Draft("Wallboard is empty", "Allow websockets through the firewall.", services=("Wallboard",))


def wrote(office: Office, draft: Draft, *, publish: bool = True, who: str = SAM) -> str:
    """Write an article; the answer is its id."""
    return writing.add(office.by(who, MON), draft, publish=publish).label


def titles(office: Office, words: str, who: str = DANA) -> list[str]:
    """The titles that a search finds."""
    return [hit.article.title for hit in articles.search(office.by(who, TUE), words, limit=9).hits]


@pytest.fixture
def library(office: Office) -> Office:
    """A desk with three published articles: kb-1, kb-2, kb-3."""
    for draft in (RESET, DROPS, EMPTY):
        wrote(office, draft)
    return office


# Writing


def test_written_published_changed(office: Office) -> None:
    """KB-1: a draft is nobody's but staff's; contacts read the published text until the next one is published."""
    label = wrote(office, RESET, publish=False)
    with pytest.raises(NotFound):
        articles.show(office.by(DANA, MON), label)
    writing.publish(office.by(SAM, MON), label)
    writing.edit(office.by(MIA, TUE), label, RESET._replace(body="Ask a supervisor."), base=1)
    assert articles.show(office.by(DANA, TUE), label).article.body == RESET.body
    assert articles.show(office.by(SAM, TUE), label).article.body == "Ask a supervisor."
    assert titles(office, "supervisor") == []
    assert titles(office, "supervisor", SAM) == [RESET.title]
    writing.publish(office.by(SAM, TUE), label)
    assert titles(office, "supervisor") == [RESET.title]
    assert office.differences() == []


def test_retired_and_published_again(library: Office) -> None:
    """KB-1: a retired article is gone for contacts and from searches, and staff still read it."""
    writing.retire(library.by(SAM, TUE), "kb-1")
    with pytest.raises(NotFound):
        articles.show(library.by(DANA, TUE), "kb-1")
    assert titles(library, "password") == titles(library, "password", SAM) == []
    assert articles.show(library.by(SAM, TUE), "kb-1").article.status is ArticleStatus.RETIRED
    found = articles.search(
        library.by(SAM, TUE), "password", ArticleFilter(statuses=(ArticleStatus.RETIRED,)), limit=9
    )
    assert [hit.article.label for hit in found.hits] == ["kb-1"]
    writing.publish(library.by(SAM, TUE), "kb-1")
    assert titles(library, "password") == [RESET.title]
    assert library.differences() == []


def test_what_changes_nothing_is_no_event(library: Office) -> None:
    """KB-1: the same text, publishing what is published, a vote or a link again: the log does not grow."""
    number = library.open(MON)
    writing.link(library.by(SAM, TUE), "kb-1", number)
    articles.vote(library.by(DANA, TUE), "kb-1", helpful=True)
    before = library.dump()
    writing.edit(library.by(SAM, TUE), "kb-1", RESET, base=1)
    writing.publish(library.by(SAM, TUE), "kb-1")
    writing.link(library.by(SAM, TUE), "1", number)
    articles.vote(library.by(DANA, TUE), "kb-1", helpful=True)
    assert library.dump() == before


def test_of_two_who_edit_at_once_the_second_is_refused(library: Office) -> None:
    """KB-1: who wrote from version 1 does not overwrite what somebody else made of it meanwhile."""
    writing.edit(library.by(MIA, TUE), "kb-1", RESET._replace(body="Mia's."), base=1)
    with pytest.raises(Refused, match=f"{MIA} wrote version 2 of kb-1 meanwhile"):
        writing.edit(library.by(SAM, TUE), "kb-1", RESET._replace(body="Sam's."), base=1)
    assert articles.show(library.by(SAM, TUE), "kb-1").article.body == "Mia's."


def test_two_writers_at_the_same_moment(library: Office) -> None:
    """KB-1: of several who save at once, each from version 1, exactly one wins and the others are told."""

    def save(who: str) -> str:
        store = open_store(library.config.db)
        try:
            desk = Office(library.config, store).by(who, TUE)
            writing.edit(desk, "kb-1", RESET._replace(body=f"By {who}."), base=1)
        except Refused as refused:
            return refused.message
        finally:
            store.close()
        return who

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(save, (SAM, MIA, BEN, ADA)))
    (winner,) = {SAM, MIA, BEN, ADA} & set(answers)
    assert [answer for answer in answers if "meanwhile" in answer] == [a for a in answers if a != winner]
    article = articles.show(library.by(SAM, TUE), "kb-1").article
    assert (article.version, article.body) == (2, f"By {winner}.")
    assert library.differences() == []


def test_names_are_one_articles(library: Office) -> None:
    """KB-1: a chosen name that is taken is refused, one made of a title is made another; none ever changes."""
    with pytest.raises(Refused, match="already"):
        wrote(library, RESET._replace(slug="wallboard-is-empty"))
    assert articles.show(library.by(SAM, TUE), wrote(library, EMPTY)).article.slug == "wallboard-is-empty-2"
    with pytest.raises(Refused, match="stays so"):
        writing.edit(library.by(SAM, TUE), "kb-1", RESET._replace(slug="other"), base=1)
    assert articles.show(library.by(DANA, TUE), "Reset-A-Forgotten-Password").article.label == "kb-1"


@pytest.mark.parametrize("who", [DANA, ROSA, BOB, "system"])
def test_only_staff_write(library: Office, who: str) -> None:
    """KB-1, DC-5: contacts neither write nor publish nor retire nor tie, nor see versions."""
    number = library.open(MON)
    desk = library.by(who, TUE)
    before = library.dump()
    for attempt in (
        lambda: writing.add(desk, RESET),
        lambda: writing.edit(desk, "kb-1", EMPTY, base=1),
        lambda: writing.publish(desk, "kb-1"),
        lambda: writing.retire(desk, "kb-1"),
        lambda: writing.link(desk, "kb-1", number),
        lambda: writing.from_case(desk, number),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert library.dump() == before


def test_versions_and_what_changed(library: Office) -> None:
    """KB-1: every text is kept, and told apart from the one before."""
    writing.edit(library.by(MIA, TUE), "kb-1", RESET._replace(body="Ask Mia."), base=1)
    texts = articles.versions(library.by(SAM, TUE), "kb-1")
    assert [(one.version, one.editor, one.body) for one in texts] == [(1, SAM, RESET.body), (2, MIA, "Ask Mia.")]
    change = versions.difference(library.by(SAM, TUE), "kb-1")
    assert change[:3] == ("kb-1", 1, 2)
    assert [line for line in change.text.splitlines() if line[0] in "+-"][2:] == [f"-{RESET.body}", "+Ask Mia."]
    assert versions.difference(library.by(SAM, TUE), "kb-2").text == ""
    assert articles.show(library.by(SAM, TUE), "kb-1", 1).article.body == RESET.body
    for who, version in ((SAM, 3), (DANA, 2), (DANA, 3)):
        with pytest.raises(NotFound, match=f"kb-1 has no version {version}"):
            articles.show(library.by(who, TUE), "kb-1", version)


# Finding


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("password", [RESET.title]),
        ("pasword resett", [RESET.title]),
        ("resetting passwords", [RESET.title]),
        ("forgotten passw", [RESET.title]),
        ("how do I reset my password?", [RESET.title]),
        ("login", [RESET.title]),
        ("sip", [DROPS.title]),
        ("transferred calls are dropping", [DROPS.title]),
        ("wall board empty", [EMPTY.title]),
        ("callsdrop", [DROPS.title]),
        ("zebra", []),
        ("", []),
        ("\"'*():^ -", []),
    ],
)
def test_found_by_its_words(library: Office, typed: str, found: list[str]) -> None:
    """KB-1: stems, slips of the hand, unfinished and common words; signs mean nothing."""
    assert titles(library, typed) == found


def test_what_a_search_did_is_told(library: Office) -> None:
    """KB-1: corrections, words that nobody wrote, and that no article holds all words are told."""
    found = articles.search(library.by(DANA, TUE), "pasword zebra wallboard", limit=9)
    assert dict(found.corrected) == {"pasword": "password"}
    assert (found.partial, found.unknown, found.total) == (True, ("zebra",), 2)
    whole = articles.search(library.by(DANA, TUE), "forgot password", limit=9)
    assert (whole.partial, whole.unknown, dict(whole.corrected)) == (False, (), {})
    assert "«Forgot» «password»" in whole.hits[0].snippet


def test_the_title_weighs_more_than_the_body(office: Office) -> None:
    """KB-1: an article about a thing comes before one that mentions it."""
    wrote(office, Draft("Headsets", "A headset that mutes: " + "check the dongle. " * 9))
    wrote(
        office,
        Draft("Rooms", "In rooms with echo a headset helps, a better headset helps more, says headset.com."),
    )
    assert titles(office, "headset") == ["Headsets", "Rooms"]


def test_votes_decide_between_equals(office: Office) -> None:
    """KB-1: of two that fit alike, what helped more people comes first."""
    for name in ("one", "two"):
        wrote(office, Draft("Reset the phone", "Hold the key for ten seconds.", slug=name))
    assert articles.search(office.by(DANA, TUE), "reset phone", limit=2).hits[0].article.slug == "one"
    articles.vote(office.by(OMAR, TUE), "two", helpful=True)
    assert articles.search(office.by(DANA, TUE), "reset phone", limit=2).hits[0].article.slug == "two"


def test_filters(library: Office) -> None:
    """KB-1: lists and searches by service, component, status and audience, letter case aside."""
    sam = library.by(SAM, TUE)
    writing.add(sam, Draft("Voice draft", "Calls.", services=("voice",), audience=Audience.INTERNAL))

    def listed(**wanted: Any) -> list[str]:
        return sorted(one.label for one in articles.listed(sam, ArticleFilter(**wanted), limit=9)[0])

    assert listed() == ["kb-1", "kb-2", "kb-3", "kb-4"]
    assert listed(service="VOICE") == ["kb-2", "kb-4"]
    assert listed(component="sip") == ["kb-2"]
    assert listed(statuses=(ArticleStatus.DRAFT,)) == listed(audience=Audience.INTERNAL) == ["kb-4"]
    found = articles.search(sam, "calls", ArticleFilter(service="voice"), limit=9)
    assert {hit.article.label for hit in found.hits} == {"kb-2", "kb-4"}
    with pytest.raises(NotPermitted):
        articles.listed(library.by(DANA, TUE), ArticleFilter(statuses=(ArticleStatus.DRAFT,)), limit=9)


@pytest.fixture(scope="module")
def shelf(template: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A desk with three published articles that a module's searches leave as it is."""
    office = copied(template, tmp_path_factory.mktemp("shelf"))
    for draft in (RESET, DROPS, EMPTY):
        wrote(office, draft)
    yield office
    office.store.close()


@given(st.text() | st.text(string.printable) | st.text("\"'*()^:-+{}ANDORNEAR é\0\ud800"))
@example("NEAR(a b)")
@example('title : "x"')
@example("a" * 5_000)
@example("x " * 500)
def test_whatever_is_typed_is_searched_for(shelf: Office, text: str) -> None:
    """KB-1: no text is an error, neither for a search nor as the subject of a case."""
    for who in (SAM, DANA):
        desk = shelf.by(who, TUE)
        found = articles.search(desk, text, limit=3)
        assert len(found.hits) <= min(found.total, 3)
        json.dumps(knowledge_document.found([knowledge_document.hit(hit) for hit in found.hits], found))
        assert len(articles.offered(desk, text, service=None, limit=3)) <= 3


# Offered before a case is opened


def offered(office: Office, text: str, who: str = DANA, service: str | None = None) -> list[str]:
    """The ids of what is offered to a case."""
    return [hit.article.label for hit in articles.offered(office.by(who, TUE), text, service=service, limit=3)]


def test_offered_where_it_fits(library: Office) -> None:
    """OPEN-7: an article about what the case tells is offered, also where the subject is mistyped."""
    told = "Agent forgot his pasword\nSince this morning one of our agents cannot sign in, he needs a reset."
    assert offered(library, told) == ["kb-1"]
    assert offered(library, "Calls drop when transferred\nEvery third call is lost.") == ["kb-2"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Invoice is wrong\nThe page of February charges us for seats.",
        "Please call me\nIt is about the contract that we signed after the session.",
        "Printer empty",
    ],
)
def test_rubbish_is_not_offered(library: Office, text: str) -> None:
    """OPEN-7: what shares a word or two with a case is not offered."""
    assert offered(library, text) == []


def test_the_service_weighs(office: Office) -> None:
    """OPEN-7: of two articles that fit, that of the case's service comes first."""
    for name in ("Voice", "Wallboard"):
        wrote(office, Draft("Screen stays blank", "Reload the page.", services=(name,), slug=name))
    text = "Screen blank\nThe screen stays blank after the update."
    assert offered(office, text, service="Voice") == ["kb-1", "kb-2"]
    assert offered(office, text, service="Wallboard") == ["kb-2", "kb-1"]


def test_drafts_are_not_offered_to_staff_either(library: Office) -> None:
    """OPEN-7: staff are offered what is published, internal articles too."""
    wrote(library, Draft("Vault passphrase rotation", "Weekly."), publish=False)
    text = "Vault passphrase rotation\nThe vault passphrase was rotated."
    assert offered(library, text, SAM) == []
    wrote(library, Draft("Vault passphrase rotation", "Weekly.", audience=Audience.INTERNAL))
    assert offered(library, text, SAM) == ["kb-5"]
    assert offered(library, text) == []


def test_deflected_is_counted(library: Office) -> None:
    """OPEN-7: each case that an article spared counts; one that cannot be read spares none."""
    for _ in range(2):
        articles.deflected(library.by(DANA, TUE), "kb-1", "Cannot sign in \ud800" + "x" * 500)
    assert articles.show(library.by(SAM, TUE), "kb-1").article.deflected == 2
    wrote(library, Draft("Draft", "Text."), publish=False)
    with pytest.raises(NotFound):
        articles.deflected(library.by(DANA, TUE), "kb-4", "x")
    with pytest.raises(Refused):
        articles.deflected(library.by(SAM, TUE), "kb-4", "x")
    assert library.differences() == []


def test_one_vote_a_person_which_may_change(library: Office) -> None:
    """KB-1: every contact and member of staff votes once; the later word counts."""
    for who in (DANA, ROSA, BOB, SAM, LENA):
        articles.vote(library.by(who, TUE), "kb-1", helpful=True)
    after = articles.vote(library.by(DANA, TUE), "kb-1", helpful=False)
    assert (after.helpful, after.unhelpful) == (4, 1)
    assert articles.show(library.by(DANA, TUE), "kb-1").vote is False
    assert articles.show(library.by(OMAR, TUE), "kb-1").vote is None
    with pytest.raises(NotPermitted, match="only people"):
        articles.vote(library.by("system", TUE), "kb-1", helpful=True)
    assert library.differences() == []


# What no contact may know


HIDDEN = (
    Draft("Quixotic draft", "Zanzibar ledger, password reset."),
    Draft("Obfuscate internal", "Kumquat vault, password reset.", audience=Audience.INTERNAL),
    Draft("Yggdrasil retired", "Bergamot tree, password reset."),
)
SECRETS = ("quixotic", "zanzibar", "ledger", "obfuscate", "kumquat", "vault", "persimmon", "yggdrasil", "bergamot")


@pytest.fixture(scope="module")
def both(template: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Office]]:
    """A desk with drafts, internal and retired articles and a text not yet published, and one without."""
    desks = []
    for name in ("with", "without"):
        office = copied(template, tmp_path_factory.mktemp(name))
        for draft in (RESET, DROPS, EMPTY):
            wrote(office, draft)
        desks.append(office)
    full = desks[0]
    wrote(full, HIDDEN[0], publish=False)
    wrote(full, HIDDEN[1])
    writing.retire(full.by(SAM, MON), wrote(full, HIDDEN[2]))
    later = RESET._replace(title="Persimmon password", body="Persimmon.")
    writing.edit(full.by(SAM, MON), "kb-1", later, base=1)
    yield full, desks[1]
    for office in desks:
        office.store.close()


def seen(office: Office, text: str) -> str:
    """Everything that a contact learns with a text, as JSON."""
    desk = office.by(DANA, TUE)
    found = articles.search(desk, text, limit=9)
    listed, total = articles.listed(desk, ArticleFilter(), limit=9)
    return json.dumps(
        [
            knowledge_document.found([knowledge_document.hit(hit) for hit in found.hits], found),
            [knowledge_document.hit(hit) for hit in articles.offered(desk, text, service="Voice", limit=9)],
            [knowledge_document.row(article) for article in listed],
            total,
            [attempted(office, text), attempted(office, f"kb-{len(text)}")],
        ]
    )


def attempted(office: Office, label: str) -> list[str]:
    """How showing, voting and sparing by this name are answered, where it names no readable article."""
    desk = office.by(DANA, TUE)
    if label.strip().lower() in {"kb-1", "kb-2", "kb-3", "1", "2", "3"}:
        return []
    answers = []
    for attempt in (
        lambda: articles.show(desk, label),
        lambda: articles.vote(desk, label, helpful=True),
        lambda: articles.deflected(desk, label, "x"),
    ):
        with pytest.raises(CareError) as caught:
            attempt()
        answers.append(f"{caught.value.message} {caught.value.hint}")
    return answers


WORDS = st.sampled_from(
    [*SECRETS, "password", "reset", "calls", "drop", "quixotik", "kumqat", "bergamott", "wall"]
)


@given(st.lists(WORDS, max_size=4).map(" ".join) | st.text(max_size=12))
@example("quixotic-draft")
@example("obfuscate-internal")
@example("yggdrasil-retired")
@example("4444")
@example("55555")
@example("666666")
def test_a_contact_learns_nothing_of_what_is_hidden(both: tuple[Office, Office], text: str) -> None:
    """DC-3: drafts, internal, retired and unpublished texts change no word of what a contact gets."""
    full, bare = both
    assert seen(full, text) == seen(bare, text)


def test_staff_find_what_contacts_do_not(both: tuple[Office, Office]) -> None:
    """KB-1: what is hidden above is there, and told to staff (so that the test above can fail)."""
    full, _ = both
    assert all(titles(full, word, SAM) for word in SECRETS[:-2])
    assert {hit.article.label for hit in articles.search(full.by(SAM, TUE), "password", limit=9).hits} == {
        "kb-1",
        "kb-4",
        "kb-5",
    }


def test_completed(both: tuple[Office, Office]) -> None:
    """DC-3: a shell offers ids, and names once they are begun, of what its reader may read."""

    def values(who: str, prefix: str) -> set[str]:
        config = both[0].config._replace(actor=who)
        return {candidate.value for candidate in complete.candidates(config, "article", prefix)}

    assert values(DANA, "") == values(DANA, "kb") == {"kb-1", "kb-2", "kb-3"}
    assert values(SAM, "kb-") == {"kb-1", "kb-2", "kb-3", "kb-4", "kb-5"}
    assert values(SAM, "qui") == {"quixotic-draft"}
    assert values(DANA, "qui") == set()


def test_published_as_it_was_read(library: Office) -> None:
    """KB-1: who publishes what was read over does not publish what somebody wrote meanwhile."""
    writing.edit(library.by(MIA, TUE), "kb-1", RESET._replace(body="Ask a supervisor."), base=1)
    writing.edit(library.by(SAM, TUE), "kb-1", RESET._replace(body="Call Dana."), base=2)
    with pytest.raises(Refused, match=f"{SAM} wrote version 3 of kb-1 meanwhile"):
        writing.publish(library.by(MIA, TUE), "kb-1", base=2)
    with pytest.raises(NotFound, match="kb-1 has no version 4"):
        writing.publish(library.by(MIA, TUE), "kb-1", base=4)
    assert articles.show(library.by(DANA, TUE), "kb-1").article.version == 1
    assert writing.publish(library.by(MIA, TUE), "kb-1", base=3).published_version == 3


def test_texts_too_long_to_compare(library: Office) -> None:
    """KB-1: where every other of very many lines differs, a comparison is refused instead of taking minutes."""
    begun = [f"line {number}" for number in range(100_000)]
    ended = [line + "!" * (number % 2) for number, line in enumerate(begun)]
    for base, lines in ((1, begun), (2, ended)):
        writing.edit(library.by(SAM, TUE), "kb-1", RESET._replace(body="\n".join(lines)[:999_999]), base=base)
    with pytest.raises(Refused, match="5,000 lines"):
        versions.difference(library.by(SAM, TUE), "kb-1")


# Cases


def solved(office: Office, **form: Any) -> int:
    """A case with a question, a note and a solution, closed by staff."""
    number = office.open(MON, **form)
    note("The customer pays late, and uses the master key 7781.")(office.by(SAM, MON), number)
    ask(office.by(SAM, MON), number)
    say("It is the trunk of ABC Testing Co, call me at +1 415 555 2671 or dana@abc.example.")(
        office.by(DANA, MON), number
    )
    propose(office.by(SAM, "Mon 10:00"), number)
    cases.close(office.by(SAM, "Mon 11:00"), number, "Use the other trunk of abc testing co, dana@abc.example.")
    return number


def test_a_draft_from_a_closed_case(office: Office) -> None:
    """KB-1, DC-3: what staff said publicly becomes a draft; no note, name or number of the customer does."""
    description = (
        "Calls of ABC Testing Co to +1 415 555 2671 drop, says dana@abc.example, since this morning already."
    )
    number = solved(office, description=description)
    drafted = writing.from_case(office.by(SAM, TUE), number)
    body = drafted.article.body
    assert "Use the other trunk of [removed], [removed]." in body
    assert "## Problem\n\nCalls of [removed] to [phone-number-1] drop, says [removed]" in body
    for leak in ("ABC", "dana", "master key", "2671", "lose a third"):
        assert leak.casefold() not in body.casefold(), leak
    assert (drafted.article.services, drafted.article.status) == (("Voice",), ArticleStatus.DRAFT)
    assert office.case(number).articles == ("kb-1",)
    assert drafted.removed == 5
    assert office.differences() == []


def test_a_draft_tells_nobodys_name(office: Office) -> None:
    """KB-1, DC-3: people on either side go by each of their names, whoever is on site, and a file by its own."""
    directory.edit_contact(office.by(ADA, MON), DANA, name="Dana Okafor")
    directory.edit_staff(office.by(ADA, MON), SAM, name="Samuel Birch")
    description = (
        "Hi Samuel, Okafor here, please see okafor-trace.log, and call Piet at the gate if the calls drop."
    )
    number = office.open(MON, description=description, fields={"local_contact": "Piet van Dam"})
    file = Attachment("1", "okafor-trace.log", "text/plain", 1, "0" * 64)
    with office.store.write() as writing_:
        writing_.put_attachments(number, [file])
    propose(office.by(SAM, "Mon 10:00"), number)
    cases.close(office.by(SAM, "Mon 11:00"), number, "The trunk was changed.\nRegards, Birch")
    body = writing.from_case(office.by(SAM, TUE), number).article.body
    assert "Hi [removed], [removed] here, please see [removed], and call [removed] at the gate" in body
    for leak in ("Samuel", "Birch", "Okafor", "Piet", "trace.log"):
        assert leak.casefold() not in body.casefold(), leak


def test_a_draft_from_a_case_is_read_over_before_it_is_published(office: Office) -> None:
    """KB-1: nobody publishes a draft unread; edited, even to the same text, it may be."""
    label = writing.from_case(office.by(SAM, TUE), solved(office)).article.label
    with pytest.raises(Refused, match="nobody has read it over"):
        writing.publish(office.by(SAM, TUE), label)
    draft = articles.show(office.by(SAM, TUE), label).article.draft
    assert writing.edit(office.by(SAM, TUE), label, draft, base=1, publish=True).status is ArticleStatus.PUBLISHED


def test_an_open_case_is_no_article(office: Office) -> None:
    """KB-1: a solved case can become an article, an open one not yet."""
    with pytest.raises(Refused, match="not solved yet"):
        writing.from_case(office.by(SAM, TUE), office.open(MON))


def test_closing_with_lessons(library: Office) -> None:
    """CLOSE-1: closing links articles, drafts one and names a defect, in one transaction."""
    number = library.open(MON)
    lessons = Lessons(("kb-2", "KB-1"), draft=True, defect=" NUM-123 ")
    view = cases.close(library.by(SAM, TUE), number, "Use the other trunk.", lessons=lessons)
    document = case_document.case(view)
    assert (document["defect"], document["articles"]) == ("NUM-123", ["kb-2", "kb-1", "kb-4"])
    assert document["status"] == "closed"
    assert articles.show(library.by(SAM, TUE), "kb-2").article.cases == (number,)
    assert articles.show(library.by(SAM, TUE), "kb-2").article.defects == ("NUM-123",)
    assert library.differences() == []


@pytest.mark.parametrize("lessons", [Lessons(("kb-9",)), Lessons(defect=" "), Lessons(defect="x" * 101)])
def test_what_cannot_be_learned_closes_nothing(library: Office, lessons: Lessons) -> None:
    """CLOSE-1: an unknown article or no name for a defect leaves the case open and the record as it was."""
    number = library.open(MON)
    before = library.dump()
    with pytest.raises((NotFound, Invalid)):
        cases.close(library.by(SAM, TUE), number, "Done.", lessons=lessons)
    assert library.dump() == before


@pytest.mark.parametrize("lessons", [Lessons(("kb-1",)), Lessons(draft=True), Lessons(defect="NUM-1")])
def test_only_staff_say_what_is_learned(library: Office, lessons: Lessons) -> None:
    """CLOSE-1: a contact closes at any time, and links or names nothing; staff do so for a caller too."""
    number = library.open(MON)
    with pytest.raises(NotPermitted):
        cases.close(library.by(DANA, TUE), number, "Done.", lessons=lessons)
    assert cases.close(library.by(SAM, TUE), number, "Done.", via=Via.PHONE, lessons=lessons).case.closed


def test_a_contact_sees_the_articles_that_all_may_read(library: Office) -> None:
    """DC-3: of a case's articles a contact sees those that are published for everybody, now."""
    number = library.open(MON)
    hidden = wrote(library, HIDDEN[1])
    for label in ("kb-1", hidden):
        writing.link(library.by(SAM, TUE), label, number, defect="NUM-1")

    def shown(who: str) -> list[str]:
        articles: list[str] = case_document.case(reading.show(library.by(who, TUE), number))["articles"]
        return articles

    assert shown(SAM) == ["kb-1", hidden]
    assert shown(DANA) == ["kb-1"]
    assert case_document.case(cases.update(library.by(DANA, TUE), number, "Thanks."))["articles"] == ["kb-1"]
    log = reading.log(library.by(DANA, TUE), number)
    assert [entry.event.data["article"] for entry in log if entry.event.kind is Kind.ARTICLE_LINKED] == ["kb-1"]
    writing.retire(library.by(SAM, TUE), "kb-1")
    assert shown(DANA) == []


def test_a_defect_that_staff_keep_to_themselves(library: Office) -> None:
    """DC-3, CLOSE-1: a defect named beside an internal article is for staff, also as the case stood earlier."""
    number = library.open(MON)
    hidden = wrote(library, HIDDEN[1])

    def shown(who: str) -> list[str | None]:
        desk = library.by(who, TUE)
        views = (reading.show(desk, number), retrospect.show(desk, number, desk.now))
        return [case_document.case(view)["defect"] for view in views]

    writing.link(library.by(SAM, MON), hidden, number, defect="BUG-secret")
    assert (shown(SAM), shown(DANA)) == (["BUG-secret"] * 2, [None] * 2)
    assert case_document.case(cases.update(library.by(DANA, MON), number, "Thanks."))["defect"] is None
    writing.link(library.by(SAM, MON), "kb-1", number, defect="NUM-1")
    writing.link(library.by(SAM, MON), hidden, number, defect="BUG-secret")
    assert (shown(SAM), shown(DANA)) == (["BUG-secret"] * 2, ["NUM-1"] * 2)


def test_the_cases_of_an_article(library: Office) -> None:
    """DC-3: an article names all its cases and defects to staff, to a contact those of the own account."""
    ours, theirs = library.open(MON), library.open(MON, LENA)
    for number in (ours, theirs):
        writing.link(library.by(SAM, TUE), "kb-1", number, defect=f"NUM-{number}")

    def ties(who: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
        article = articles.show(library.by(who, TUE), "kb-1").article
        return article.cases, article.defects

    assert ties(SAM) == ((ours, theirs), (f"NUM-{ours}", f"NUM-{theirs}"))
    assert ties(DANA) == ((ours,), ())
    assert ties(LENA) == ((theirs,), ())
    assert ties(BOB) == ((), ())


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE articles SET deflected = 9 WHERE id = 1", "deflected is 9"),
        ("UPDATE article_versions SET editor = 'x' WHERE id = 1", "article_versions lacks it"),
        ("DELETE FROM article_votes", "article_votes lacks it"),
        ("DELETE FROM article_cases", "lacks 1"),
        ("INSERT INTO article_cases VALUES (2, 1)", "has beside 2"),
        ("UPDATE search_public_articles SET body = 'x' WHERE rowid = 2", 'body is "x"'),
        ("DELETE FROM search_articles WHERE rowid = 3", "search_articles lacks it"),
        ("UPDATE article_words SET articles = 7 WHERE word = 'password'", "article_words has"),
        ("DELETE FROM articles WHERE id = 2", "articles lacks it"),
    ],
)
def test_what_was_changed_by_hand_is_told(library: Office, statement: str, told: str) -> None:
    """AUD-1: articles, texts, votes, ties, indices and words are held against the events."""
    articles.vote(library.by(DANA, TUE), "kb-1", helpful=True)
    writing.link(library.by(SAM, TUE), "kb-1", library.open(MON))
    assert library.differences() == []
    library.store.db.execute(statement)
    found = library.differences()
    assert {difference.part for difference in found} == {"article"}
    assert any(told in difference.what for difference in found), found


def test_an_admin_may_verify(library: Office) -> None:
    """AUD-1: the whole of it is as the events say."""
    from carecli.desk.verify import verify

    assert verify(library.by(ADA, TUE)).differences == ()
