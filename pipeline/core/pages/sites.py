"""Names of papers, agencies and sites: alone on a line, and at the end of headlines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.core.boilerplate.sections import is_section

_PRESS = re.compile(
    r"(?<![\w-])(?:News|Times|Post|Guardian|Reuters|BBC|CNN|Herald|Daily|Tribune|Journal|Gazette|Press"
    r"|Independent|Telegraph|Observer|Chronicle|Standard|Mail|Mirror|Express|Dispatch|Ledger"
    r"|Courier|Wire|AP|AFP|Sky|Politico|Axios|Al Jazeera|Bloomberg|Magazine|Review|Sentinel|Globe"
    r"|Star|Sun|Today|Weekly|Monitor|Bulletin|Examiner|Register|Inquirer|Record|Voice|World|Echo"
    r"|Argus|Advertiser|Reporter|Hill|Newsweek|Economist|Spectator|Atlantic|Week|Agency|Media"
    r"|Eagle|Sentinel|Beacon|Mercury|Citizen|Republic|Nation|Online|TV|Radio|Network)(?![\w-])"
    r"|(?:News|Times|Post|Star|Dispatch|Daily|Herald|Wire)$|^The \w+$"
    r"|\.(?:com|org|net|info|co\.uk|eu|news)$"
)
#: A site of one word has a capital inside: `CityEcho`.
_ONE_WORD = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+")
_SMALL_WORDS = frozenset(("of", "the", "and", "in", "on", "for", "al", "de", "la", "le"))
_BARS = re.compile(r"\s+(?:\|+|·|•|::|»|›|/|~)\s+")
_DASHES = re.compile(r"\s+(?:[-–—]|:)\s+")

#: A longer line is no headline.
_MAX_TITLE = 400
_MAX_NAME_WORDS = 6
_MIN_HEADLINE_WORDS = 3
_MAX_TAILS = 3


def is_press(line: str) -> bool:
    """Whether a short line names a paper, an agency or a site."""
    return len(line.split()) <= _MAX_NAME_WORDS and _is_named(line) and bool(_PRESS.search(line))


def is_one_word_site(word: str) -> bool:
    """Whether one word reads like a site: `CityEcho`."""
    return _ONE_WORD.fullmatch(word) is not None


def _is_named(text: str) -> bool:
    """Whether all words are capitalised, as in a name."""
    words = text.split()
    return all(not word[0].islower() or word in _SMALL_WORDS or "." in word for word in words)


def common_sites(lines: Sequence[str], notices: Sequence[str] = ()) -> frozenset[str]:
    """Names that at least two different lines of a page end with, parted by a bar or a dash.

    One line is enough for a name that the page's copyright (one of `notices`) gives as well.
    """
    rights = " ".join(notices)
    tails: dict[str, set[str]] = {}
    names = Counter(line for line in lines if 0 < len(line.split()) <= _MAX_NAME_WORDS)
    for line in set(lines):
        if len(line) > _MAX_TITLE:
            continue
        for separator in (_BARS, _DASHES):
            parts = separator.split(line)
            tail = parts[-1].strip()
            head = line[: -len(tail)] if tail else ""
            is_name = 0 < len(tail.split()) <= _MAX_NAME_WORDS and _is_named(tail)
            if len(parts) > 1 and is_name and len(head.split()) > _MIN_HEADLINE_WORDS:
                tails.setdefault(tail, set()).add(line)
    return frozenset(
        tail
        for tail, found in tails.items()
        if tail
        and not tail[0].isdigit()
        and (len(found) > 1 or tail in rights or (names[tail] and is_press(tail)))
    )


def part_site(title: str, sites: frozenset[str] = frozenset()) -> tuple[str, str | None]:
    """Part the site from `Headline | Site`, and from `Headline - Site` where it names a paper.

    Parameters
    ----------
    title : str
        A headline as the page gives it.
    sites : frozenset of str
        Names that several headlines of the page end with; see `common_sites`.

    Returns
    -------
    tuple of (str, str or None)
        Headline and site.
    """
    if len(title) > _MAX_TITLE:
        return title, None
    for site in sites:
        head = title.removesuffix(site)
        bare = head.rstrip().rstrip("|·•:»›/~–—-").rstrip()
        if head != title and len(bare) < len(head.rstrip()) and len(bare.split()) > 1:
            return bare, site
    parts = [part.strip() for part in _BARS.split(title) if part.strip()]
    if len(parts) > 1:
        best = max(range(len(parts)), key=lambda k: len(parts[k]))
        return parts[best], parts[-1] if best < len(parts) - 1 else None
    return _without_tails(title)


def _without_tails(title: str) -> tuple[str, str | None]:
    """Take ` - Site`, ` – Site – Section` from the end of a headline."""
    rest, source = title, None
    for _ in range(_MAX_TAILS):
        head, dash, tail = max(
            (rest.rpartition(dash) for dash in (" - ", " – ", " — ", " : ")),
            key=lambda parts: len(parts[0]),
        )
        is_tail = _is_site(tail) or (is_section(tail) and source is None)
        if not dash or len(head.split()) <= _MIN_HEADLINE_WORDS or not is_tail:
            break
        rest = head.strip()
        source = tail.strip() if _is_site(tail) and not is_section(tail) else source
    if source is None:
        return title.strip(" |") or title, None
    return rest, source


def _is_site(tail: str) -> bool:
    n_words = len(tail.split())
    is_known = is_press(tail) or tail.startswith("The ") or is_one_word_site(tail)
    return 0 < n_words <= 4 and _is_named(tail) and is_known
