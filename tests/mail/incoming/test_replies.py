"""What is new in a reply (MAIL-2): mails that we wrote, as the programs of many countries lay them out."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.mail.incoming import replies

NEW = "It works now.\nThank you"
HEADINGS = [
    "On Mon, Nov 23, 2026 at 10:15 AM Support Desk <desk@care.example> wrote:",
    # Broken by a mail program at its own width, in either place.
    "On Mon, Nov 23, 2026 at 10:15 AM The Support Desk of Care <\ndesk@care.example> wrote:",
    "On Mon, Nov 23, 2026 at 10:15 AM Support Desk <desk@care.example>\nwrote:",
    "On 11/23/2026 10:15 AM, Support wrote:",
    "Am Mo., 23. Nov. 2026 um 10:15 Uhr schrieb Support <desk@care.example>:",
    "Le lun. 23 nov. 2026 à 10:15, Support <desk@care.example> a écrit :",
    "El lun, 23 nov 2026 a las 10:15, Support (<desk@care.example>) escribió:",
    "Em seg., 23 de nov. de 2026 às 10:15, Support <desk@care.example> escreveu:",
    "Il giorno lun 23 nov 2026 alle ore 10:15 Support <desk@care.example> ha scritto:",
    "Op ma 23 nov. 2026 om 10:15 schreef Support <desk@care.example>:",
    "pon., 23 lis 2026 o 10:15 Support <desk@care.example> napisał(a):",
    "пн, 23 нояб. 2026 г. в 10:15, Support <desk@care.example>:",
    "Den mån 23 nov. 2026 kl 10:15 skrev Support <desk@care.example>:",
    "man. 23. nov. 2026 kl. 10.15 skrev Support <desk@care.example>:",
    "po 23. 11. 2026 v 10:15 odesílatel Support <desk@care.example> napsal:",
    "2026年11月23日(月) 10:15 Support <desk@care.example>:",
    "Support <desk@care.example> 于2026年11月23日周一 10:15写道：",
    "2026년 11월 23일 (월) 오전 10:15, Support <desk@care.example>님이 작성:",
    "23 Kas 2026 Pzt 10:15 tarihinde Support <desk@care.example> şunu yazdı:",
    "În lun., 23 nov. 2026 la 10:15, Support <desk@care.example> a scris:",
    "---- On Mon, 23 Nov 2026 10:15:00 +0100 Support <desk@care.example> wrote ----",
    # Outlook, which marks no line as quoted.
    "From: Support <desk@care.example>\nSent: Monday, November 23, 2026 10:15 AM\nTo: Dana\nSubject: Case",
    "________________________________\nVon: Support\nGesendet: Montag, 23. November 2026\nAn: Dana\nBetreff: Case",
    "De : Support <desk@care.example>\nEnvoyé : lundi 23 novembre 2026 10:15\nÀ : Dana\nObjet : Case",
    "*From:* Support\n*Sent:* Monday\n*To:* Dana",
    "Gesendet: Montag, 23. November 2026 um 10:15 Uhr\nVon: Support <desk@care.example>\nAn: Dana\nBetreff: Case",
    "-----Original Message-----\nFrom: Support",
    "-----Ursprüngliche Nachricht-----\nVon: Support",
    "-------- Původní e-mail --------\nOd: Support",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_older_mail_is_cut_with_its_heading(heading: str) -> None:
    """MAIL-2: in every language, whether or not its lines are marked."""
    assert replies.new_text(f"{NEW}\n\n{heading}\n\n> old words\n> and more\n") == NEW
    assert replies.new_text(f"{NEW}\n\n{heading}\n\nold words\nand more\n") == NEW


@pytest.mark.parametrize(
    ("text", "new"),
    [
        # Nothing new at all (FU-5: still the customer's message, but without a text).
        ("", ""),
        ("\n \n", ""),
        ("> old\n> words", ""),
        ("On 23 Nov 2026 at 10:15 Support <desk@care.example> wrote:\n> old words", ""),
        (f"{replies.MARKER}\nCase # 0000000042\n", ""),
        ("-- \nDana Wong", ""),
        # Our own marker, quoted or not, with the heading above it.
        (f"yes\n\n{replies.MARKER}\nour words", "yes"),
        (f"yes\n\n> > {replies.MARKER}\n> > our words", "yes"),
        (f"yes\n\nOn Monday Support <desk@care.example> wrote:\n\n> {replies.MARKER}\n> ours", "yes"),
        # Broken and with other dashes; under a heading in a language that nobody taught us.
        ("yes\n\n> — Please reply\n> above this line —\n> ours", "yes"),
        (f"yes\n\nSupport skrifaði þann 23. nóv. 2026:\n\n> {replies.MARKER}\n> ours", "yes"),
        # Answers between quotes stay, in order.
        ("> Which phone?\n\nThe red one.\n\n> Since when?\n\nMonday.", "The red one.\n\nMonday."),
        ("On 23 Nov 2026 Dana <d@x.example> wrote:\n> Which?\nred\n> When?\nnow", "red\n\nnow"),
        # Signatures, telephones and greetings.
        ("yes\n\n-- \nDana Wong\nNorthwind", "yes"),
        ("yes\n\n--\nDana Wong", "yes"),
        ("yes\n\n_____________\nDana Wong", "yes"),
        ("yes\n\nSent from my iPhone", "yes"),
        ("yes\n\nGet Outlook for iOS<https://example.com>", "yes"),
        ("ja\n\nVon meinem iPhone gesendet", "ja"),
        ("sí\n\nEnviado desde mi iPhone", "sí"),
        ("ja\n\nMed venlig hilsen\nDana", "ja"),
        ("ja\n\nMit freundlichen Grüßen\nDana Wong", "ja"),
        ("yes\n\n-Dana Wong", "yes"),
        # What only looks like one of these stays.
        ("yes\n\nSent from my desk, where it is quiet.", "yes\n\nSent from my desk, where it is quiet."),
        ("Thanks, I will try.\nTake care of /var/log\n/var/log/x is full", None),
        ("- one\n- two\n\n- Three", None),
        ("The log says at 10:15:\nerror 5\n\nPlease help", None),
        ("2026-11-20 10:15 ERROR a\n2026-11-21 10:15 ERROR b", None),
        ("Write to dana@x.example, my new address:\n\nDana", None),
        ("From: the start it failed\nTo: now it fails", None),
        ("-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----", None),
        ("Best regards from Berlin, it works.\nBut one more thing", None),
        ("    indented\n\n\ttabbed", None),
        ("a -- b\n\nc", None),
    ],
)
def test_the_new_text_is_what_the_sender_wrote(text: str, new: str | None) -> None:
    """MAIL-2: no quote, no signature; None where everything is new."""
    assert replies.new_text(text) == (text if new is None else new)


@pytest.mark.parametrize(
    "unit",
    ["On ", "On x wrote ", "> ", "a:\n", "--\n", "From: x\n", "Od: \n", "----- x -----", " ", "\n", "-", "_____\n",
     "2026/1/1 x GMT+", "Sent from my ", "Warning: mail ", "x@y 10:10:\n", "On a@b 10:15 wrote:\n> x\n"],
)  # fmt: skip
def test_no_text_takes_long(unit: str) -> None:
    """MAIL-2a: a million characters made to make a search slow; the library alone takes minutes over some."""
    for size, width in ((1_000_000, 0), (3_900, 280), (300_000, 90)):
        text = unit * (size // len(unit))
        lines = [text[at : at + width] for at in range(0, len(text), width)] if width else [text]
        start = time.process_time()
        replies.new_text("regards wrote: hilsen\n" + "\n".join(lines))
        assert time.process_time() - start < 5


PIECES = [*HEADINGS, replies.MARKER, "yes", "> old", "", "-- ", "--", "Regards,", "Dana", "Hilsen", "_____"]
PIECES += [
    "Sent from my iPhone",
    "- one",
    "-Dana",
    ">",
    "a:",
    "From: x",
    "To: y",
    "On",
    "\t",
    "写道：",
    "Von: x",
    "Od:",
    "> > deeper",
    "Kh",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_nothing_is_invented(pieces: list[str]) -> None:
    """MAIL-2: whatever comes together, each line that is left was there, in its order, and nothing quoted is."""
    text = "\n".join(pieces)
    lines = iter(line.rstrip() for line in text.split("\n"))
    new = replies.new_text(text)
    assert all(line in lines for line in new.split("\n") if line)
    assert not [line for line in new.split("\n") if line.startswith(">") or replies.MARKER in line]


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    """MAIL-2: no text at all makes it fail."""
    assert len(replies.new_text(text)) <= len(text)
