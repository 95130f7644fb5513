"""Learning components from files and from the desk's own cases, and choosing by what was learned (OPEN-6)."""

import csv
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import ABC, ADA, BEN, DANA, HARBOR, LENA, MIA, SAM, Office
from labelled import LabelledCases

from carecli.desk import directory, placing
from carecli.desk.components import learning, reclassifying, selecting
from carecli.desk.components.examples import Columns
from carecli.domain.events import Kind
from carecli.domain.people import Service
from carecli.domain.selection import Learned, Selection
from carecli.errors import Invalid, NotFound, NotPermitted, Refused

NOW = "Mon 09:00"
NAMES = ("Routing", "Recording", "Voicemail")
EXAMPLES = """text,category
callers reach the wrong team again,Routing
the queue sends everybody to the night shift,Routing
audio of the conversation is silent after noon,Recording
nobody can listen to what was said,Recording
the greeting plays twice before the tone,Voicemail
"""
WRONG_TEAM = "Since the release of this morning callers reach the wrong team, whatever number they dial."


@pytest.fixture
def service(office: Office) -> Office:
    """An office whose accounts list components of Voice."""
    for account in (ABC, HARBOR):
        directory.edit_account(office.by(ADA, NOW), account, components=[f"Voice={name}" for name in NAMES])
    return office


@pytest.fixture
def examples(tmp_path: Path) -> str:
    """A file of examples."""
    file = tmp_path / "examples.csv"
    file.write_text(EXAMPLES)
    return str(file)


def select(office: Office, text: str) -> Selection:
    """The component that a text speaks for."""
    with office.store.read() as record:
        return selecting.select(record, candidates=NAMES, subject="", description=text)


def model(office: Office) -> list[Any]:
    """All that was learned, but for when."""
    queries = (
        "SELECT id, name, examples FROM components ORDER BY id",
        "SELECT feature, hex(weights) FROM component_features ORDER BY feature",
        "SELECT hex(digest) FROM component_examples ORDER BY digest",
    )
    return [office.store.db.execute(query).fetchall() for query in queries]


def test_a_file_of_examples_is_learned_once(office: Office, examples: str) -> None:
    """OPEN-6: what was learned decides; the same file again changes nothing."""
    mia = office.by(MIA, NOW)
    assert select(office, WRONG_TEAM).component is None
    assert learning.learn(mia, examples) == Learned(5, 0, 0, 0, 3, False)
    assert select(office, WRONG_TEAM).component == "Routing"
    before = model(office)
    assert learning.learn(mia, examples) == Learned(0, 5, 0, 0, 0, False)
    assert model(office) == before
    assert [(one.name, one.examples) for one in selecting.known(mia)] == [
        *(("Recording", 2), ("Routing", 2), ("Voicemail", 1)),
    ]


def test_learning_afresh_leads_to_the_same(office: Office, examples: str) -> None:
    """OPEN-6: the same examples on the same record make the same weights, to the last digit."""
    mia = office.by(MIA, NOW)
    learning.learn(mia, examples)
    before = model(office)
    assert learning.learn(mia, examples, afresh=True) == Learned(5, 0, 0, 0, 3, True)
    assert model(office) == before


@pytest.mark.parametrize("broken", ["text;class\na;b", "no header,of ours\n1,2", "", "\n"])
def test_a_file_that_is_no_table_teaches_nothing(office: Office, tmp_path: Path, broken: str) -> None:
    """OPEN-6: all of a file is learned, or nothing."""
    file = tmp_path / "broken.csv"
    file.write_text(broken)
    before = model(office)
    with pytest.raises(Invalid):
        learning.learn(office.by(MIA, NOW), str(file), Columns(label="category"))
    assert model(office) == before


def test_learning_stops_where_it_is_interrupted(office: Office, examples: str) -> None:
    """OPEN-6: Ctrl-C in the middle of learning leaves all as it was."""

    def interrupt(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    rows = "\n".join(f"{EXAMPLES.splitlines()[1 + n % 5].partition(',')[0]} {n},Routing" for n in range(100))
    Path(examples).write_text(f"text,category\n{rows}\n")
    before = model(office)
    with pytest.raises(KeyboardInterrupt):
        learning.learn(office.by(MIA, NOW), examples, progress=interrupt)
    assert model(office) == before


def test_what_others_learn_meanwhile_is_not_lost(office: Office, examples: str) -> None:
    """OPEN-6: learning holds no lock; where the desk learned something else, it begins again."""
    mia, more = office.by(MIA, NOW), Path(examples).with_name("more.csv")
    more.write_text("text,category\n" + "\n".join(f"a crackling line {n},Audio" for n in range(60)))
    heard: list[int] = []

    def meanwhile(done: int, _of: int) -> None:
        if not heard:
            heard.append(done)
            learning.learn(mia, examples)

    assert learning.learn(mia, str(more), progress=meanwhile).examples == 60
    assert sorted((one.name, one.examples) for one in selecting.known(mia)) == [
        *(("Audio", 60), ("Recording", 2), ("Routing", 2), ("Voicemail", 1)),
    ]


def test_too_many_components_are_the_wrong_column(
    office: Office, examples: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPEN-6: whoever names the column of texts twice is told so."""
    monkeypatch.setattr(learning, "COMPONENTS_MAX", 2)
    with pytest.raises(Invalid, match="3 different components"):
        learning.learn(office.by(MIA, NOW), examples)


def test_known_components_are_not_counted_twice(
    office: Office, examples: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPEN-6: more examples of the components that there are fit, and so does learning them afresh."""
    monkeypatch.setattr(learning, "COMPONENTS_MAX", 3)
    mia = office.by(MIA, NOW)
    learning.learn(mia, examples)
    Path(examples).write_text(EXAMPLES.replace("again", "once more"))
    assert learning.learn(mia, examples).examples == 1
    assert learning.learn(mia, examples, afresh=True).examples == 5


def test_rows_that_say_nothing_are_left_out(office: Office, tmp_path: Path) -> None:
    """OPEN-6: no text, no component, a name that is none."""
    file = tmp_path / "odd.csv"
    file.write_text(f"text,category\n,Routing\nsilent,\n  ,  \nsilent,{'x' * 300}\nsilent,Recording\nshort\n")
    assert learning.learn(office.by(MIA, NOW), str(file)) == Learned(1, 0, 5, 0, 1, False)


def test_made_cases_are_told_apart(office: Office, tmp_path: Path) -> None:
    """OPEN-6: made cases share words and are written wrong; the right one of eight is mostly first, else near."""
    drawn = LabelledCases(3, 8, vocabulary=2_000)
    cases, tried = drawn.cases(600), drawn.cases(150)
    file = tmp_path / "made.csv"
    with file.open("w", newline="") as stream:
        csv.writer(stream).writerows([("text", "label"), *cases])
    learning.learn(office.by(MIA, NOW), str(file))
    found = selecting.predict(office.by(MIA, NOW), [text for text, _ in tried])
    best = [[one.component for one in selection.candidates[:3]] for selection in found]
    first = sum(names[0] == label for names, (_, label) in zip(best, tried, strict=True))
    within = sum(label in names for names, (_, label) in zip(best, tried, strict=True))
    assert first / len(tried) > 0.6
    assert within / len(tried) > 0.85


# The desk's own cases


def opened(office: Office, component: str | None, at: str = NOW, who: str = DANA) -> int:
    """A case that is opened with a component, or without."""
    return office.open(at, who, component=component, subject="Wrong team", description=WRONG_TEAM)


def test_the_tick_learns_what_a_person_chose(service: Office) -> None:
    """OPEN-6: from a case that was opened with its component the next one learns."""
    opened(service, "Recording")
    assert select(service, "reach the wrong team").component is None
    service.tick("Mon 09:05")
    assert select(service, "reach the wrong team").component == "Recording"
    assert [(one.name, one.examples) for one in selecting.known(service.by(BEN, NOW))] == [("Recording", 1)]


def test_what_words_chose_teaches_nothing(service: Office, examples: str) -> None:
    """OPEN-6: a choice that nobody confirmed would only learn itself."""
    learning.learn(service.by(MIA, NOW), examples)
    before = model(service)
    number = opened(service, None)
    assert service.case(number).component == "Routing"
    service.tick("Mon 09:05")
    assert model(service) == before
    with service.store.read() as record:
        assert not record.components_behind()


def test_a_component_that_is_confirmed_or_corrected_teaches(service: Office, examples: str) -> None:
    """OPEN-6: naming what words chose confirms it, another name corrects it; both are events, and learned."""
    learning.learn(service.by(MIA, NOW), examples)
    sam, number = service.by(SAM, "Mon 10:00"), opened(service, None)
    view = reclassifying.set_component(sam, number, "routing")
    assert view.state["component"] == "Routing"
    with pytest.raises(Refused, match="Routing already"):
        reclassifying.set_component(sam, number, "Routing")
    reclassifying.set_component(sam, number, "Recording", "It was the recorder.")
    changed = [e.event for e in service.history(number) if e.event.kind is Kind.COMPONENT_CHANGED]
    assert [(e.data["was"], e.data["component"], e.data["text"], e.public) for e in changed] == [
        ("Routing", "Routing", None, False),
        ("Routing", "Recording", "It was the recorder.", False),
    ]
    assert service.tick("Mon 10:05").fired == 0
    counts = {one.name: one.examples for one in selecting.known(sam)}
    assert counts == {"Recording": 3, "Routing": 3, "Voicemail": 1}
    assert service.differences() == []


def test_the_end_of_a_tick_does_not_matter(service: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPEN-6: cases are learned one after the other, in however many ticks."""
    for place in range(7):
        opened(service, NAMES[place % 3])
    monkeypatch.setattr(learning, "BATCH", 2)
    counts = [learning.catch_up(service.by("system", NOW)) for _ in range(5)]
    assert counts == [2, 2, 2, 1, 0]
    apart = model(service)
    with service.store.write() as record:
        record.forget_components()
    monkeypatch.setattr(learning, "BATCH", 100)
    assert learning.catch_up(service.by("system", NOW)) == 7
    assert model(service) == apart


def test_learning_by_hand_catches_up(service: Office) -> None:
    """OPEN-6: without a file the desk's own cases are learned, each as it was chosen last."""
    mia, number = service.by(MIA, NOW), opened(service, "Recording")
    reclassifying.set_component(service.by(SAM, NOW), number, "Voicemail")
    service.open(NOW, LENA, component="Routing", subject="Another", description=WRONG_TEAM)
    assert learning.learn(mia) == Learned(2, 0, 0, 2, 2, False)
    assert learning.learn(mia) == Learned(0, 0, 0, 0, 0, False)
    service.tick("Mon 09:30")
    before = model(service)
    assert learning.learn(mia, afresh=True).cases == 2
    assert model(service) == before


def test_a_quiet_tick_learns_nothing(service: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPEN-6, TICK-1: where no case tells a component, a tick does not even look further."""
    service.tick("Mon 09:05")
    monkeypatch.setattr(learning, "catch_up", None)
    service.tick("Mon 09:10")


def test_who_may_teach_choose_and_set(service: Office, examples: str) -> None:
    """DC-5: managers and admins teach, staff look and set; a contact does none of it."""
    number = opened(service, None)
    for who in (DANA, BEN):
        with pytest.raises(NotPermitted):
            learning.learn(service.by(who, NOW), examples)
    dana = service.by(DANA, NOW)
    for forbidden in (
        lambda: selecting.predict(dana, ["calls"]),
        lambda: selecting.known(dana),
        lambda: reclassifying.set_component(dana, number, "Routing"),
    ):
        with pytest.raises(NotPermitted):
            forbidden()


def test_a_component_that_the_service_does_not_have(service: Office) -> None:
    """ACC-2: a slip is told; where the account lists none, any name will do."""
    number = opened(service, "Routing")
    with pytest.raises(NotFound, match="Voice has no component") as caught:
        reclassifying.set_component(service.by(SAM, NOW), number, "Rooting")
    assert "Routing" in (caught.value.hint or "")
    other = service.open(NOW, service="Wallboard")
    view = reclassifying.set_component(service.by(SAM, NOW), other, "Colours")
    assert view.state["component"] == "Colours"


def test_an_account_without_a_list_is_offered_its_own(service: Office) -> None:
    """DC-3: components of the account's own cases of that service, never another account's."""
    numbers = {who: [service.open(NOW, who, service="Wallboard") for _ in range(2)] for who in (DANA, LENA)}
    for number in numbers[DANA]:
        reclassifying.set_component(service.by(SAM, NOW), number, "Colours")
    for number in numbers[LENA]:
        reclassifying.set_component(service.by(SAM, NOW), number, "Secret project")
    with service.store.read() as record:
        wallboard = Service("Wallboard", "Reporting")
        abc, harbor = record.account(ABC), record.account(HARBOR)
        assert abc
        assert harbor
        assert placing.known_components(record, abc, wallboard) == ("Colours",)
        assert placing.known_components(record, harbor, wallboard) == ("Secret project",)
        listed = wallboard._replace(components=("Listed",))
        assert placing.known_components(record, harbor, listed) == ("Listed",)


def test_predictions_of_a_service(service: Office, examples: str) -> None:
    """OPEN-6: many texts at once, in their order, among a service's components or all that are known."""
    ben = service.by(BEN, NOW)
    texts = ["a recording is missing", "", "callers reach the wrong team", "日本語"]
    assert [one.component for one in selecting.predict(ben, texts)] == ["Recording", None, None, None]
    learning.learn(service.by(MIA, NOW), examples)
    assert [one.component for one in selecting.predict(ben, texts)] == ["Recording", None, "Routing", None]
    found = selecting.predict(ben, texts, service="voice")
    assert [one.component for one in found] == ["Recording", None, "Routing", None]
    with pytest.raises(NotFound, match="'Nothing'"):
        selecting.predict(ben, texts, service="Nothing")


def test_three_are_named_where_there_are_three(service: Office, examples: str) -> None:
    """OPEN-6: where a text speaks for one component alone, the next best are those that are known best."""
    ben = service.by(BEN, NOW)
    learning.learn(service.by(MIA, NOW), examples)
    for text in ("recording", "callers", "tone"):
        (found,) = selecting.predict(ben, [text])
        assert sorted(one.component for one in found.candidates) == sorted(NAMES)
        assert sum(one.share for one in found.candidates) <= 1.0
    (found,) = selecting.predict(ben, ["日本語"])
    assert found == Selection(())


def test_reasons_are_words_of_the_reader(service: Office) -> None:
    """DC-3: another account's cases decide, and none of their words is told."""
    service.open(NOW, LENA, component="Routing", subject="Harbor secret", description=WRONG_TEAM + " Harbor pier.")
    service.tick("Mon 09:05")
    with service.store.read() as record:
        found = selecting.select(record, candidates=NAMES, subject="Wrong team", description="Somebody dials.")
    assert found.component == "Routing"
    said = {"wrong", "team", "somebody", "dials"}
    assert {word for told in found.words for word in told.word.split()} <= said
