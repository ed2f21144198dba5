"""Names of the months, as dates write them, in the languages that scrapes come in."""

from __future__ import annotations

from collections.abc import Mapping

_NAMES = (
    # English first: its short forms are the commonest.
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada "
    "grudnia",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "януари февруари март април май юни юли август септември октомври ноември декември",
    "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
)
_OTHERS = {"sept": 9, "setiembre": 9, "sierpien": 8, "फ़रवरी": 2, "सितम्बर": 9, "июн": 6, "июл": 7}

#: Name in small letters → number of the month, 1 to 12.
MONTHS: Mapping[str, int] = {
    name: number for names in _NAMES for number, name in enumerate(names.split(), start=1)
} | _OTHERS

#: Matches any of them, with or without the full stop of a short form.
MONTH_PATTERN = "(?:" + "|".join(sorted(MONTHS, key=lambda name: (-len(name), name))) + r")\.?"


def month_number(name: str) -> int:
    """Give the number, 1 to 12, of a name that `MONTH_PATTERN` matched."""
    return MONTHS[name.rstrip(".").casefold()]
