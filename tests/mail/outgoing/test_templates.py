"""Templates: a desk's own in the place of the shipped ones, and what a wrong or hostile one can do: nothing."""

import os
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import pytest
from desk_fixtures import plain
from hypothesis import given, settings
from hypothesis import strategies as st
from outgoing_mail import MAIL, answer, hypertext, read

from carecli.domain.outbox import Mail, MailKind
from carecli.errors import Failed
from carecli.mail.outgoing.loading import environment
from carecli.mail.outgoing.message import Writer
from carecli.mail.outgoing.templates import problems

TEXT, HTML = "notice.txt.j2", "notice.html.j2"
REMINDER = MAIL._replace(kind=MailKind.REMINDER)


def writer(folder: Path) -> Writer:
    """The desk's writer with its own templates."""
    return Writer("care@desk.example", "Test desk", None, str(folder))


def text(folder: Path, mail: Mail = MAIL) -> str:
    """A mail's plain text, laid out by the desk's templates."""
    return plain(read(writer(folder).written(mail)))


def test_the_shipped_templates_suit_every_kind() -> None:
    """MAIL-1: nothing is wrong with what is shipped."""
    assert problems(None) == []


def test_a_desks_own_template_takes_the_shipped_ones_place(tmp_path: Path) -> None:
    """MAIL-1: for text, HTML or both; what the desk has none of is laid out as ever."""
    (tmp_path / TEXT).write_text("{{ marker }}\n{{ lead }} {{ said|upper }}\n{{ reference }}\n")
    message = read(writer(tmp_path).written(MAIL))
    assert plain(message).endswith("There is an update. WORDS.\n\n")
    assert "Words." in hypertext(message)
    assert problems(str(tmp_path)) == []


def test_one_kind_of_mail_has_a_template_of_its_own(tmp_path: Path) -> None:
    """MAIL-1: `reminder.txt.j2` is for reminders alone, and goes before `notice.txt.j2`."""
    (tmp_path / TEXT).write_text("usual")
    (tmp_path / "reminder.txt.j2").write_text("reminding")
    assert (text(tmp_path, REMINDER), text(tmp_path)) == ("reminding", "usual")


def test_a_template_changes_a_part_of_the_shipped_one(tmp_path: Path) -> None:
    """MAIL-1: a desk that wants another foot writes no more than that foot."""
    (tmp_path / HTML).write_text(
        '{% extends "care/notice.html.j2" %}{% block foot %}{{ super() }}<p>Mind you.</p>{% endblock %}'
    )
    found = hypertext(read(writer(tmp_path).written(MAIL)))
    assert "Words." in found
    assert found.index("Test desk") < found.index("<p>Mind you.</p>")
    assert problems(str(tmp_path)) == []


def test_what_customers_write_is_text_in_a_desks_html_too(tmp_path: Path) -> None:
    """MAIL-1: a desk's HTML escapes as the shipped one does, and cannot be told not to."""
    (tmp_path / HTML).write_text("{{ said }} {{ said|lines }}")
    found = hypertext(read(writer(tmp_path).written(MAIL._replace(content={"said": "<b>\n&"}))))
    assert found == "&lt;b&gt;\n&amp; &lt;b&gt;<br>&amp;"
    (tmp_path / HTML).write_text("{{ said|safe }}")
    with pytest.raises(Failed, match="safe"):
        writer(tmp_path).written(MAIL)


WRONG = [
    ("{% if said %}\n\n{{ lead", 3, "unexpected end of template"),
    ("\n{{ laed }}", 2, "'laed' is undefined"),
    ("{{ case.nmuber }}", 1, "nmuber"),
    ("\n\n{% endfor %}", 3, "endfor"),
    ("{{ said|nosuch }}", 1, "nosuch"),
    ("{{ ways.0.label|truncate('x') }}", 1, ""),
    ('{% extends "nothing.txt.j2" %}', 1, "only templates that `care` ships"),
    ('{% extends "care/nothing.txt.j2" %}', 1, "there is no template care/nothing.txt.j2"),
]


@pytest.mark.parametrize(("source", "line", "what"), WRONG)
def test_a_broken_template_is_named_with_its_line(tmp_path: Path, source: str, line: int, what: str) -> None:
    """MAIL-1, MAIL-6: the mail waits, and whoever looks reads where the mistake is and what to do."""
    (tmp_path / TEXT).write_text(source)
    content = {
        "lead": "Lead.",
        "said": "Words.",
        "ways": [{"label": "L", "command": "c"}],
        "case": {"number": "1"},
    }
    with pytest.raises(Failed) as raised:
        writer(tmp_path).written(MAIL._replace(content=content))
    assert f"{tmp_path / TEXT} line {line}" in raised.value.message
    assert what in raised.value.message
    assert "care doctor" in (raised.value.hint or "")


HOSTILE = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ said|attr('__class__') }}",
    "{{ lead.format.__self__ }}",
    "{{ '%9999999999d'|format(1) }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "{% for a in said %}{{ said }}{% endfor %}",
    "{% for a in ways %}{% for b in ways %}x{% endfor %}{% endfor %}",
    "{% for a in ways recursive %}{{ loop(ways) }}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ 'x' * 10000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ ''|center(1000000000) }}",
    "{{ said|indent(1000000000) }}",
    "{{ said ~ said }}",
    "{{ [said, said] }}",
    "{% set x = said %}",
    "{% set ns = namespace(x=said) %}",
    '{% include "/etc/passwd" %}',
    '{% include "notice.txt.j2" %}',
    '{% import "notice.txt.j2" as n %}',
    '{% extends "../secret.txt" %}',
    '{% extends "care/../../../../../../etc/passwd" %}',
    "{% extends said %}",
    "{% block a %}{{ super() }}{{ super() }}{% endblock %}",
    "{% autoescape false %}{{ said }}{% endautoescape %}",
    "{% filter upper %}x{% endfilter %}",
    "{{ cycler('a') }}{{ lipsum() }}{{ joiner() }}{{ dict() }}",
    "{{ " + "(" * 2_000 + "1" + ")" * 2_000 + " }}",
    "{% if 1 %}" * 60 + "{% endif %}" * 60,
    "x" * 100_001,
    "{{ said|truncate(99999999) }}",
]


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", [TEXT, HTML])
def test_a_hostile_template_makes_no_mail(tmp_path: Path, name: str, source: str) -> None:
    """MAIL-1: no way to Python, to a file, to a loop without an end, or to a text without one."""
    (tmp_path / name).write_text(source)
    (tmp_path.parent / "secret.txt").write_text("secret")
    began = time.monotonic()
    with pytest.raises(Failed, match=r"j2( line \d+)? makes no mail"):
        writer(tmp_path).written(MAIL._replace(content={"said": "w" * 1_000, "ways": [{}] * 3}))
    assert time.monotonic() - began < 20


PIECES = (
    "{{ }} {% %} {# #} | e lines said ways way case . [ ] ( ) ' \" for in if else endif endfor block a endblock"
    " extends super 0 999999999 ~ + - * , = is not none é truncate wrap __class__ raw"
)


@settings(max_examples=100, deadline=None)
@given(pieces=st.lists(st.sampled_from([*PIECES.split(), " ", "\n", "\0", "\ud800"]), max_size=30))
def test_whatever_a_template_holds_it_makes_a_mail_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
) -> None:
    """MAIL-6: a mistake of any kind is told of in one way, and no mail that it keeps stops another."""
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / HTML).write_bytes("".join(pieces).encode("utf-8", "surrogatepass"))
    with suppress(Failed):
        read(writer(folder).written(MAIL))


def test_a_broken_template_is_read_once(tmp_path: Path) -> None:
    """MAIL-6: ten thousand mails that wait for it to be mended are told so at once."""
    (tmp_path / TEXT).write_text("{% if %}" + "{{ said }}" * 5_000)
    pen = writer(tmp_path)
    began = time.monotonic()
    for _ in range(2_000):
        with pytest.raises(Failed):
            pen.written(MAIL)
    assert time.monotonic() - began < 20


def test_a_mail_of_any_length_from_a_template_has_a_bound(tmp_path: Path) -> None:
    """MAIL-1: what repeats a long text again and again is stopped, and not kept in memory."""
    (tmp_path / TEXT).write_text("{{ said }} " * 100)
    with pytest.raises(Failed, match="more than 16,000,000 characters"):
        writer(tmp_path).written(MAIL._replace(content={"said": "w" * 1_000_000}))
    (tmp_path / TEXT).unlink()
    escaped = MAIL._replace(content={"said": "'" * 1_000_000})
    assert len(writer(tmp_path).written(escaped)) > 6_000_000


def test_a_link_out_of_the_directory_is_not_read(tmp_path: Path) -> None:
    """MAIL-1: whoever may write templates may not have other files mailed."""
    (tmp_path / "own").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "own" / TEXT).symlink_to(tmp_path / "secret")
    with pytest.raises(Failed, match="a link to a file outside"):
        text(tmp_path / "own")


def test_what_is_no_file_is_no_template(tmp_path: Path) -> None:
    """MAIL-6: a pipe or a directory of that name keeps nobody waiting."""
    os.mkfifo(tmp_path / TEXT)
    (tmp_path / HTML).mkdir()
    assert "Words." in text(tmp_path)


def test_a_file_that_is_no_text_is_told_of(tmp_path: Path) -> None:
    """MAIL-1: a template in another encoding than UTF-8."""
    (tmp_path / TEXT).write_bytes(b"caf\xe9")
    with pytest.raises(Failed, match="cannot be read"):
        text(tmp_path)


def test_a_directory_that_is_not_there_keeps_the_mail(tmp_path: Path) -> None:
    """MAIL-6: a disk that is not mounted does not make the desk speak in another voice."""
    with pytest.raises(Failed, match="there is no directory of templates"):
        text(tmp_path / "gone")
    assert problems(str(tmp_path / "gone")) == [f"there is no directory of templates {tmp_path / 'gone'}"]


def test_the_doctor_tries_every_kind(tmp_path: Path) -> None:
    """MAIL-1: what is wrong for one kind of mail, or left out, or named wrongly, is found in time."""
    (tmp_path / "closing.html.j2").write_text("{{ marker }}{{ lead }}{{ reference }}{{ nothing }}")
    (tmp_path / "request.txt.j2").write_text("{{ lead }}")
    (tmp_path / "remainder.txt.j2").write_text("{{ lead }}")
    (tmp_path / "priority.txt.j2").write_text("{{ marker }} {{ lead }} {{ reference }} {{ case.number }}")
    found = problems(str(tmp_path))
    assert [line.replace(f"{tmp_path}/", "") for line in found] == [
        f"remainder.txt.j2 is used for nothing: name it as a kind of mail, such as {HTML} or reminder.txt.j2",
        "request.txt.j2: {{ marker }} is not shown in every mail",
        "request.txt.j2: {{ reference }} is not shown in every mail",
        "the template closing.html.j2 line 1 makes no mail: 'nothing' is undefined",
        "the template priority.txt.j2 line 1 makes no mail: 'None' has no attribute 'number'",
    ]


def test_an_answer_takes_the_usual_template_too(tmp_path: Path) -> None:
    """MAIL-4: a desk's own layout holds for automatic answers, which have no case to show."""
    (tmp_path / TEXT).write_text("{{ lead }}{% if case %} of {{ case.number }}{% endif %}")
    assert text(tmp_path, answer(MailKind.UNKNOWN_SENDER)).startswith("Your mail changed nothing")


@given(st.lists(st.text("xy-", min_size=1, max_size=90), max_size=40))
def test_sentences_break_as_the_standard_library_has_it(words: list[str]) -> None:
    """MAIL-1: lines of 78 columns at most, but for a word that is longer, and no word lost."""
    sentence = " ".join(words)
    usual = textwrap.wrap(sentence, 78, break_long_words=False, break_on_hyphens=False)
    assert environment(None).filters["wrap"](sentence) == "\n".join(usual)
