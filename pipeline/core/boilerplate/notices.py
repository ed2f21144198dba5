"""Sentences that a site says of itself: advertising, consent, rights, credits, authors.

As in `buttons`, patterns match a whole line without the ornaments around it. Those of `WITHIN` may
match anywhere in a line without quotation marks.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.core.boilerplate.invitations import NAME

_AD = (
    r"(?:advertise?ments?|adverts?|ads?|advertising|publicit[ée]|anzeige|werbung|publicidad|реклама"
    r"|publicidade|annonce|annons|pubblicità|reklama|reklame|iklan|reclame)"
)
_STORY = r"(?:story|article|content|post|text|video|report|page|news|coverage|reading)"

NOTICES: Mapping[str, tuple[str, ...]] = {
    "copyright": (
        r"(?:copyright\s*)?©.*",
        r"\(c\)\s*(?:19|20)\d\d.*",
        r"(?:content )?copyright\s*(?:\(c\)|©|by\b|(?:19|20)\d\d).*",
        r"copyright",
        r"[^.]{0,80}\ball rights? reserved\b.{0,160}",
        r"(?:all |this |the )?(?:content|contents|material|text|articles?|photos?|images?|works?)\b"
        r"[^.]{0,60}\b(?:property of|belongs? to|protected by|owned by|copyright(?:ed)?"
        r"|may not be (?:published|reproduced|copied|used))\b.{0,160}",
        r"(?:any |no |full |partial )?(?:reproduction|republication|re-?use|redistribution"
        r"|reprinting"
        r"|copying|unauthori[sz]ed (?:use|reproduction|distribution))\b[^.]{0,80}\b(?:permission"
        r"|prohibited|forbidden|consent|licen[cs]e|allowed|not permitted)\b.{0,120}",
        r"(?:[\w.&' -]{2,40}|we) (?:is|are) not responsible for the content of external.{0,80}"
        r"|read about our approach to external linking",
        r"(?:with the exception of [^,]{1,60}, )?(?:this|the) (?:story|article|report|copy|feed"
        r"|content|translation)"
        r" (?:has|have|was) (?:not )?been (?:edited|auto\w*|machine|generated|created|published"
        r"|produced|"
        r"taken|sourced)\b.{0,160}\b(?:staff|team|feed|auto\w*|syndicat\w+|wire|agenc\w+|generated"
        r"|translated)\b.{0,80}",
        r"(?:the )?(?:views?|opinions?)(?: and (?:views?|opinions?))? expressed\b.{0,60}"
        r"\b(?:author|writer|columnist|contributor|own|personal|do not|not necessarily"
        r"|those of)\b.{0,200}",
        r"our (?:editorial )?standards\s*:.{1,100}|the thomson reuters trust principles.{0,40}"
        r"|market data (?:provided|delayed|by)\b.{0,120}|quotes (?:displayed|delayed)\b.{0,120}"
        r"|(?:legal )?disclaimer\s*:.{1,240}|terms of use,? privacy policy.{0,60}",
    ),
    "advertisement": (
        rf"{_AD}(?: {_AD})?|{_AD}[\s:|./–—-]+(?:scroll|continues?|please|story|article|skip|your"
        rf"|remove"
        r"|keep|content|feature|break|choices|feedback|loading|\d+ (?:of|/) \d+|ends?"
        r"|by|from|below|above|hide|this)\b.{0,60}",
        rf"(?:loading|remove|removing|hide|close|skip|report|mute|stop|about|why|end of|start of"
        rf"|more|your"
        rf"|disable|turn off|third[- ]party|go|without|no)(?: (?:this|these|the|an?|all|seeing"
        rf"|your))*(?: {_AD})\b.{{0,40}}",
        r"why am i seeing (?:this|these)\b.{0,20}|learn more about ads.{0,20}"
        r"|this (?:is an ad|ad(?:vert\w*)? (?:has|will|is|was)\b).{0,40}"
        r"|we(?:'re| are)? noticed? .{0,20}ad ?block.{0,120}|(?:please )?(?:disable|turn off"
        r"|pause) your ad ?block.{0,100}",
        rf"(?:the |this |your )?{_STORY} (?:continues|resumes)(?: (?:below|after|following|in))?"
        rf"(?: (?:this|the|our|an?|these))*(?: {_AD}| sponsor\w*| message| promo\w*| video"
        rf"| break)?",
        r"(?:continue|keep|carry on) (?:reading|scrolling|watching)(?: the main story)?"
        r" ?(?:below|after"
        rf"|the main story|past)(?: (?:this|the))?(?: {_AD})?",
        r"(?:keep scrolling|scroll(?: down)?|swipe) (?:down )?(?:for|to) (?:continue|read|see|more"
        r"|the rest|keep).{0,40}",
        r"(?:sponsored|promoted|paid|partner|branded|affiliate|commercial|advertorial|native)"
        r"(?: (?:content|posts?|stor(?:y|ies)|features?|articles?|links?|message|partnership"
        r"|promotion|programme|program|section|by sponsor))?",
        r"(?:sponsored|promoted|partner|paid for|paid (?=content|post|stor)|presented"
        r"|brought to you"
        r"|ad|advert\w*|offered|funded|produced|created)(?: (?:content|stories|posts?|links?"
        r"|promotion))?"
        rf" (?:by|from|for|with)(?: our (?:partners?|sponsors?))?(?: {NAME})?",
        r"supported by|powered by (?-i:[A-Z])[\w.]+",
        rf"(?:paid|in|commercial) (?:partnership|association|collaboration) with {NAME}",
        r"advertorial|from our advertisers|partner offers?|our (?:partners|sponsors)"
        r"|shop(?:ping)? (?:the"
        r" (?:story|look|best deals)|now)|(?:best |top |today's )deals|special offers?"
        r"|limited[ -]time offer|(?:when you|if you) (?:buy|click|purchase|make a"
        r" purchase)\b.{0,120}\b(?:commission|affiliate)\b"
        r".{0,60}|(?:we|this (?:article|page|story)|[\w ]{2,30}) (?:may|might|will)? ?(?:earn|get"
        r"|receive|contains?)\b.{0,40}\b(?:affiliate|commission)\b.{0,100}",
    ),
    "cookies": (
        r"by (?:continuing|using|clicking|browsing|closing"
        r"|scrolling)\b.{0,200}\bcookies?\b.{0,120}",
        r"(?:accept|reject|allow|agree(?: to)?|deny|refuse|decline|consent(?: to)?|enable|disable)"
        r"(?: (?:all|our|the|these|selected|only|and|&|non-?|essential|necessary|required|optional"
        r"|cookies?|continue|close|proceed|exit|everything|terms|button|strictly|marketing"
        r"|analytics))*",
        r"(?:i|yes,? i|no,? i) (?:agree|accept|consent|do not (?:agree|accept|consent)|decline"
        r"|understand)"
        r"(?: to .{1,40})?|do not (?:consent|accept|agree)|got it|ok(?:ay)?(?:,? got it)?|agreed"
        r"|(?:yes,? )?i'm (?:ok|happy|fine) with (?:that|this|cookies)|no,? thanks?|not now"
        r"|maybe later|remind me later",
        r"(?:manage|change|customi[sz]e|review|set|adjust|update|view|show|edit|see|save|confirm"
        r"|my|your"
        r"|more|cookie|consent|privacy)(?: (?:my|your|our|the|all|cookie|privacy|data|consent|ad"
        r"|&|and|exit|manage))* (?:choices?|options|preferences?|settings|consents?|partners"
        r"|purposes|vendors|details|exit|close|policy|notice|banner|manager)",
        r"customi[sz]e|preferences|(?:only )?(?:strictly )?(?:necessary|essential|required"
        r"|functional|performance|marketing|targeting|analytics|statistics)(?: (?:cookies?|only))+"
        r"|continue (?:without (?:accepting|agreeing|consent\w*)|to (?:the )?site"
        r"|with .{1,40}cookies?.{0,20})"
        r"|(?:more|further) information|legitimate interests?|(?:always active|toggle all)",
        r"(?:we|{SITE}) (?:care (?:about|for)|values?|respects?|takes? care of|protects?|takes?)"
        r" (?:about )?(?:your|the) (?:privacy|data|personal data)\b[^.]{0,120}",
        r"(?:your|you|our|the) (?:privacy|data|consent|personal data)(?: and .{1,20})?"
        r"(?: (?:matters?|is important|is our|comes first|is safe|choices|options|settings|control"
        r"|counts)|,? your (?:choice|control|rights?|way))\b.{0,120}",
        r"we and (?:our )?(?:up to |selected |trusted |third[- ]party )*(?:\d[\d,]* )?(?:\w+"
        r" )?partners?\b.{0,400}",
        r"(?:to|before|in order to) (?:show|see|view|display|load|watch|access|play|continue"
        r"|give)\b[^.]{0,80}\b(?:permission|consent|cookies?|accept|privacy|enable|tracking"
        r"|third[- ]party)\b.{0,200}",
        r"(?:this (?:article|page|content|post|embed|video)|the"
        r" following)\b[^.]{0,60}\b(?:provided by"
        r"|hosted by|from a third|third[- ]party|may (?:set|use|load|collect))\b[^.]{0,120}"
        r"(?:\.? ?.{0,40}\b(?:permission|cookies?|consent|technolog\w+|loaded)\b.{0,200})?",
        r"(?:do you )?allow {SITE} content\??|accept (?:the )?(?:cookies|terms) (?:and|to"
        r"|&) .{1,40}"
        r"|you(?: may want to| can| should)? (?:read|review|see) .{0,60}(?:cookie|privacy)"
        r" policy\b.{0,120}|(?:click|tap|press) .{1,30}\b(?:accept|agree|allow|consent)\b.{0,160}"
        r"|(?:read|see|view|visit|check|review) our (?:cookie|privacy|data) .{1,60}"
        r"|(?:you can|you may) (?:change|withdraw|manage|update|opt[ -]out|review|revoke)\b.{0,60}"
        r"\b(?:choices?|consent|settings|preferences|cookies?|mind|time|privacy)\b.{0,120}",
    ),
    "credit": (
        r"(?:additional )?(?:report(?:ing|ed)|writing|editing|edited|compiled|translated"
        r"|translation|research(?:ed)?|production|produced|fact[- ]check(?:ed|ing)|graphics?|video"
        r"|photograph(?:y|s)|written|interview(?:ed)?|illustrations?|data|design(?:ed)?)"
        r"(?:(?:,? (?:and|&) |, )(?:additional )?\w+){0,3} by:? (?-i:[A-Z]).{1,240}",
        r"(?:additional )?(?:reporting|writing|editing|reporters?|editors?"
        r"|producers?)(?: and \w+)?: ?(?-i:[A-Z]).{1,160}",
        r"(?:with |additional )(?:reporting|files|inputs?|agenc(?:y|ies)|contributions?|material"
        r"|wire reports|assistance|additional reporting)(?: (?:from|by|of))?\b.{0,120}",
        r"[^.]{3,200}\bcontributed (?:to (?:this|the) (?:\w+ )?(?:report|story|article|piece|post"
        r"|dispatch)\b|(?:additional )?(?:reporting|research|writing)\b).{0,80}",
        r"this (?:article|story|report|post|piece|column|essay|interview)(?: \w+)?"
        r" (?:was|is|has been|first|originally) (?:\w+ )?(?:first |originally |also "
        r"|re)?(?:published|appeared"
        r"|posted|printed|republished|produced|syndicated|adapted|provided|supplied)\b.{0,200}",
        r"(?:(?-i:[A-Z])[\w.'-]+,? (?:and )?){2,9}(?:also )?(?:reported|reports|reporting) from"
        r" (?:(?-i:[A-Z])[\w.'-]+,? ?(?:and )?){1,5}",
        r"(?:originally|first) (?:published|appeared|posted)\b.{0,120}"
        r"|(?:republished|reproduced|reprinted|used) (?:with|by|under|from)\b.{0,100}",
        r"(?:hosted|narrated|presented|voiced|read) by (?:(?-i:[A-Z])[\w.'-]+ ?){2,4}"
        r"|disclosure statement",
        r"(?:this|the) (?:report|story|article) (?:includes|contains|uses|draws on|used"
        r"|incorporates) (?:\w+ )?(?:material|reporting|information|content|wire|copy)\b.{0,100}",
        r"reporting from (?:(?-i:[A-Z])[\w.'-]+,? ?){1,4}|(?:via|from): (?:the )?original"
        r" (?:source|article|post)",
        r"with (?:the )?(?-i:AP|AFP|Reuters|Associated Press|DPA|PA)|with agenc(?:y|ies)"
        r"|(?:source|from)s?: ?(?:news )?agencies|(?:news )?agencies"
        r"|(?:\w+ )?staff (?:and (?:\w+ )?agencies"
        r"|report|reports|writers?|reporters?)|wire (?:reports?|services?)",
    ),
    "author_bio": (
        r"why you can trust .{1,40}|bring your story to us|.{0,40}\byour feedback"
        r"|.{0,30}\bthis ad to you\?|did you (?:encounter|have) any .{1,40}\?",
        r"(?:you can )?(?:follow|contact|reach|e-?mail|message|write to) (?:him|her|them|me|us|@\w+"
        r"|the (?:author|writer|reporter)s?|(?-i:[A-Z])[\w.'-]+(?: (?-i:[A-Z])[\w.'-]+){0,3})"
        r"(?: (?:on|at|via|by|through)|:|,| @).{1,100}",
        r"about the (?:authors?|writers?|reporters?)|(?:the )?authors?|author(?:'s)? bio(?:graphy)?"
        r"|(?:view|see|read|more|all)(?: all)? (?:posts?|articles?|stories|by"
        r"|from)(?: (?:by|from))? (?:this author|(?-i:[A-Z])[\w.'-]+(?: (?-i:[A-Z])[\w.'-]+){1,3})",
        r"(?:got|have|do you have)(?: an?| any)? (?:news |confidential )?(?:tip|story|question"
        r"|comment|information|something)s?\b.{0,140}",
        r"(?:e-?mail|contact|tel|phone|twitter|x)\s*:\s*\S+(?: .{0,40})?|[\w.+-]+@[\w-]+\.[\w.]+"
        r"|@\w{2,30}",
        r"(?:have you|are you|were you|do you|what are your)\b[^?]{3,100}\? (?:.{0,20})?(?:get in"
        r" touch|e-?mail|contact|tell us|let us know|send us|write to|share your|call)\b.{0,160}",
        r"(?:(?-i:[A-Z])[\w.'-]+ ){1,3}[\w.+-]+@[\w-]+\.[\w.]+",
        r"(?:he|she|they|the author|the writer) (?:can be (?:reached|contacted|followed)"
        r"|tweets?)\b.{1,80}",
    ),
}
#: Written into the patterns above where they say `{SITE}`.
SITE = r"(?:the )?(?-i:[A-Z])[\w.&'’-]*(?: (?-i:[A-Z])[\w.&'’-]*){0,3}"

#: Searched in lines without quotation marks: what says `cookies` and speaks to the reader.
WITHIN: Mapping[str, tuple[str, ...]] = {
    "cookies": (
        r"\b(?:we|this (?:web ?)?site|this page|our (?:web ?)?site|(?:web)?site|(?-i:[A-Z]\w+))"
        r" (?:and (?:our|its) (?:\d+ )?partners )?(?:may |also |only )?(?:uses?|sets?|stores?"
        r"|places?|need)\b[^.]{0,60}\bcookies\b",
        r"\bby (?:continuing|using|clicking|browsing|closing|scrolling"
        r"|accepting)\b.{0,200}\bcookies?\b",
        r"\b(?:accept|reject|manage|allow|disable|enable|load|delete|our use of|consent to"
        r"|agree to|set)(?: (?:all|our|the|these|necessary|essential|optional|and similar|use of"
        r"|other))* cookies?\b"
        r"[^.]{0,120}\b(?:we|our|you|your|us|continue|settings|experience|site)\b",
        r"\b(?:we|our|you|your|us|permission)\b[^.]{0,80}\b(?:accept|reject|manage|allow|disable"
        r"|enable|load"
        r"|delete|consent to|agree to|set|use|use of|store)(?: (?:all|our|the|these|necessary|of"
        r"|other|some|third[- ]party|and similar))* cookies?\b",
        r"\bcookies? (?:policy|settings|preferences|notice|consent|banner)\b",
    ),
}
