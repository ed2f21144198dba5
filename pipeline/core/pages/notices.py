"""Sentences that a site says of itself: advertising, consent, newsletters, subscriptions, rights.

As in `buttons`, patterns match a whole line without the ornaments around it. Those of `WITHIN` may
match anywhere in a line without quotation marks.
"""

from __future__ import annotations

from collections.abc import Mapping

_AD = (
    r"(?:advertise?ments?|adverts?|ads?|advertising|publicit[ée]|anzeige|werbung|publicidad|реклама"
    r"|publicidade|annonce|annons|pubblicità|reklama|reklame|iklan|reclame)"
)
_STORY = r"(?:story|article|content|post|text|video|report|page|news|coverage|reading)"
_NAME = r"(?:(?-i:[A-Z0-9])[\w.&'’+-]*)(?:(?: & | and | of | the | )(?-i:[A-Z0-9])[\w.&'’+-]*){0,5}"
_MAIL = (
    r"(?:newsletters?|e-?mails?|inbox(?:es)?|alerts?|briefings?|bulletins?|digests?|mailing lists?"
    r"|notifications?|round-?ups?|dispatches|push|e-?letters?|briefs?)"
)
_PRICE = r"(?:[£$€₹]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[£$€₹%p]|cents|usd|eur|percent|per cent))"
_READING = (
    r"(?:continue|keep|go on|carry on|finish|start)? ?(?:reading|to read|read|access\w*|unlock\w*"
    r"|view\w*|see\w*|watch\w*|listen\w*|enjoy\w*|get|comment\w*)"
)
_JOIN = (
    r"(?:subscribe|register|log ?in|sign ?in|sign ?up|join(?: us)?|upgrade"
    r"|become an? (?:\w+ )?(?:member"
    r"|subscriber|supporter|patron)|create an? (?:free )?account|start your (?:free )?trial|pay"
    r"|opt in|enrol)"
)
#: What goes before an invitation: `Stay informed:`, `Want more?`, `Click here to`.
LEAD_IN = (
    r"(?:(?:please|why not|just|to|and|or|you can) |(?:click|tap)(?: here| below)? (?:to|and|for) "
    r"|(?:stay|keep|be|get) (?:informed|ahead|updated|up[ -]to[ -]date|connected|tuned"
    r"|in the (?:know|loop)"
    r"|on top of|smarter|alert|posted)\b[^:.!?]{0,60}[:.!?,–—-]+ ?"
    r"|(?:don't|do not|never) miss\b[^:.!?]{0,60}[:.!?,–—-]+ ?"
    r"|(?:want|love|like|enjoy(?:ed|ing)?|need|looking for|more)\b[^:.!?]{0,70}[:.!?,–—-]+ ?"
    r"|[^.!?:,]{1,60}[!?:] )"
)
_CHANNEL = (
    r"(?:whatsapp|telegram|facebook|twitter|instagram|tik ?tok|youtube|x|linkedin|bluesky|threads"
    r"|signal"
    r"|viber|google news|flipboard|apple news|reddit|mastodon|rss|social media|socials?|snapchat)"
)

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
        rf"|your))*"
        rf"(?: {_AD})\b.{{0,40}}",
        r"why am i seeing (?:this|these)\b.{0,20}|learn more about ads.{0,20}"
        r"|this (?:is an ad|ad(?:vert\w*)? (?:has|will|is|was)\b).{0,40}"
        r"|we(?:'re| are)? noticed? .{0,20}ad ?block.{0,120}|(?:please )?(?:disable|turn off"
        r"|pause) your"
        r" ad ?block.{0,100}",
        rf"(?:the |this |your )?{_STORY} (?:continues|resumes)(?: (?:below|after|following|in))?"
        rf"(?: (?:this|the|our|an?|these))*(?: {_AD}| sponsor\w*| message| promo\w*| video"
        rf"| break)?",
        r"(?:continue|keep|carry on) (?:reading|scrolling|watching)(?: the main story)?"
        r" ?(?:below|after"
        rf"|the main story|past)(?: (?:this|the))?(?: {_AD})?",
        r"(?:keep scrolling|scroll(?: down)?|swipe) (?:down )?(?:for|to) (?:continue|read|see|more"
        r"|the"
        r" rest|keep).{0,40}",
        r"(?:sponsored|promoted|paid|partner|branded|affiliate|commercial|advertorial|native)"
        r"(?: (?:content|posts?|stor(?:y|ies)|features?|articles?|links?|message|partnership"
        r"|promotion"
        r"|programme|program|section|by sponsor))?",
        r"(?:sponsored|promoted|partner|paid for|presented|brought to you"
        r"|ad|advert\w*|offered|funded|produced|created)(?: (?:content|stories|posts?|links?"
        r"|promotion))?"
        rf" (?:by|from|for|with)(?: our (?:partners?|sponsors?))?(?: {_NAME})?",
        r"supported by|powered by (?-i:[A-Z])[\w.]+",
        rf"(?:paid|in|commercial) (?:partnership|association|collaboration) with {_NAME}",
        r"advertorial|from our advertisers|partner offers?|our (?:partners|sponsors)"
        r"|shop(?:ping)? (?:the"
        r" (?:story|look|best deals)|now)|(?:best |top |today's )deals|special offers?"
        r"|limited[ -]time offer"
        r"|(?:when you|if you) (?:buy|click|purchase|make a"
        r" purchase)\b.{0,120}\b(?:commission|affiliate)\b"
        r".{0,60}|(?:we|this (?:article|page|story)|[\w ]{2,30}) (?:may|might|will)? ?(?:earn|get"
        r"|receive"
        r"|contains?)\b.{0,40}\b(?:affiliate|commission)\b.{0,100}",
    ),
    "cookies": (
        r"(?:accept|reject|allow|agree(?: to)?|deny|refuse|decline|consent(?: to)?|enable|disable)"
        r"(?: (?:all|our|the|these|selected|only|and|&|non-?|essential|necessary|required|optional"
        r"|cookies?|continue|close|proceed|exit|everything|terms|button|strictly|marketing"
        r"|analytics))*",
        r"(?:i|yes,? i|no,? i) (?:agree|accept|consent|do not (?:agree|accept|consent)|decline"
        r"|understand)"
        r"(?: to .{1,40})?|do not (?:consent|accept|agree)|got it|ok(?:ay)?(?:,? got it)?|agreed"
        r"|(?:yes,? )?i'm (?:ok|happy|fine) with (?:that|this|cookies)|no,? thanks?|not now"
        r"|maybe later"
        r"|remind me later",
        r"(?:manage|change|customi[sz]e|review|set|adjust|update|view|show|edit|see|save|confirm"
        r"|my|your"
        r"|more|cookie|consent|privacy)(?: (?:my|your|our|the|all|cookie|privacy|data|consent|ad"
        r"|&|and|exit|manage))* (?:choices?|options|preferences?|settings|consents?|partners"
        r"|purposes"
        r"|vendors|details|exit|close|policy|notice|banner|manager)",
        r"customi[sz]e|preferences|(?:only )?(?:strictly )?(?:necessary|essential|required"
        r"|functional"
        r"|performance|marketing|targeting|analytics|statistics)(?: (?:cookies?|only))+"
        r"|continue (?:without (?:accepting|agreeing|consent\w*)|to (?:the )?site"
        r"|with .{1,40}cookies?.{0,20})"
        r"|(?:more|further) information|legitimate interests?|(?:always active|toggle all)",
        r"(?:we|{SITE}) (?:care (?:about|for)|values?|respects?|takes? care of|protects?|takes?)"
        r" (?:about )?(?:your|the) (?:privacy|data|personal data)\b.{0,120}",
        r"(?:your|you|our|the) (?:privacy|data|consent|personal data)(?: and .{1,20})?"
        r"(?: (?:matters?|is important|is our|comes first|is safe|choices|options|settings|control"
        r"|counts)"
        r"|,? your (?:choice|control|rights?|way))\b.{0,120}",
        r"we and (?:our )?(?:up to |selected |trusted |third[- ]party )*(?:\d[\d,]* )?(?:\w+"
        r" )?partners?\b"
        r".{0,400}",
        r"(?:to|before|in order to) (?:show|see|view|display|load|watch|access|play|continue"
        r"|give)\b"
        r"[^.]{0,80}\b(?:permission|consent|cookies?|accept|privacy|enable|tracking"
        r"|third[- ]party)\b.{0,200}",
        r"(?:this (?:article|page|content|post|embed|video)|the"
        r" following)\b[^.]{0,60}\b(?:provided by"
        r"|hosted by|from a third|third[- ]party|may (?:set|use|load|collect))\b[^.]{0,120}"
        r"(?:\.? ?.{0,40}\b(?:permission|cookies?|consent|technolog\w+|loaded)\b.{0,200})?",
        r"(?:do you )?allow {SITE} content\??|accept (?:the )?(?:cookies|terms) (?:and|to"
        r"|&) .{1,40}"
        r"|you(?: may want to| can| should)? (?:read|review|see) .{0,60}(?:cookie|privacy)"
        r" policy\b.{0,120}"
        r"|(?:click|tap|press) .{1,30}\b(?:accept|agree|allow|consent)\b.{0,160}"
        r"|(?:read|see|view|visit|check|review) our (?:cookie|privacy|data) .{1,60}"
        r"|(?:you can|you may) (?:change|withdraw|manage|update|opt[ -]out|review|revoke)\b.{0,60}"
        r"\b(?:choices?|consent|settings|preferences|cookies?|mind|time|privacy)\b.{0,120}",
    ),
    "newsletter": (
        rf"(?:sign(?:ing)?[ -]?up|register|subscribe|opt in|join|enrol|signed up)\b"
        rf".{{0,120}}\b{_MAIL}\b.{{0,160}}",
        r"(?:sign up|register|subscribe)(?: now| today| here| free)* (?:to|and) (?:receive|get"
        r"|hear|stay|be"
        r"|have|never)\b.{0,120}",
        rf"(?:sign up|register|subscribe|join)(?: (?:to|for|here|now|today|free|below|and|with"
        rf"|it's|the|our"
        rf"|us|updates?|more|daily|weekly|a|on|via|at|by|{_CHANNEL}|channel|podcasts?|community"
        rf"|group"
        rf"|{_NAME})){{0,7}}",
        r"subscribe\b.{0,80}\b(?:updates?|channel|podcast|today|now|our|feed)\b.{0,120}",
        rf"(?:get|receive|have|want|read|enjoy)\b.{{0,160}}\b(?:in|to|into|straight to|by|via)"
        rf" (?:your|one|an?) (?:daily |weekly |single )?(?:inbox|e-?mail|phone|mailbox|device"
        rf"|newsletter)\b"
        rf".{{0,160}}",
        r"(?:get|receive)\b.{0,100}\b(?:news ?letters?|alerts?|notifications?|daily digest"
        r"|briefing)\b"
        r".{0,120}|delivered (?:straight|directly|daily|every day|to your)\b.{0,100}",
        r"[^.!?]{3,90}(?:,| –| —| -)? (?:all )?in (?:one|a single|your) (?:daily |weekly "
        r"|morning )?"
        r"(?:e-?mail|inbox|newsletter|place every \w+)",
        rf"(?:join|follow|like|find|add|add us|catch|connect with|message)"
        rf" (?:us|our|the (?:conversation|community|discussion|debate)|{_NAME})?\b.{{0,50}}"
        rf"\b(?:on|via|channel|at|in|through|with|{_CHANNEL})\b ?(?:the |our"
        rf" )?{_CHANNEL}\b.{{0,120}}",
        rf"(?:join|follow|subscribe to) (?:us|our)\b.{{0,60}}\b(?:channel|group|community"
        rf"|newsletter|feed"
        rf"|page|{_CHANNEL})\b.{{0,120}}|our {_CHANNEL}(?: channel| page)?",
        rf"add (?:us |this site |{_NAME} )?(?:to|as|on|in)\b.{{0,60}}\b(?:feed|source|google"
        rf"|preferred|favou?rites|home screen"
        r"|apple news)\b.{0,40}|make (?:us|{SITE}) .{0,20}preferred .{0,40}",
        r"(?:enter|type|provide|add|your|confirm)(?: (?:your|an?|valid|the))* ?(?:e-?mail"
        r"|first name|last"
        r" name|name|postcode|zip code)(?: address)?\b.{0,60}",
        r"e-?mail address(?: .{1,30})?|e-?mail \(?required\)?|first name|last name|full name"
        r"|submit|send"
        r"|sign me up|required|count me in|i'm in|notify me(?: (?:of|when|by) .{1,60})?",
        r"(?:please )?(?:enter|provide|use) a valid .{1,40}|invalid e-?mail.{0,40}"
        r"|(?:sorry, |oops[,!]? |an? )?(?:an )?(?:error|something) (?:occurred|went wrong"
        r"|has occurred).{0,80}",
        r"(?:thank you|thanks)(?: (?:so|very) much)? for (?:subscribing|signing up|registering"
        r"|reading"
        r"|your (?:subscription|interest|support|comment|feedback))\b.{0,120}"
        r"|you(?:'re| are|'ve been| have been)(?: now| successfully| already)*"
        r" (?:subscribed|signed up"
        r"|registered|on the list|in)\b.{0,120}|(?:please )?check your (?:inbox|e-?mail).{0,120}"
        r"|almost done[.!].{0,100}|success!.{0,60}",
        rf"(?:you can |you may )?unsubscribe\b.{{0,100}}|no spam\b.{{0,80}}|we(?:'ll"
        rf"| will)? (?:never|not)"
        rf" (?:share|sell|spam)\b.{{0,100}}|we promise\b.{{0,60}}\b{_MAIL}\b.{{0,40}}",
        r"by (?:signing up|subscribing|clicking|providing|entering|submitting|registering|checking"
        r"|tapping"
        r"|joining|creating|pressing|ticking|continuing|proceeding"
        r"|using)\b.{0,160}\b(?:agree|accept"
        r"|consent|acknowledge|terms|privacy|confirm)\b.{0,200}",
        r"i (?:would like|agree|consent|want|wish|am happy|understand|have"
        r" read)\b.{0,60}\b(?:to|that|the)\b"
        r".{0,60}\b(?:e-?mails?|offers|updates|terms|privacy|news|partners|marketing|receive"
        r"|data)\b.{0,120}",
        r"this (?:site|page|form) is protected by\b.{0,120}|.{0,20}privacy policy and terms of"
        r" (?:service|use)"
        r" apply.{0,20}",
        r"(?:download|get|install|open|try|use|scan) (?:.{0,60}\b)?(?:our|the|free|mobile"
        r"|news) .{0,40}"
        r"\bapps?\b.{0,80}|click here to get the .{1,40} app|(?:read|open|view|continue"
        r"|better) (?:this )?(?:in"
        r"|on) (?:the|our) app\b.{0,40}"
        r"|(?:also )?available (?:on|in|from|at) (?:the )?(?:app store|google play|apple|ios"
        r"|android).{0,60}"
        r"|(?:turn on|enable|allow|activate|switch on|get)(?: .{1,30})? (?:notifications?|alerts"
        r"|push"
        r" messages).{0,80}|never miss (?:a|an|our|the|out)\b.{0,60}",
        r"(?:our |the |more |all |daily |weekly |free |e-?mail )*news ?letters?(?: sign[ -]?up"
        r"| form"
        r"| promotion| signup form)?|after newsletter promotion|skip past newsletter promotion"
        r"|(?:free |daily |weekly |morning |evening |breaking )+(?:newsletter|briefing|digest"
        r"|alerts?"
        r"|e-?mail|updates)|privacy notice: newsletters may .{1,200}",
        r"(?:the )?(?:[\w.&' -]{2,40} )(?:newsletters?|e-?newsletter)",
        r"stay (?:informed|up[ -]to[ -]date|updated|connected|tuned|in the (?:know|loop))"
        r"(?: with .{1,50})?",
    ),
    "subscription": (
        r"(?:enjoy|get|unlock|try|start|have|buy|claim|gain|choose|take out"
        r"|activate)\b.{0,40}\b(?:unlimited"
        r"|full|digital|complete|exclusive|instant|premium|ad-?free"
        r"|all[- ]access)\b.{0,40}\b(?:access"
        r"|articles?|content|subscription|journalism|reading|coverage|news|stories|pass)\b.{0,160}",
        rf"{_JOIN}(?:,? (?:or|and|/) {_JOIN})?(?: (?:now|today|here|free|for"
        rf" free|in|with .{{1,30}}))*,? (?:to|and|for|in order to) {_READING}\b.{{0,100}}",
        rf"{_JOIN}(?: (?:now|today|here|free|for free|for))*(?: (?:for|from|at))?(?: (?:only|just"
        rf"|as little"
        rf" as|unlimited|full|premium|digital))*(?: access| {_PRICE}.{{0,40}})?",
        rf"{_JOIN}(?:[\s|/·,]+(?:or |and )?{_JOIN})+",
        r"(?:this|the rest of this|the full) (?:article|story|content|page|post|piece|report|video"
        r"|feature)"
        r"(?: text)? (?:is|are) (?:\w+ )?(?:for|to|available|reserved|only|exclusive\w*|free|locked"
        r"|restricted|limited|behind)\b.{0,60}\b(?:subscribers?|members?|registered|premium|paid"
        r"|paywall"
        r"|supporters?|users?)\b.{0,80}",
        r"(?:you|you've|you have)(?: have)?(?: now| already| only)? ?(?:reached|read|used|viewed"
        r"|\d+|no|one"
        r"|two|three|hit|exceeded|left)\b.{0,40}\b(?:articles?|stories|limit|allowance"
        r"|free)\b.{0,120}",
        r"(?:\d+|one|two|last|your last) (?:of \d+ )?(?:remaining |more )?free (?:articles?"
        r"|stories)\b.{0,60}"
        r"|this is your (?:last|final|first) free .{0,60}|(?:\d+ )?(?:free )?articles?"
        r" (?:left|remaining)"
        r"\b.{0,40}",
        r"(?:already|not yet|not|are you)(?: an?)? (?:subscriber|member|subscribed|registered"
        r"|a subscriber"
        r"|print subscriber)\b.{0,60}|(?:already )?have an account\b.{0,40}"
        r"|don't have an account\b.{0,40}"
        r"|new (?:here|user|to .{1,30})\?.{0,40}|forgot(?:ten)? (?:your )?password.{0,10}",
        r"(?:see|view|compare|choose|show|explore|our|all|check)(?: (?:our|your|all|the|an?"
        r"|other))*"
        r" (?:subscription|digital|membership|offers?|plans?|pricing|deals?)(?: (?:offers?|plans?"
        r"|options?"
        r"|packages?|details|deals?))*|subscription (?:offers?|options?|plans?|required)",
        r"(?:start|begin|get|try)(?: (?:your|an?|my|it|us|{SITE}|for|the))* (?:free trial|trial"
        r"|free|for free"
        rf"|{_PRICE}.{{0,40}}|free for .{{1,30}})|cancel any ?time\b.{{0,40}}|free trial.{{0,40}}"
        r"|unlock (?:this|the|more|full|all|your|a)(?: \w+){0,2} (?:articles?|stor(?:y|ies)|access"
        r"|content|benefits|offers?"
        r"|features|world of .{1,30}|journalism)\b.{0,160}",
        r"become (?:an? )?(?:\w+ )?(?:member|subscriber|supporter|patron|friend|contributor"
        r"|insider)"
        r"(?: (?:of|today|now|and|to|for|from|with)\b.{0,80})?",
        r"(?:please )?(?:consider )?(?:support(?:ing)?|back(?:ing)?|fund(?:ing)?"
        r"|help(?: us)?(?: fund| keep)?"
        r"|power|defend|protect)(?: (?:us|our|the|{SITE}|truly|independent|quality|local|free"
        r"|fearless|public"
        r"|trusted|open|honest|investigative|this|good|great))* (?:journalism|work|reporting"
        r"|reporters"
        r"|newsroom|mission|news|media|{SITE}'s .{1,30}|us)\b.{0,120}",
        r"(?:please )?support (?:the )?(?:\w+ ){0,2}(?:guardian|times|independent|post|journal"
        r"|herald|tribune|press"
        r"|observer|gazette|chronicle|project|newsroom|non-?profit news)(?: (?:today|now))?",
        rf"(?:support|fund|back) {_NAME} from (?:as little as |just |only )?{_PRICE}.{{0,60}}",
        r"(?:make|give|leave)(?: (?:an?|your|us))* (?:\w+ )?(?:contribution|donation|gift)\b.{0,60}"
        r"|donate(?: (?:now|today|here|to .{1,40}|monthly|once))?|contribute(?: now| today)?"
        r"|buy us a .{1,20}|(?:your|every) (?:support|contribution|donation)\b.{0,100}",
        r"(?:(?:for )?(?:premium|paid|registered|our)?"
        r" ?(?:subscriber|member)s?(?:'s?)?)(?: (?:only|exclusive"
        r"|content|benefits?|log ?in|article|area|sign in))+|exclusive (?:to|for)"
        r" (?:our )?(?:subscribers"
        r"|members)|free (?:for|to) subscribers|premium(?: (?:article|content|story|member\w*))?"
        r"|(?:subscriber|member) exclusive|registered users only",
        rf"(?:from |only |just |then |for |now |save |get )+{_PRICE}(?: off"
        rf"| discount)?(?: (?:for|a|per|an"
        rf"|every|each|the|first|your|\d+|one|two|three|six|on))* (?:week|month|year|annum|quarter"
        rf"|subscription|access|trial)\w*\b.{{0,60}}",
        rf"{_PRICE}(?: (?:for|a|per|an|your|the|first|\d+))+ (?:weeks?|months?|year|subscription"
        rf"|access|trial)"
        rf"(?:[,.;]? (?:then|cancel|billed|unlimited|\d+)\b.{{0,60}})",
    ),
    "comments": (
        r"(?:\d[\d,.]*k?\s+|\(?\d+\)?\s*)?(?:comments?|replies|repl(?:y|ies)|responses?)"
        r"(?:\s*[(:]?\s*\d[\d,.]*k?\s*\)?)?",
        r"no comments?(?: yet| so far| posted| here)|no comments|(?:the )?comments (?:below|above)"
        r" .{1,60}"
        r"|join .{0,40}\b(?:conversations?|forum|discussions?|community)\b.{0,80}"
        r"|leave a reply cancel reply"
        r"|to (?:participate in|join) the (?:discussion|conversation) .{1,60}|make a comment",
        r"(?:add|view|show|hide|all|most|your|recent|reader|top|featured|write|post|leave|report"
        r"|read|see"
        r"|join|load|join in|go to|jump to|skip to|open|flag|sort|start|follow)(?: (?:all|the|an?"
        r"|your|our|\d+"
        r"|more|new|\w+'s|to|in|this|first|reader|\(\d+\)))* (?:comments?|conversation|discussion"
        r"|debate"
        r"|repl(?:y|ies)|responses?|threads?)(?: (?:yet|here|below|now|\(?\d+\)?|policy|section"
        r"|first))*",
        r"be the first (?:to|one to) .{1,40}|(?:be first|start) (?:to comment|commenting)",
        r"(?:comments?|commenting|discussions?)(?: on this (?:article|story|post"
        r"|page))?(?: sections?)? (?:are"
        r"|is|have|has|were|was|will)(?: been| be| now| currently| temporarily)* (?:closed|off"
        r"|disabled"
        r"|turned off|locked|moderated|not available|unavailable|open|ended|suspended"
        r"|subject)\b.{0,100}",
        r"(?:this|the) (?:article|story|post|discussion|thread|page|conversation)(?: is| has been"
        r"| was)?"
        r"(?: now)? (?:closed (?:for|to)|not open (?:for|to)|closed) (?:new )?(?:comments?"
        r"|commenting"
        r"|discussion).{0,40}|(?:this|our|the) (?:live ?)?(?:blog|page|coverage|feed"
        r"|live page)(?: is| has| was)"
        r"(?: now| been)* (?:closed|ended|over|finished|paused|concluded)\b.{0,80}"
        r"|end of (?:feed|live ?blog"
        r"|comments|thread|updates)|add yours?",
        r"(?:please )?(?:log ?in|sign ?in|register|sign up|you must (?:be )?(?:logged|signed) in"
        r"|login)\b"
        r".{0,40}\b(?:comment|reply|discussion|conversation|comments)\b.{0,40}",
        r"your e-?mail address will not be published.{0,60}|required fields are marked.{0,10}"
        r"|have your say.{0,60}|what do you think\?(?: .{0,80}(?:comments?|below|know).{0,40})?"
        r"|(?:tell|let) us (?:know )?(?:what you think|your (?:views|thoughts)"
        r"|in the comments).{0,60}"
        r"|share your (?:thoughts|views|opinions?|comments?).{0,60}"
        r"|(?:please )?(?:read|see|follow|respect|adhere to|keep) .{0,30}(?:comment\w*|community"
        r"|moderation)"
        r" (?:policy|guidelines|rules|standards|respectful).{0,60}|logged in as .{1,40}",
        r"reply|upvote|downvote|most liked|newest comments|leave a (?:reply|comment|response"
        r"|message)"
        r"|recommend(?:ed)? \d+|reply to .{1,30}|report (?:this )?(?:comment|abuse)",
    ),
    "credit": (
        r"(?:additional )?(?:report(?:ing|ed)|writing|editing|edited|compiled|translated"
        r"|translation"
        r"|research(?:ed)?|production|produced|fact[- ]check(?:ed|ing)|graphics?|video"
        r"|photograph(?:y|s)"
        r"|written|interview(?:ed)?|illustrations?|data|design(?:ed)?)"
        r"(?:(?:,? (?:and|&) |, )(?:additional )?\w+){0,3} by:? (?-i:[A-Z]).{1,240}",
        r"(?:additional )?(?:reporting|writing|editing|reporters?|editors?"
        r"|producers?)(?: and \w+)?: ?(?-i:[A-Z])"
        r".{1,160}",
        r"(?:with |additional )(?:reporting|files|inputs?|agenc(?:y|ies)|contributions?|material"
        r"|wire"
        r" reports|assistance|additional reporting)(?: (?:from|by|of))?\b.{0,120}",
        r"[^.]{3,200}\bcontributed (?:to (?:this|the) (?:\w+ )?(?:report|story|article|piece|post"
        r"|dispatch)\b"
        r"|(?:additional )?(?:reporting|research|writing)\b).{0,80}",
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
        r"|incorporates)"
        r" (?:\w+ )?(?:material|reporting|information|content|wire|copy)\b.{0,100}",
        r"reporting from (?:(?-i:[A-Z])[\w.'-]+,? ?){1,4}|(?:via|from): (?:the )?original"
        r" (?:source|article|post)",
        r"with agenc(?:y|ies)|(?:source|from)s?: ?(?:news )?agencies|(?:news )?agencies"
        r"|(?:\w+ )?staff (?:and (?:\w+ )?agencies"
        r"|report|reports|writers?|reporters?)|wire (?:reports?|services?)",
    ),
    "author_bio": (
        r"why you can trust .{1,40}|bring your story to us|.{0,40}\byour feedback"
        r"|.{0,30}\bthis ad to you\?"
        r"|did you (?:encounter|have) any .{1,40}\?",
        r"(?:you can )?(?:follow|contact|reach|e-?mail|message|write to) (?:him|her|them|me|us|@\w+"
        r"|the (?:author|writer|reporter)s?|(?-i:[A-Z])[\w.'-]+(?: (?-i:[A-Z])[\w.'-]+){0,3})"
        r"(?: (?:on|at|via|by|through)|:|,| @).{1,100}",
        r"about the (?:authors?|writers?|reporters?)|(?:the )?authors?|author(?:'s)? bio(?:graphy)?"
        r"|(?:view|see|read|more|all)(?: all)? (?:posts?|articles?|stories|by"
        r"|from)(?: (?:by|from))?"
        r" (?:this author|(?-i:[A-Z])[\w.'-]+(?: (?-i:[A-Z])[\w.'-]+){1,3})",
        r"(?:got|have|do you have)(?: an?| any)? (?:news |confidential )?(?:tip|story|question"
        r"|comment"
        r"|information|something)s?\b.{0,140}",
        r"(?:e-?mail|contact|tel|phone|twitter|x)\s*:\s*\S+(?: .{0,40})?|[\w.+-]+@[\w-]+\.[\w.]+"
        r"|@\w{2,30}",
        r"(?:have you|are you|were you|do you|what are your)\b[^?]{3,100}\? (?:.{0,20})?(?:get in"
        r" touch|e-?mail"
        r"|contact|tell us|let us know|send us|write to|share your|call)\b.{0,160}",
        r"(?:(?-i:[A-Z])[\w.'-]+ ){1,3}[\w.+-]+@[\w-]+\.[\w.]+",
        r"(?:he|she|they|the author|the writer) (?:can be (?:reached|contacted|followed)"
        r"|tweets?)\b.{1,80}",
    ),
}
NOTICES_SITE = r"(?:the )?(?-i:[A-Z])[\w.&'’-]*(?: (?-i:[A-Z])[\w.&'’-]*){0,3}"

#: Searched in lines without quotation marks: what says `cookies` and speaks to the reader.
WITHIN: Mapping[str, tuple[str, ...]] = {
    "cookies": (
        r"\b(?:we|this (?:web ?)?site|this page|our (?:web ?)?site|(?:web)?site|(?-i:[A-Z]\w+))"
        r" (?:and (?:our|its) (?:\d+ )?partners )?(?:may |also |only )?(?:uses?|sets?|stores?"
        r"|places?"
        r"|need)\b[^.]{0,60}\bcookies\b",
        r"\bby (?:continuing|using|clicking|browsing|closing|scrolling"
        r"|accepting)\b.{0,200}\bcookies?\b",
        r"\b(?:accept|reject|manage|allow|disable|enable|load|delete|our use of|consent to"
        r"|agree to|set)"
        r"(?: (?:all|our|the|these|necessary|essential|optional|and similar|use of"
        r"|other))* cookies?\b"
        r"[^.]{0,120}\b(?:we|our|you|your|us|continue|settings|experience|site)\b",
        r"\b(?:we|our|you|your|us|permission)\b[^.]{0,80}\b(?:accept|reject|manage|allow|disable"
        r"|enable|load"
        r"|delete|consent to|agree to|set|use|use of|store)(?: (?:all|our|the|these|necessary|of"
        r"|other|some"
        r"|third[- ]party|and similar))* cookies?\b",
        r"\bcookies? (?:policy|settings|preferences|notice|consent|banner)\b",
    ),
}

#: What no story says: one of these, in small letters, is enough in a line without quotation marks.
PHRASES: Mapping[str, str] = {
    "all rights reserved": "copyright",
    "may not be published, broadcast": "copyright",
    "solely responsible for all content": "copyright",
    "creative commons licen": "copyright",
    "reproduced without permission": "copyright",
    "without written permission": "copyright",
    "the thomson reuters trust principles": "copyright",
    "affiliate link": "advertisement",
    "earn a commission": "advertisement",
    "earn commission": "advertisement",
    "affiliate commission": "advertisement",
    "privacy policy and terms": "newsletter",
    "terms of use and privacy policy": "newsletter",
    "our privacy policy": "newsletter",
    "our privacy notice": "newsletter",
    "unsubscribe at any time": "newsletter",
    "unsubscribe any time": "newsletter",
    "straight to your inbox": "newsletter",
    "delivered to your inbox": "newsletter",
    "check out what's clicking": "newsletter",
    "in this browser for the next time": "comments",
    "be considered for publication": "comments",
    "refresh the page": "player",
    "having trouble retrieving": "player",
    "while we verify access": "subscription",
    "content when you subscribe": "subscription",
    "your subscription helps": "subscription",
    "consider supporting us": "subscription",
    "consider supporting our": "subscription",
    "every contribution counts": "subscription",
    "every contribution, however": "subscription",
    "you can now listen to": "reading_time",
    "a version of this article appear": "credit",
    "appeared first on": "credit",
    "is using ai to": "reading_time",
    "catch all the": "newsletter",
    "stay updated with the latest": "newsletter",
    "follow the ap's coverage": "credit",
    "the author of this article. thank": "author_bio",
}
