"""Who wrote the story, told below it: biographies of authors."""

from __future__ import annotations

import re

_NAME = (
    r"[A-ZÀ-ÞŁŚŞİČŠŽ][\w.'’-]+(?: (?:[A-ZÀ-ÞŁŚŞİČŠŽ][\w.'’-]*|de|van|von|al|bin|el|di|da|der)){1,4}"
)
_VERB = (
    r"(?:(?:currently |also |now |previously |has (?:been |also |previously )?)*(?:is|was|has been"
    r"|writes"
    r"|written|reports?|reported|covers|covered|works|worked|joined|leads|edits|lives|teaches"
    r"|serves|heads|hosts|contributes|specialises|specializes|focuses|spent|studied|graduated))"
)
_BIO = re.compile(
    rf"(?:About the author:?\s*)?(?P<name>{_NAME})(?:,[^,.]{{3,80}},)? (?:who )?(?P<verb>{_VERB})\b"
)
#: `Ann Lee, data reporter`, `Ann Lee — Political editor, Daily Post`: a name and what it does.
_ROLE_LINE = re.compile(rf"(?P<name>{_NAME})\s*[,|–—-]\s*(?P<role>[^.!?:]{{3,60}})")
_JOBS = (
    r"(?:reporters?|correspondents?|editors?|columnists?|journalists?|writers?|photographers?"
    r"|producers?|contributors?|commentators?|bureau chief|newsroom|news ?desk|desk)"
)
_PLACE = (
    r"(?:,? (?:(?:in|at|for|of|on|and|-|–|\|) )?(?:the )?(?-i:[A-Z])[\w.'’-]+"
    r"(?: (?-i:[A-Z])[\w.'’-]+){0,3})?"
)
_ROLE_ONLY = re.compile(
    r"(?:(?-i:[A-Z])[\w.'’&-]+ |our |chief |senior |junior |deputy |staff |special |foreign |world "
    r"|assistant |associate |data |editor-at-|and |of |at |in |for |the (?=.*\bdesk)|affairs "
    r"|live |by "
    r"|politics |political |economics |economy |business |finance |diplomatic |defen[cs]e "
    r"|security "
    r"|environment |health |science |education |crime |legal |home |technology |arts |culture "
    r"|sports? "
    r"|consumer |transport |royal |religion |media |energy |climate |investigations? |features "
    r"|digital |news |opinion |europe |asia |africa |middle |east |city |night ){0,6}"
    rf"{_JOBS}{_PLACE}",
    re.IGNORECASE,
)
#: The same behind a name, where any word may say what is covered.
_ROLE_NAMED = re.compile(rf"(?:[\w&'’-]+ ){{0,6}}{_JOBS}{_PLACE}", re.IGNORECASE)
_WORK = re.compile(
    r"\b(?:reporter|correspondent|editor|columnist|journalist|writer|writes|author|covers|covering"
    r"|covered"
    r"|freelance|contributor|contributing|fellow|professor|lecturer|analyst|bureau|based in|reports"
    r"|reporting|newsroom|desk|staff|producer|photographer|twitter|e-?mail|novelist|historian"
    r"|podcast)\b",
    re.IGNORECASE,
)
#: What a person of the story does; an author's biography says no such thing.
_ACTS = re.compile(
    r"\b(?:said|says|told|tells|added|argued|argues|stated|declined|called|warned|asked|announced"
    r"|think"
    r"|thinks|believes?|according|tweeted|testified|wrote in|wrote on|had been|accused|charged"
    r"|arrested"
    r"|killed|wounded|injured|detained|jailed|died|sentenced|resigned|voted|(?:reports?|writes?"
    r"|reported) that)\b|[“”\"]"
)
_MAX_WORDS = 90
_MAX_OFFICE_WORDS = 14


def is_bio(line: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether a last line of an article tells who its author is.

    Parameters
    ----------
    line : str
        The line.
    names : frozenset of str
        Authors that the article names elsewhere; what tells of one of them needs less evidence.
    """
    if len(line.split()) > _MAX_WORDS:
        return False
    match = _BIO.match(line)
    if match is None:
        return is_office(line)
    if match["name"] in names:
        return True
    return bool(_WORK.search(line, match.start("verb"))) and not _ACTS.search(line)


def is_office(line: str) -> bool:
    """Whether a line is a name with its office: `Ann Lee, economics editor`."""
    match = _ROLE_LINE.fullmatch(line) if len(line.split()) <= _MAX_OFFICE_WORDS else None
    return match is not None and _ROLE_NAMED.fullmatch(match["role"]) is not None


def is_role(line: str) -> bool:
    """Whether a short line is nothing but an author's office: `Political correspondent`."""
    return len(line.split()) <= 9 and _ROLE_ONLY.fullmatch(line.strip(" ,-–—|")) is not None
