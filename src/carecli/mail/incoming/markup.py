"""HTML as a person would have typed it: markdownify's walk, without the signs that Markdown needs."""

from collections.abc import Collection

from bs4.element import Tag
from markdownify import MarkdownConverter


class PlainText(MarkdownConverter):
    """Words, lines, lists and quotes; no emphasis, no pictures, no tables drawn."""

    def _as_it_is(self, _tag: Tag, text: str, parent_tags: Collection[str]) -> str:  # noqa: ARG002
        return text

    convert_b = convert_strong = convert_em = convert_i = convert_code = convert_del = convert_s = _as_it_is
    convert_kbd = convert_samp = convert_sub = convert_sup = convert_tbody = convert_thead = _as_it_is

    def convert_a(self, tag: Tag, text: str, parent_tags: Collection[str]) -> str:  # noqa: ARG002
        """A link by its words, with its address where they do not tell it."""
        address = str(tag.get("href") or "")
        if not address.startswith(("http://", "https://")) or address in text:
            return text
        return f"{text} <{address}>" if text.strip() else address

    def convert_br(self, _tag: Tag, _text: str, parent_tags: Collection[str]) -> str:  # noqa: ARG002
        """The end of a line."""
        return "\n"

    def convert_img(self, _tag: Tag, _text: str, parent_tags: Collection[str]) -> str:  # noqa: ARG002
        """No picture."""
        return ""

    def convert_hN(self, _level: int, _tag: Tag, text: str, parent_tags: Collection[str]) -> str:  # noqa: ARG002, N802
        """A heading as a paragraph of its own."""
        return f"\n\n{text.strip()}\n\n"

    def convert_pre(self, _tag: Tag, text: str, parent_tags: Collection[str]) -> str:  # noqa: ARG002
        """Text with its own blanks and lines."""
        return f"\n\n{text}\n\n"

    def convert_td(self, _tag: Tag, text: str, parent_tags: Collection[str]) -> str:  # noqa: ARG002
        """A cell in its row."""
        return f"{text.strip()} "

    convert_th = convert_td

    def convert_tr(self, _tag: Tag, text: str, parent_tags: Collection[str]) -> str:  # noqa: ARG002
        """A row as a line."""
        return f"{text.rstrip()}\n"

    def convert_table(self, _tag: Tag, text: str, parent_tags: Collection[str]) -> str:  # noqa: ARG002
        """A table as its lines."""
        return f"\n\n{text.strip()}\n\n"
