"""`care component` as people and programs run it (OPEN-6)."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, NOW, Who, shell
from other_hands import peeked

HEADER = "text,category"
ROWS = (
    "callers reach the wrong team,Routing",
    "the queue sends everybody to the night shift,Routing",
    "audio of the conversation is silent,Recording",
    "nobody can listen to what was said,Recording",
)
EXAMPLES = "\n".join((HEADER, *ROWS)) + "\n"


def learned(who: Who, raw: bytes, *options: str) -> int:
    """How many examples were learned of a file on standard input."""
    count: int = who("--json", "component", "learn", "-", *options, stdin=raw).json["examples"]
    return count


def predicted(who: Who, raw: bytes, *options: str) -> list[str | None]:
    """The components that are chosen for the texts of a file on standard input."""
    answer = who("--json", "component", "predict", "-", *options, stdin=raw).json
    return [one["component"] for one in answer["predictions"]]


def test_learning_and_choosing_in_bulk(ada: Who, tmp_path: Path) -> None:
    """OPEN-6: as CLI.md has it: a file of examples, then the component of each text in the file's order."""
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    train.write_text(EXAMPLES)
    test.write_text('text\nthe wrong team answers\n"silent, the whole audio"\n\n""\nxyz\n')
    told = ada("component", "learn", str(train), "--text-column", "text", "--label-column", "category")
    assert told.out == "learned 4 examples of 2 components\n"
    again = ada("component", "learn", str(train))
    assert again.out == "learned 0 examples of 0 components; 4 known already\n"
    answer = ada("component", "predict", str(test), "--text-column", "text", "--json").json
    assert list(answer) == ["predictions"]
    found = [(one["component"], one["candidates"]) for one in answer["predictions"]]
    assert found == [
        ("Routing", ["Routing", "Recording"]),
        ("Recording", ["Recording", "Routing"]),
        (None, []),
        (None, []),
    ]
    why = ada("component", "predict", str(test), "--why", "--json").json["predictions"]
    assert {"wrong", "team"} <= {one["word"] for one in why[0]["words"]}
    assert why[2]["words"] == []
    judged = ada(
        "component", "predict", str(train), "--text-column", "text", "--label-column", "category", "--json"
    )
    assert [list(one) for one in judged.json["predictions"]] == [["component", "candidates", "share"]] * 4
    told = ada("component", "predict", str(train), "--label-column", "category")
    assert "right: 4 of 4 (100.0%); among the best 3: 4 (100.0%)" in told.err
    assert "no column 'class'" in ada("component", "predict", str(train), "--label-column", "class").refused(2)


@pytest.mark.parametrize(
    "raw",
    [
        EXAMPLES.encode("utf-8-sig"),
        EXAMPLES.encode("utf-16"),
        EXAMPLES.replace("\n", "\r\n").encode(),
        EXAMPLES.replace("team", "équipe").encode("latin-1"),
        EXAMPLES.replace(",", ";").encode(),
        EXAMPLES.replace(",", "\t").encode(),
        EXAMPLES.replace(HEADER, " Text , Category ").encode(),
        EXAMPLES.replace(HEADER, "Description,Component").encode(),
        "\n".join(f'"{row.partition(",")[0]}\nand ""more""",{row.partition(",")[2]}' for row in (HEADER, *ROWS))
        .replace('"text\nand ""more"""', "text")
        .encode(),
        (EXAMPLES + "w " * 200_000 + ",Routing\n").replace(ROWS[0] + "\n", "").encode(),
        (EXAMPLES + ",Routing\nno component,\nshort\n").encode(),
        b"id,note," + EXAMPLES.replace("\n", "\n1,x,").encode()[:-4],
    ],
    ids=[
        "bom",
        "utf-16",
        "crlf",
        "latin-1",
        "semicolons",
        "tabs",
        "blanks",
        "names",
        "lines",
        "huge",
        "gaps",
        "more",
    ],
)
def test_files_as_people_have_them(ada: Who, raw: bytes) -> None:
    """OPEN-6: encodings, separators, quotes, long fields and lines that lack something."""
    assert learned(ada, raw) == 4
    assert predicted(ada, b"text\nsilent audio of the conversation\n") == ["Recording"]


@pytest.mark.parametrize(
    ("raw", "options", "said"),
    [
        (b"", (), "standard input is empty"),
        (b"callers,Routing\nx,y\n", (), "its columns: callers, Routing"),
        (b"text,other\nx,y\n", (), "give --label-column; its columns: text, other"),
        (EXAMPLES.encode(), ("--text-column", "nope"), "no column 'nope'"),
        (EXAMPLES.encode(), ("--text-column", "text", "--label-column", "text"), "no column 'text'"),
        (b"\x00\x01\x02PK\x03\x04" * 50, (), "standard input has no column"),
    ],
    ids=["empty", "no header", "no label", "wrong column", "twice the same", "binary"],
)
def test_a_file_that_cannot_be_learned(ada: Who, raw: bytes, options: tuple[str, ...], said: str) -> None:
    """OPEN-6: one message that names the columns there are; nothing is learned."""
    assert said in ada("component", "learn", "-", *options, stdin=raw).refused(2)
    assert ada.json("component", "list") == {"components": []}


def test_a_file_that_is_not_there(ada: Who, tmp_path: Path) -> None:
    """OPEN-6: said in a sentence, for learning and choosing."""
    for name in ("none.csv", "."):
        assert "cannot read" in ada("component", "learn", str(tmp_path / name)).refused(2)
        assert "cannot read" in ada("component", "predict", str(tmp_path / name)).refused(2)


def test_nothing_known_yet(ada: Who) -> None:
    """OPEN-6: nothing is chosen then, and a person is told why."""
    ran = ada("component", "predict", "-", stdin=b"text\ncalls drop\n")
    assert (ran.status, ran.out) == (0, "text\tcomponent\tshare\tothers\ncalls drop\t\t\t\n")
    assert "care component learn" in ran.err
    assert "service 'Nope'" in ada("component", "predict", "-", "--service", "Nope", stdin=b"text\nx\n").refused(3)


def test_rows_for_a_spreadsheet(ada: Who) -> None:
    """CLI: a listing like any other, hostile texts included."""
    learned(ada, EXAMPLES.encode())
    raw = b"text\n\"=cmd|' /C calc'!A0 wrong team\"\n\x1b[31msilent audio\n"
    ran = ada("component", "predict", "-", "--format", "csv", "--why", stdin=raw)
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["component"] for row in rows] == ["Routing", "Recording"]
    assert rows[0]["text"].startswith("'=cmd")
    assert "\x1b" not in ran.out
    assert "team +" in rows[0]["words"]
    fields = ada("component", "predict", "-", "--format", "tsv", "--fields", "component", stdin=raw)
    assert fields.out == "component\nRouting\nRecording\n"


def test_what_was_learned_is_listed(ada: Who) -> None:
    """OPEN-6: components with their examples, those of the most first."""
    learned(ada, EXAMPLES.encode() + b"the night shift is gone,Routing\n")
    listed = ada("component", "list", "--fields", "component,examples")
    assert listed.out == "component\texamples\nRouting\t3\nRecording\t2\n"


def test_setting_the_component_of_a_case(trial: str) -> None:
    """OPEN-6, DC-3: staff correct it, with a reason that the customer does not read; the tick learns from it."""
    ben, dana = Who(trial, BEN), Who(trial, DANA)
    assert ben("component", "set", "3", "Routing", "-m", "Not the network.").out.startswith("0000000003")
    assert ben.json("show", "3")["component"] == "Routing"
    assert "already" in ben("component", "set", "3", "routing").refused(5)
    event = ben.json("log", "3")["events"][-1]
    assert (event["kind"], event["data"]["text"]) == ("component-changed", "Not the network.")
    assert dana.json("show", "3")["component"] == "Routing"
    assert "Not the network." not in dana("--json", "log", "3").out
    assert dana("component", "set", "3", "Other").status == 4
    assert ben("component", "set", "999", "Routing").status == 3
    assert Who(trial, ADA).json("tick")["fired"] >= 0
    assert ben.json("component", "list")["components"][0]["component"] == "Routing"
    assert Who(trial, ADA)("verify").status == 0


def test_the_same_examples_make_the_same_model_in_every_process(trial: str, tmp_path: Path) -> None:
    """OPEN-6: nothing depends on how this process hashes or orders."""
    found = []
    for seed in ("0", "1"):
        database = tmp_path / f"{seed}.db"
        shutil.copy(trial, database)
        who = ("--db", str(database), "--as", ADA, "--now", NOW)
        ran = shell(*who, "component", "learn", "-", stdin=EXAMPLES.encode(), PYTHONHASHSEED=seed)
        assert ran.status == 0, ran
        found.append(peeked(str(database), "SELECT feature, weights FROM component_features ORDER BY feature"))
    assert found[0] == found[1]
    assert len(found[0]) > len(ROWS)
