"""Lines of web pages that lead to other stories, in languages other than English.

The common cleaner (`cleaning`) knows the English ones; these are taken from pages of HTML alone,
where such a line is an element of its own.
"""

from __future__ import annotations

import re

#: What comes before a colon or an arrow and the headline of another story.
_POINTERS = (
    r"lea|leer|lee|vea|ver|mira|mire|lea (?:tambi[eé]n|m[aá]s|adem[aá]s)",
    r"(?:te|le) puede interesar|puedes? (?:ver|leer)|vea (?:tambi[eé]n|adem[aá]s)",
    r"mir[ae] tambi[eé]n|veja (?:tamb[eé]m|mais)|leia (?:tamb[eé]m|mais)",
    r"(?:à )?lire (?:aussi|[eé]galement)|voir aussi|leggi anche",
    r"lesen sie (?:auch|hier|dazu)|lies auch|auch interessant|mehr (?:zum thema|dazu)",
    r"zum weiterlesen|czytaj (?:te[zż]|tak[zż]e|r[oó]wnie[zż]|wi[eę]cej)",
    r"zobacz (?:te[zż]|tak[zż]e|r[oó]wnie[zż])|lees ook|l[aä]s (?:ocks[aå]|mer)|les ogs[aå]",
    r"l[aæ]s ogs[aå]|lue my[oö]s|читайте также|читайте також|смотрите также|прочетете още",
    r"ayrıca okuyun|baca juga|simak juga",
)
#: What stands alone above links.
_HEADINGS = (
    r"(?:te|le) puede interesar|contenido relacionado|notas relacionadas|noticias relacionadas",
    r"(?:à )?lire aussi|czytaj (?:te[zż]|tak[zż]e)|auch interessant|mehr zum thema",
    r"leia tamb[eé]m|leggi anche|читайте также|baca juga",
)
_RELATED = re.compile(
    rf"(?:{'|'.join(_POINTERS)})\s*[:|»>→–-]+\s*\S.{{0,300}}|{'|'.join(_HEADINGS)}",
    re.IGNORECASE,
)


def is_pointer(line: str) -> bool:
    """Whether a line does nothing but lead to other stories (`Lea también: …`, `Lire aussi`)."""
    return _RELATED.fullmatch(line.strip()) is not None
