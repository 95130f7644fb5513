"""How mail programs show, in many languages, that what follows was written before (MAIL-2).

Every pattern is tried on one short line, or on up to three joined ones, so that none can take long.
"""

import re
from typing import Final, NamedTuple

MAX_LINE: Final = 400
"""Longer lines are prose: no mail program writes such a heading."""

_WROTE: Final = re.compile(
    r"\b(?:wrote|writes|said|sent|schrieb|schreibt|escribi[óo]|escreveu|(?:a|à) écrit|ha scritto|scrisse|"
    r"schreef|geschreven|"
    r"skrev|skrifar|kirjoitti|napisał(?:\(a\)|a)?|pisze|nadesłał|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|"
    r"написал[а]?|"
    r"написал\(а\)|пишет|пише|написа|yazdı|şunu yazdı|írta|έγραψε|a scris|je napisa[ol]|kirjutas|rakstīja|"
    r"rašė|quoting|zitat von|citando|citeren|cytowanie)\b|"
    r"\((?:a|а)\)\s*:|写道|寫道|作成|작성|のメール|書きました|wrote",
    re.IGNORECASE,
)
_BEGINS: Final = re.compile(
    r"(?:On|At|In|Am|Den|Le|El|Il|Op|Em|Dnia|W dniu|Dne|Dňa|Pe data|La|Vào|Tarihinde|Στις|Kl|Na|În|Quoting|"
    r"Zitat|Citando|Citeren|Cytowanie|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mié|mer|jeu|jue|ven|vie|sam|dim|sáb|dom|mo|di|mi|do|fr|sa|so|"
    r"man|tir|ons|tor|fre|lør|søn|mån|tis|lör|sön|ma|ti|ke|to|pe|la|su|pon|po|út|st|čt|pá|so|ne|wt|śr|czw|pt|"
    r"sob|niedz|"
    r"пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)[\w.]*,?)\s|"
    r'\d{1,4}[-./年년\s]|["“«<]|\S+@\S+|[^\s:,.!?]+(?:\s+[^\s:,.!?]+){0,5}\s+<|.{1,80}\bvia\b',
    re.IGNORECASE,
)
_DATED: Final = re.compile(r"\d{1,2}[:.h]\s?\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_NAMED: Final = re.compile(r"\S@\S")
_ADDRESS: Final = re.compile(r"[<(][^<>()]{0,200}@[^<>()]{1,200}[>)]")
_CLAUSE: Final = re.compile(r",[^,]{1,80}$")
"""A name after a comma, as in `On ..., Dana wrote:`; in a sentence of one's own there is rarely one."""

_BIDI: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069]")
_OLD_GMAIL: Final = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\b.{0,120}(?:<[^<>\s]+@[^<>\s]+>|GMT[+-]\d\d:?\d\d\b.{0,80})\s*:?\s*$"
)
_ENDS: Final = re.compile(r"[:\uff1a]\s*$")

_FROM: Final = (
    "from|von|de|da|van|od|fra|från|fran|lähettäjä|kimden|feladó|από|expéditeur|remitente|mittente|"
    "отправитель|от|від|"
    "expeditor|nadawca|afzender|差出人|发件人|寄件者|보낸 사람|送信者"
)
_OTHER: Final = (
    "sent|date|to|cc|subject|reply-to|organization|gesendet|datum|an|kopie|betreff|antwort an|envoyé|à|objet|"
    "répondre à|"
    "enviado(?: el)?|fecha|para|asunto|enviada(?: em)?|data|assunto|inviato|a|oggetto|verzonden|aan|onderwerp|"
    "wysłano|do|dw|temat|odesláno|komu|předmět|kopie|sendt|dato|til|emne|kopi|skickat|till|ämne|kopia|"
    "lähetetty|vastaanottaja|päivämäärä|aihe|отправлено|дата|кому|тема|копия|надіслано|gönderildi|tarih|kime|konu|"
    "küldve|címzett|tárgy|εστάλη|προς|θέμα|trimis|către|subiect|送信日時|日時|宛先|件名|发送时间|收件人|主题|抄送|日期|"
    "보낸 날짜|받는 사람|제목|참조"
)
_FROM_FIELD: Final = re.compile(rf"[\s*_>|]{{0,12}}(?:{_FROM})[\s*_]{{0,4}}[:\uff1a]", re.IGNORECASE)
_OTHER_FIELD: Final = re.compile(rf"[\s*_>|]{{0,12}}(?:{_OTHER})[\s*_]{{0,4}}[:\uff1a]", re.IGNORECASE)
_ANY_FIELD: Final = re.compile(r"[\s*_>|]{0,12}[^\W\d_][\w .'-]{0,30}[*_ ]{0,4}[:\uff1a]")
_RULED: Final = re.compile(
    r"[\s>]{0,12}[-\u2010-\u2015_=*]{2,60}\s?([^_=*]{3,200}?)\s?[-\u2010-\u2015_=*]{2,60}\s*$"
)
_ORIGINAL: Final = re.compile(
    r"original|forward|begin forwarded|ursprüngliche|weitergeleitet|transféré|réexpédié|reenviado|reenviada|"
    r"encaminhada|"
    r"inoltrat|oorspronkelijk|doorgestuurd|oryginaln|przekazan|původní|исходное|пересыла|переслан|ursprungligt|"
    r"vidarebefordrat|oprindelig|opprinnelig|videresendt|alkuperäinen|eredeti|iletilen|元のメッセージ|原始邮件|원본",
    re.IGNORECASE,
)
_FORWARDED: Final = re.compile(
    r"(?:begin forwarded message|début du message (?:réexpédié|transféré)|"
    r"anfang der weitergeleiteten (?:nachricht|e-mail)|"
    r"inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht)\s*:?\s*$",
    re.IGNORECASE,
)
RULE: Final = re.compile(r"[\s>]{0,12}(?:[-_=*][ ]?){3,120}\s*$")


def quoted(line: str) -> bool:
    """Whether the line is marked as written before."""
    return line.lstrip(" \t\u200b").startswith(">")


class Attribution(NamedTuple):
    """The heading `On ..., ... wrote:`, from its first line to its last; `sure` where it names a person."""

    start: int
    sure: bool


def attribution(lines: list[str], at: int) -> Attribution | None:
    """The heading that ends on this line; None where none does."""
    end = _bare(lines[at])
    if not end or len(end) > MAX_LINE:
        return None
    if _OLD_GMAIL.match(end):
        return Attribution(at, sure=True)
    return _attribution(lines, at) if _ENDS.search(end) else None


def _attribution(lines: list[str], at: int) -> Attribution | None:
    joined = ""
    for start in range(at, max(at - 3, -1), -1):
        line = _bare(lines[start])
        if not line or quoted(lines[start]) or len(joined) + len(line) > MAX_LINE:
            return None
        joined = f"{line} {joined}" if joined else line
        begins = _BEGINS.match(line) or (start == at and _DATED.search(line) and _ADDRESS.search(line))
        if begins and joined.count(">") <= joined.count("<") and _attributes(joined):
            return Attribution(start, bool(_NAMED.search(joined) or _CLAUSE.search(joined)))
    return None


def _attributes(text: str) -> bool:
    dated, named = bool(_DATED.search(text)), bool(_NAMED.search(text))
    return (dated and named) or ((dated or named) and bool(_WROTE.search(text)))


def _bare(line: str) -> str:
    """The line without the signs by which writing from right to left is arranged."""
    return (line if line.isascii() else _BIDI.sub("", line)).strip()


def heading(lines: list[str], at: int) -> bool:
    """Whether an older mail begins here with a ruled title, or with its headers as Outlook shows them."""
    line = lines[at]
    if len(line) > MAX_LINE or not line.strip():
        return False
    if ruled := _RULED.match(line):
        following = next((later for later in lines[at + 1 : at + 4] if later.strip()), "")[:MAX_LINE]
        known = _ORIGINAL.search(ruled[1]) or _FROM_FIELD.match(following) or _OTHER_FIELD.match(following)
        return bool(known) or _attributes(ruled[1])
    return bool(_FORWARDED.match(line.strip())) or _headers(line, lines[at + 1 : at + 8])


def _headers(line: str, following: list[str]) -> bool:
    """Whether headers begin here: who it is from, and two more, or one more where there is an address."""
    if _FROM_FIELD.match(line):
        return _fields(following) >= (1 if _NAMED.search(line) else 2)
    return (
        bool(_OTHER_FIELD.match(line) and following and _FROM_FIELD.match(following[0]))
        and _fields(following[1:]) >= 1
    )


def _fields(lines: list[str]) -> int:
    """How many of the lines are further headers, up to the first that neither is nor continues one."""
    count = gaps = 0
    for line in lines:
        if len(line) > MAX_LINE:
            break
        if _OTHER_FIELD.match(line):
            count += 1
        elif not line.strip():
            gaps += 1
        elif not _ANY_FIELD.match(line):
            gaps += 2
        if gaps > 2:
            break
    return count
