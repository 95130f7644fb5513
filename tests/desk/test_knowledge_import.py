"""Articles from Markdown files: idempotent, and safe from whatever a file holds (KB-1)."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from desk_fixtures import ADA, DANA, SAM, Office
from hypothesis import given
from hypothesis import strategies as st
from notation import when

from carecli.desk.knowledge import articles, importing, markdown, writing
from carecli.desk.knowledge.markdown import Fault
from carecli.domain.events import Event, Kind
from carecli.domain.knowledge import (
    Article,
    ArticleFilter,
    ArticlesImported,
    ArticleStatus,
    Audience,
    Draft,
    after,
    written,
)
from carecli.domain.knowledge_draft import checked
from carecli.domain.vocabulary import Via, Visibility
from carecli.errors import Invalid, NotPermitted

MON, AT = "Mon 09:00", when("Mon 09:00")
WHOLE = """\
---
title: Reset a forgotten password
slug: reset
services: [Voice, Chat]
components: Login
tags: sign-in, credentials
audience: internal
status: published
unknown: 7
---

# Reset a forgotten password

Choose *Forgot*.
"""


def imported(office: Office, *where: Path, publish: bool = False, dry_run: bool = False) -> ArticlesImported:
    """Bring files in as an agent."""
    names = [str(each) for each in where]
    return importing.import_articles(office.by(SAM, MON), names, publish=publish, dry_run=dry_run)


def outcomes(report: ArticlesImported) -> dict[str, str]:
    """What became of each file, by its name."""
    return {Path(file.file).name: file.reason or file.outcome for file in report.files}


def article(office: Office, label: str) -> Article:
    """An article as staff read it."""
    return articles.show(office.by(SAM, MON), label).article


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two articles, one of them in a folder of its own."""
    made = tmp_path / "articles"
    (made / "voice").mkdir(parents=True)
    (made / "reset.md").write_text(WHOLE)
    (made / "voice" / "calls-drop.md").write_text("# Calls drop ##\n\nSet the timer.\n")
    (made / "picture.png").write_bytes(b"\x89PNG\0")
    (made / ".git").mkdir()
    (made / ".git" / "notes.md").write_text("no article")
    return made


def test_a_folder(office: Office, folder: Path) -> None:
    """KB-1: every Markdown file below a folder, with what its front matter says, or its heading and its path."""
    report = imported(office, folder)
    assert outcomes(report) == {"reset.md": "added", "calls-drop.md": "added"}
    assert report.published == 1
    reset, drops = article(office, "reset"), article(office, "voice-calls-drop")
    assert reset.draft == Draft(
        "Reset a forgotten password",
        "Choose *Forgot*.",
        "reset",
        ("Voice", "Chat"),
        ("Login",),
        ("sign-in", "credentials"),
        Audience.INTERNAL,
    )
    assert (reset.status, drops.status) == (ArticleStatus.PUBLISHED, ArticleStatus.DRAFT)
    assert (drops.title, drops.body, drops.audience) == ("Calls drop", "Set the timer.", Audience.PUBLIC)


def test_again_changes_nothing(office: Office, folder: Path) -> None:
    """KB-1: the same files again write no event; a changed one is a new version."""
    imported(office, folder, publish=True)
    before = office.dump()
    again = imported(office, folder, publish=True)
    assert (again.count("unchanged"), again.published, office.dump() == before) == (2, 0, True)
    (folder / "reset.md").write_text(WHOLE.replace("Choose", "Press"))
    assert outcomes(imported(office, folder)) == {"reset.md": "changed", "calls-drop.md": "unchanged"}
    assert (article(office, "reset").version, article(office, "reset").published_version) == (2, 2)
    assert office.differences() == []


def test_publishing_all(office: Office, folder: Path) -> None:
    """KB-1: --publish publishes what does not call itself a draft; a retired file stays retired."""
    (folder / "draft.md").write_text("---\nstatus: draft\n---\nText.")
    (folder / "old.md").write_text("---\nstatus: retired\n---\nText.")
    imported(office, folder, publish=True)
    stand = {name: article(office, name).status.value for name in ("reset", "voice-calls-drop", "draft", "old")}
    assert stand == {"reset": "published", "voice-calls-drop": "published", "draft": "draft", "old": "retired"}
    assert imported(office, folder, publish=True).count("unchanged") == 4


def test_a_trial_keeps_nothing(office: Office, folder: Path) -> None:
    """KB-1: --dry-run tells what would be, and leaves the desk as it is."""
    before = office.dump()
    report = imported(office, folder, dry_run=True)
    assert (report.count("added"), report.dry_run, office.dump() == before) == (2, True, True)


def test_what_is_written_reads_back(office: Office, folder: Path) -> None:
    """KB-1: an article that was shown as a file comes in unchanged, by its name or its id."""
    imported(office, folder)
    text = markdown.written(article(office, "reset"))
    (folder / "reset.md").write_text(text)
    assert outcomes(imported(office, folder / "reset.md")) == {"reset.md": "unchanged"}
    (folder / "other.md").write_text(text.replace("slug: reset", "id: kb-1").replace("Choose", "Press"))
    assert outcomes(imported(office, folder / "other.md")) == {"other.md": "changed"}
    assert article(office, "kb-1").body == "Press *Forgot*."


NAMES = st.lists(st.text("abc é:#-'\"[]{}&*!|>%@`yesno123\n", min_size=1, max_size=12), max_size=3)


@given(
    st.text(min_size=1, max_size=30).filter(lambda t: t.strip() and t.isprintable()),
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=60).filter(str.strip),
    NAMES,
)
def test_any_article_reads_back(title: str, body: str, names: list[str]) -> None:
    """KB-1: whatever stands in title, text and names, its file says the same."""
    try:
        draft = checked(Draft(title, body, "name", keywords=tuple(names)))
    except Invalid:
        return
    if not draft.body.startswith("# "):
        bare = after(
            None, Event(AT, SAM, Via.DESK, Kind.ARTICLE_WRITTEN, Visibility.INTERNAL, written(1, 1, draft))
        )
        assert checked(markdown.read(markdown.written(bare), "file").draft) == draft


def link_to(target: str) -> Callable[[Path], None]:
    """Makes a link."""
    return lambda path: path.symlink_to(target)


HOSTILE: dict[str, tuple[bytes | Callable[[Path], object], str, int | None]] = {
    "alias.md": (b"---\na: &a [x, x]\nkeywords: *a\n---\nx", "anchors and aliases", 2),
    "laughs.md": (
        b"---\na: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n---\nx",
        "anchors and aliases",
        2,
    ),
    "tag.md": (b"---\nslug: t\ntitle: !!python/object/apply:os.system ['id']\n---\nx", "no tags", 3),
    "own-tag.md": (b"---\ntitle: !secret x\n---\nx", "no tags", 2),
    "merge.md": (b"---\n<<: *x\n---\nx", "anchors and aliases", 2),
    "deep.md": (b"---\ntitle: " + b"[" * 5_000 + b"]" * 5_000 + b"\n---\nx", "nothing deeper", 2),
    "nested.md": (b"---\ntitle: x\nkeywords:\n  - [a]\n---\nx", "nothing deeper", 4),
    "mapping.md": (b"---\nkeywords: {a: b}\n---\nx", "no list of texts", 1),
    "key.md": (b"---\nslug: k\n? [a]\n: b\n---\nx", "a name is a text", 3),
    "key-mapping.md": (b"---\n? {a: b}\n: c\n---\nx", "a name is a text", 2),
    "list.md": (b"---\n- a\n---\nx", "no list of names", 2),
    "title.md": (b"---\ntitle: [a]\n---\nx", "no text", 1),
    "twice.md": (b"---\ntitle: a\ntitle: b\n---\nx", "twice", 3),
    "quote.md": (b'---\nslug: q\ntitle: "no end\n---\nx', "no YAML", 3),
    "tab.md": (b"---\nslug: q\n\tx: y\n---\nx", "no YAML", 3),
    "control.md": (b"---\ntitle: a\x07b\n---\nx", "no YAML", 1),
    "open.md": (b"---\ntitle: x\n", "never closed", 1),
    "huge-head.md": (b"---\ntitle: " + b"x" * 30_000 + b"\n---\nx", "20,000", 1),
    "huge.md": (b"x" * 1_000_001, "1,000,000", None),
    "enormous.md": (b"x" * 4_100_000, "1,000,000", None),
    "binary.md": (b"PK\x03\x04\0\0", "binary", None),
    "latin.md": ("Überschrift\nfür".encode("latin-1"), "no UTF-8", 1),
    "utf16.md": ("# Title".encode("utf-16"), "binary", None),
    "empty.md": (b" \n", "empty", None),
    "no-text.md": (b"---\ntitle: x\n---\n", "no text", None),
    "status.md": (b"---\nstatus: secret\n---\nx", "not one of", 1),
    "unknown-id.md": (b"---\nid: kb-99\n---\nx", "no article kb-99", None),
    "long-title.md": (b"# " + b"x" * 300 + b"\n\nx", "300 characters", None),
    "loop.md": (link_to("loop.md"), "leads nowhere", None),
    "gone.md": (link_to("nothing.md"), "leads nowhere", None),
    "out.md": (link_to("/etc/hostname"), "out of the folder", None),
    "fifo.md": (os.mkfifo, "no regular file", None),
    "folder.md": (Path.mkdir, "", None),
}


def test_hostile_files(office: Office, tmp_path: Path) -> None:
    """KB-1: each is one line with its reason, the rest goes on, and nothing of them is kept."""
    made = tmp_path / "hostile"
    made.mkdir()
    for name, (content, _, _) in HOSTILE.items():
        if isinstance(content, bytes):
            (made / name).write_bytes(content)
        else:
            content(made / name)
    (made / "around").symlink_to(made)
    (made / "zz-good.md").write_text("# Good\r\n\r\nText.\r\n")
    report = imported(office, made)
    told = {Path(file.file).name: file for file in report.files}
    assert told.pop("zz-good.md").outcome == "added"
    assert told.pop("around").reason == "links to folders are not followed"
    expected = {name: (why, line) for name, (_, why, line) in HOSTILE.items() if name != "folder.md"}
    assert told.keys() == expected.keys()
    for name, file in told.items():
        why, line = expected[name]
        assert file.outcome == "refused", name
        assert why in (file.reason or ""), (name, file)
        assert file.line == line, (name, file)
        assert "\n" not in (file.reason or "")
        assert len(file.reason or "") < 200
    assert articles.listed(office.by(SAM, MON), ArticleFilter(), limit=9)[1] == 1
    assert article(office, "zz-good").body == "Text."
    assert office.differences() == []


def test_a_name_that_comes_twice(office: Office, folder: Path) -> None:
    """KB-1: of two files that call themselves alike the second is refused, and told which is the first."""
    (folder / "zz.md").write_text("---\nslug: reset\n---\nOther.")
    reason = outcomes(imported(office, folder))["zz.md"]
    assert reason == f"the name 'reset' is that of {folder / 'reset.md'} already"
    assert article(office, "reset").body == "Choose *Forgot*."


def test_a_file_of_another_folder(office: Office, tmp_path: Path) -> None:
    """KB-1: a file that is named itself is taken, wherever a link to it lies; none at all is refused."""
    (tmp_path / "7.md").write_text("Text of seven.")
    assert imported(office, tmp_path / "7.md").files[0].slug == "article-7"
    assert article(office, "article-7").title == "7"
    with pytest.raises(Invalid, match="no such file"):
        imported(office, tmp_path / "none.md")
    with pytest.raises(NotPermitted):
        importing.import_articles(office.by(DANA, MON), [str(tmp_path)])


@pytest.mark.parametrize("name", ["", " ", "~nobody-of-this-name/articles"])
def test_a_name_that_leads_nowhere(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """KB-1: an empty name, as an unset variable gives it, is not the working folder; nobody has no home."""
    monkeypatch.chdir(folder)
    with pytest.raises(Invalid, match=r"empty|no such file"):
        importing.import_articles(office.by(SAM, MON), [name])


def test_a_folder_that_cannot_be_read(office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """KB-1: what cannot be opened is one line, and the rest goes on."""
    real = Path.open

    def refusing(self: Path, *args: object, **kwargs: object) -> object:
        if self.name == "reset.md":
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refusing)
    assert outcomes(imported(office, folder)) == {
        "reset.md": "it cannot be read: Permission denied",
        "calls-drop.md": "added",
    }


@given(st.binary(max_size=80) | st.binary(max_size=60).map(lambda raw: b"---\n" + raw + b"\n---\nx"))
def test_any_bytes_are_an_article_or_a_fault(raw: bytes) -> None:
    """KB-1: no file makes the import stumble."""
    with suppress(Fault):
        assert isinstance(markdown.read(raw.decode("utf-8", "replace"), "file").draft.title, str)


def test_a_draft_from_a_case_that_was_edited_as_a_file(office: Office, tmp_path: Path) -> None:
    """KB-1: a draft that came out as a file and in again has been read over."""
    from carecli.desk import cases

    number = office.open(MON)
    cases.close(office.by(SAM, MON), number, "Use the other trunk.")
    label = writing.from_case(office.by(ADA, MON), number).article.label
    file = tmp_path / "draft.md"
    file.write_text(markdown.written(article(office, label)))
    assert imported(office, file, publish=True).published == 1
