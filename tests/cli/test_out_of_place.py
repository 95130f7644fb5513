"""No name of a stranger leads anywhere else: files of cases, enclosures of mail, archives (ATT-1, MAIL-2)."""

import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import ADA, DANA, Who

NAMES: Final = {
    "climbs": "../../../evil",
    "climbs as on Windows": "..\\..\\..\\evil",
    "absolute": "/tmp/evil-of-care-test",
    "drive": "C:\\evil",
    "home": "~/evil",
    "somebody's home": "~root/evil",
    "dots": "..",
    "dot": ".",
    "hidden": ".bashrc",
    "trailing dots": "evil.txt...",
    "trailing blanks": "evil.txt   ",
    "device": "CON",
    "device with an ending": "nul.txt",
    "dash": "-rf",
    "many climbs": "a/../../../../../../../etc/evil",
    "encoded": "..%2f..%2fevil",
    "wide slashes": "..／..／evil",
    "long": "x" * 300,
    "long in bytes": "日" * 100 + ".txt",
    "line feed": "evil\nname",
    "escape": "\x1b[31mevil\x1b]0;t\x07",
    "override": "evil\u202etxt.exe",
    "streams": "evil.txt:stream",
    "only slashes": "///",
    "stdin": "-",
    "shell": "$(touch evil);`touch evil`",
    "variable": "$HOME",
    "glob": "*",
}
"""What files are called that want to be somewhere else than where they are put."""


def everything(folder: Path) -> dict[str, bytes | str]:
    """All that lies in and below a folder."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        found[name] = (
            str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else "a folder"
        )
    return found


@contextmanager
def within(outside: Path, target: Path) -> Iterator[None]:
    """Nothing but what lies in `target` changes; in it no name begins with a dot or a dash, none is a link."""
    before = {
        name: kept for name, kept in everything(outside).items() if not (outside / name).is_relative_to(target)
    }
    there = set(everything(target))
    yield
    after = {
        name: kept for name, kept in everything(outside).items() if not (outside / name).is_relative_to(target)
    }
    assert {name for name in before if "trial" not in name} == {name for name in after if "trial" not in name}
    assert all(before[name] == after[name] for name in before if "trial" not in name)
    for name in set(everything(target)) - there:
        assert os.sep not in name
        assert not name.startswith((".", "-", "~"))
        assert not name.endswith((".", " "))
        assert name.isprintable()
        assert len(name.encode()) <= 255
        assert not (target / name).is_symlink()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deep folder in which commands run, and where it puts files; around it are files to be harmed."""
    deep = tmp_path / "a" / "b" / "c" / "here"
    deep.mkdir(parents=True)
    for name in ("evil", "a/evil", "a/b/evil", "a/b/c/evil", ".bashrc"):
        (tmp_path / name).write_text("unharmed")
    monkeypatch.chdir(deep)
    monkeypatch.setenv("HOME", str(tmp_path))
    return deep


def test_names_of_attached_files(trial: str, place: Path, tmp_path: Path) -> None:
    """ATT-1: whatever a file is called, it is fetched into the folder that was named, under a plain name."""
    dana, target = Who(trial, DANA), place / "out"
    target.mkdir()
    ids: list[str] = []
    for name in NAMES.values():
        added = dana(
            "--json", "attachment", "add", "3", "-", f"--name={name}", stdin=name.encode() + b" holds this"
        )
        assert added.status in {0, 2}, (name, added)
        if added.status == 0:
            ids.append(str(len(ids) + 1))
    listed = dana.json("attachment", "list", "3")["attachments"]
    assert len(listed) == len(ids) > 20
    for number in ids:
        with within(tmp_path, target):
            got = dana("attachment", "get", "3", number, "--output", str(target), "--force")
            assert got.status == 0, got
        with within(tmp_path, place):
            assert dana("--json", "attachment", "get", "3", number, "--force").status == 0
    print(f"\nnames of files tried: {len(NAMES)}, fetched: {len(ids)}")


def test_planted_links(trial: str, place: Path, tmp_path: Path) -> None:
    """ATT-1: a link that somebody planted under a stranger's name is at most replaced, never written through."""
    dana, target = Who(trial, DANA), place / "out"
    target.mkdir()
    assert dana("attachment", "add", "3", "-", "--name", "call.log", stdin=b"the log").status == 0
    for planted in ("a/evil", "nowhere"):
        (target / "call.log").symlink_to(tmp_path / planted)
        with within(tmp_path, target):
            assert dana("attachment", "get", "3", "1", "--output", str(target)).status == 2
            assert dana("attachment", "get", "3", "1", "--output", str(target), "--force").status == 0
        assert not (target / "call.log").is_symlink()
        assert (target / "call.log").read_bytes() == b"the log"
        (target / "call.log").unlink()
    (target / "call.log").mkdir()
    assert dana("attachment", "get", "3", "1", "--output", str(target), "--force").status == 1


@pytest.mark.usefixtures("place")
def test_names_that_differ_by_case_alone(trial: str) -> None:
    """ATT-1: files whose names are one on some disks are two on the case."""
    dana = Who(trial, DANA)
    for name in ("Trace.LOG", "trace.log", "TRACE.log", "é.log", "e\u0301.log"):
        assert dana("attachment", "add", "3", "-", "--name", name, stdin=name.encode()).status == 0
    names = [one["name"].casefold() for one in dana.json("attachment", "list", "3")["attachments"]]
    assert len(set(names)) == len(names) == 5


@pytest.mark.usefixtures("place")
def test_bytes_that_were_swapped(trial: str, tmp_path: Path) -> None:
    """ATT-1: a link in the place of a kept file gives nobody another file's bytes."""
    dana = Who(trial, DANA)
    assert dana("attachment", "add", "3", "-", "--name", "call.log", stdin=b"the log").status == 0
    (kept,) = [path for path in Path(trial).with_suffix(".files").rglob("*") if path.is_file()]
    kept.unlink()
    kept.symlink_to(tmp_path / "evil")
    for words in (("--output", "-"), ("--output", "got")):
        ran = dana("attachment", "get", "3", "1", *words)
        assert (ran.status, "unharmed" in ran.out) == (1, False)
    assert not Path("got").exists()
    assert Who(trial, ADA)("verify").status == 1
    assert Who(trial, ADA)("doctor").status == 1


def _mail(name: str, place: int) -> bytes:
    quoted = name.replace("\\", "\\\\").replace('"', "").replace("\n", " ")
    lines = (
        *(
            "From: stranger@elsewhere.example",
            "To: care@localhost",
            "Subject: x",
            f"Message-ID: <{place}@e.example>",
        ),
        *("MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="x"', "", "--x", "", "Hello", "--x"),
        *(
            "Content-Type: text/plain",
            f'Content-Disposition: attachment; filename="{quoted}"',
            "",
            "It.",
            "--x--",
            "",
        ),
    )
    return "\r\n".join(lines).encode("utf-8", "replace")


def test_names_of_enclosures(trial: str, place: Path, tmp_path: Path) -> None:
    """MAIL-2: a file of a mail in triage is written under a plain name, into the folder that was named."""
    ada, target = Who(trial, ADA), place / "out"
    target.mkdir()
    written = 0
    for number, name in enumerate(NAMES.values(), 1):
        assert ada("mail", "receive", stdin=_mail(name, number)).status == 0
        with within(tmp_path, target):
            ran = ada(
                "mail", "triage", "show", f"in-{number}", "--file", "1", "--output", str(target / f"{number}")
            )
            written += ran.status == 0
    print(f"\nenclosures tried: {len(NAMES)}, written: {written}")
    assert written == len(NAMES)


def _slipping_zip() -> bytes:
    """One whose members climb, and one of which swells."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in dict.fromkeys(NAMES.values()):
            archive.writestr(zipfile.ZipInfo(name), b"4111 1111 1111 1111")
        archive.writestr("swells", b"\0" * 50_000_000)
    return packed.getvalue()


def _linking_tar() -> bytes:
    """One with links, devices and pipes that lead elsewhere."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.REGTYPE):
            member = tarfile.TarInfo("../../evil")
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    return packed.getvalue()


def _nested_zip() -> bytes:
    """One in one in one, forty deep."""
    inner = b"4111 1111 1111 1111"
    for _ in range(40):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("again.zip", inner)
        inner = packed.getvalue()
    return inner


ARCHIVES: Final = {"slip.zip": _slipping_zip, "slip.tar.gz": _linking_tar, "deep.zip": _nested_zip}


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_that_are_looked_through(trial: str, tmp_path: Path, name: str) -> None:
    """ATT-2: looking through an archive writes nothing, follows nothing, and ends."""
    raw = ARCHIVES[name]()
    Path(name).write_bytes(raw)
    dana = Who(trial, DANA)
    with within(tmp_path, tmp_path / "nothing"):
        looked = dana.json("attachment", "scan", name)
        assert dana("attachment", "add", "3", name).status in {0, 5}
        assert dana("attachment", "add", "3", name, "--confirm-sanitized").status == 0
    print(f"\n{name}: {len(raw):,} bytes, {looked}"[:300])
