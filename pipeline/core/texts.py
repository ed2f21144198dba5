"""Bytes → clean text → lines: decoding, mending, and what counts as a word.

Line breaks are LF, CR LF and CR, and nothing else: Unicode has further separators, which
occur inside sentences of scraped text and would shift every line number after them.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from dataclasses import dataclass

# Longest sample that the guess of an encoding looks at: more costs time and changes nothing.
_SAMPLE_BYTES = 200_000

# Beyond this share of NUL or control bytes, a file is no text. A stray NUL in a long page is
# stripped instead.
_MAX_CONTROL_SHARE = 0.01

_MAGIC = (
    b"\x89PNG",
    b"%PDF-",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x7fELF",
    b"PAR1",
    b"SQLite format 3",
)
# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Pages that declare these mean the larger set, as browsers read them.
_WEB_NAMES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}
_CONTROLS = bytes(sorted(set(range(32)) - {9, 10, 12, 13, 27}))
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})"""
    rb"""|^\s*<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)

_SPACES = re.compile(
    "[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\x0b\x0c\x1c-\x1f\x85\t]"
)
# Controls, soft hyphens, zero-width and bidirectional marks, tags: invisible, and enough to hide
# a copy from its original.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Joiners shape letters in Arabic and Indic scripts and hold emoji together; elsewhere they hide.
_STRAY_JOINER = re.compile(
    "(?<![\u0600-\u1cff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z]{2,8});")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SEPARATORS = re.compile("[\x0b\x0c\x1c-\x1f\u2028\u2029]")
_ANSI = re.compile("\x1b\\[[0-9;?]*[ -/]*[@-~]")

# Scripts that write no spaces: each letter counts as a word.
_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f]|[^\\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f]+"
)


class UnreadablePage(ValueError):
    """A page that cannot become text; `code` is the one of its `Rejected` row."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, with LF as line breaks, and what had to be guessed to read it."""

    text: str
    notes: tuple[str, ...] = ()


def decode_page(content: bytes) -> str:
    """Give the text of a page alone; see `decode_noted`."""
    return decode_noted(content).text


def decode_noted(content: bytes) -> Decoded:
    """Turn the bytes of a page into text.

    A byte-order mark decides; then UTF-8, then what HTML or XML declares, then a guess, which is
    noted. A few broken bytes in UTF-8 (a page cut off inside a letter) become U+FFFD.

    Returns
    -------
    Decoded
        Text as it was, not mended; line breaks are all LF.

    Raises
    ------
    UnreadablePage
        `empty`: nothing but white space; `not_text`: binary; `encoding`: no encoding fits.
    """
    if not content.strip():
        raise UnreadablePage("empty", "nothing but white space")
    text, guess = _decode(content)
    if not text.strip("\ufeff\x00 \t\r\n"):
        raise UnreadablePage("empty", "nothing but white space")
    notes = (f"decoded as {guess} (a guess)",) if guess else ()
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), notes)


def _decode(content: bytes) -> tuple[str, str | None]:
    """Text, and the encoding if it had to be guessed."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), None
    if content.startswith(_MAGIC):
        raise UnreadablePage("not_text", "the file is binary, whatever its name says")
    sample = content[:_SAMPLE_BYTES]
    wide = _wide_encoding(sample)
    if wide:
        return content.decode(wide, errors="replace"), wide
    n_controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if n_controls > _MAX_CONTROL_SHARE * len(sample):
        raise UnreadablePage("not_text", f"{n_controls} control bytes in {len(sample)}: binary")
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError:
        return _decode_foreign(content)


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a mark: most of every other byte is NUL."""
    half = len(sample) // 2
    if half and sample[1::2].count(0) > 0.7 * half and sample[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if half and sample[::2].count(0) > 0.7 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _decode_foreign(content: bytes) -> tuple[str, str | None]:
    declared = _DECLARED.search(content[:4096])
    if declared:
        try:
            name = (declared[1] or declared[2]).decode("ascii")
            return content.decode(_WEB_NAMES.get(name.lower(), name)), None
        except (LookupError, UnicodeDecodeError):
            pass
    text = content.decode("utf-8", errors="replace")
    n_broken = text.count("\ufffd")
    n_foreign = sum(1 for char in text if char > "\x7f") - n_broken
    if n_broken <= n_foreign // 50 + (n_foreign > 0):
        return text, None
    guess = _guess_encoding(content)
    return content.decode(guess, errors="replace"), guess


def _guess_encoding(content: bytes) -> str:
    sample = content[:_SAMPLE_BYTES]
    if sum(byte > 127 for byte in sample) < 0.05 * len(sample):
        # Western text with the odd curly quote or accent: too little for any statistics.
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None:
        raise UnreadablePage("encoding", "no known encoding fits; save the page as UTF-8")
    # Several code pages may fit a short text; of those that read the same, the commonest.
    same = sample.decode("cp1252", errors="replace") == str(best)
    return "cp1252" if same else best.encoding


def mend_text(text: str) -> str:
    """Mend what scraping breaks: mojibake, invisible characters, odd spaces, lone surrogates.

    Markup stays as it is written (`&lt;b&gt;` is not turned into a tag), quotes keep their shape,
    and the number of lines never changes. Mending twice is mending once.
    """
    if _is_plain(text):
        return text
    return "\n".join(_mend_line(line) for line in text.split("\n"))


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "&" not in text


def _without_entities(line: str) -> str:
    """Write out what scraping left escaped (`&#8217;`, `&amp;`); angle brackets stay escaped."""
    return _ENTITY.sub(lambda match: _unescaped(match[0]), line) if "&" in line else line


def _unescaped(entity: str) -> str:
    text = html.unescape(entity)
    is_shown = text.isprintable() or text == "\xa0"
    return text if is_shown and text not in "<>" else entity


def _mend_line(line: str) -> str:
    if _is_plain(line):
        return line
    for _ in range(3):  # a mended line may show a second layer; three layers have not been seen
        mended = _mend_once(line)
        if mended == line:
            break
        line = mended
    return line


def _mend_once(line: str) -> str:
    import ftfy

    # Separators first: ftfy would drop them and join the words on both sides.
    line = _without_entities(line)
    line = _SEPARATORS.sub(" ", _SURROGATE.sub("\ufffd", _ANSI.sub("", line)))
    if not line.isascii():
        line = ftfy.fix_text(
            line,
            unescape_html=False,
            uncurl_quotes=False,
            fix_latin_ligatures=False,
            fix_character_width=False,
            fix_line_breaks=False,
        )
    line = _STRAY_JOINER.sub("", _INVISIBLE.sub("", _SPACES.sub(" ", line)))
    # ftfy may hand out a line break of its own; a line stays a line.
    return line.replace("\r", " ").replace("\n", " ")


def split_lines(text: str) -> list[str]:
    """Mended lines without white space at their ends; a blank line is an empty string."""
    return [" ".join(line.split()) for line in mend_text(text).split("\n")]


def words_of(text: str) -> list[str]:
    """Words of `text`, folded for comparison; letters of scripts without spaces count singly."""
    if text.isascii():
        return _WORD.findall(text.lower())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _WORD.findall(folded)


def comparable(text: str) -> str:
    """Words of `text` joined by single spaces: equal for texts that read the same."""
    return " ".join(words_of(text))
