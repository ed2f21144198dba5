"""HTML → one draft, through trafilatura.

The date is the one that the page states in its metadata; dates that could only be inferred (from
a copyright line, the running text, the file) are left out.
"""

from __future__ import annotations

import re

from pipeline.core.pages.articles import clean_body
from pipeline.core.pages.dates import parse_date
from pipeline.core.pages.texts import mend_text
from pipeline.records import Draft

#: Dates up to here are taken. htmldate's own limit is today, which would make results depend on
#: the day of the run.
_LAST_DATE = "2100-12-31"

_SURROGATES = re.compile("[\ud800-\udfff]")


def extract_draft(html: str) -> Draft | None:
    """Extract the article of one HTML page.

    Parameters
    ----------
    html : str
        The decoded page.

    Returns
    -------
    Draft or None
        None where no article is found. Text is untrusted: markup that the page had escaped comes
        out as it reads, so escape it wherever it is shown.
    """
    from trafilatura import bare_extraction

    document = bare_extraction(
        _SURROGATES.sub("\ufffd", html),
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={
            "original_date": True,
            "extensive_search": False,
            "max_date": _LAST_DATE,
        },
    )
    if document is None or isinstance(document, dict) or not (document.text or "").strip():
        return None
    title = _one_line(document.title)
    return Draft(
        kind="article",
        title=title,
        text=clean_body("\n\n".join((document.text or "").split("\n")), title),
        published=parse_date(document.date or ""),
        source=_one_line(document.sitename),
        author=_one_line(document.author),
    )


def _one_line(value: str | None) -> str | None:
    return " ".join(mend_text(value or "").split()) or None
