"""What a site asks of its readers: to sign up, to pay, to comment.

As in `buttons`, patterns match a whole line without the ornaments around it.
"""

from __future__ import annotations

from collections.abc import Mapping

NAME = r"(?:(?-i:[A-Z0-9])[\w.&'’+-]*)(?:(?: & | and | of | the | )(?-i:[A-Z0-9])[\w.&'’+-]*){0,5}"
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
    r"|in the (?:know|loop)|on top of|smarter|alert|posted)\b[^:.!?]{0,60}[:.!?,–—-]+ ?"
    r"|(?:don't|do not|never) miss\b[^:.!?]{0,60}[:.!?,–—-]+ ?"
    r"|(?:want|love|like|enjoy(?:ed|ing)?|need|looking for|more)\b[^:.!?]{0,70}[:.!?,–—-]+ ?"
    r"|[^.!?:,]{1,60}[!?:] )"
)
_CHANNEL = (
    r"(?:whatsapp|telegram|facebook|twitter|instagram|tik ?tok|youtube|x|linkedin|bluesky|threads"
    r"|signal"
    r"|viber|google news|flipboard|apple news|reddit|mastodon|rss|social media|socials?|snapchat)"
)

INVITATIONS: Mapping[str, tuple[str, ...]] = {
    "newsletter": (
        rf"(?:sign(?:ing)?[ -]?up|register|subscribe|opt in|join|enrol|signed up)\b"
        rf".{{0,120}}\b{_MAIL}\b.{{0,160}}",
        r"(?:sign up|register|subscribe)(?: now| today| here| free)* (?:to|and) (?:receive|get"
        r"|hear|stay|be|have|never)\b.{0,120}",
        rf"(?:sign up|register|subscribe|join)(?: (?:to|for|here|now|today|free|below|and|with"
        rf"|it's|the|our"
        rf"|us|updates?|more|daily|weekly|a|on|via|at|by|{_CHANNEL}|channel|podcasts?|community"
        rf"|group|{NAME})){{0,7}}",
        r"subscribe\b.{0,80}\b(?:updates?|channel|podcast|today|now|our|feed)\b.{0,120}",
        r"(?:get|receive|have|want|read|enjoy)\b.{0,160}\b(?:in|to|into|straight to|by|via)"
        r" (?:your|one|an?) (?:daily |weekly |single )?(?:inbox|e-?mail|phone|mailbox|device"
        r"|newsletter)\b.{0,160}",
        r"(?:get|receive)\b.{0,100}\b(?:news ?letters?|alerts?|notifications?|daily digest"
        r"|briefing)\b.{0,120}|delivered (?:straight|directly|daily|every day|to your)\b.{0,100}",
        r"[^.!?]{3,90}(?:,| –| —| -)? (?:all )?in (?:one|a single|your) (?:daily |weekly "
        r"|morning )?(?:e-?mail|inbox|newsletter|place every \w+)",
        rf"(?:join|follow|like|find|add|add us|catch|connect with|message)"
        rf" (?:us|our|the (?:conversation|community|discussion|debate)|{NAME})?\b.{{0,50}}"
        rf"\b(?:on|via|channel|at|in|through|with|{_CHANNEL})\b ?(?:the |our"
        rf" )?{_CHANNEL}\b.{{0,120}}",
        rf"(?:join|follow|subscribe to) (?:us|our)\b.{{0,60}}\b(?:channel|group|community"
        rf"|newsletter|feed|page|{_CHANNEL})\b.{{0,120}}|our {_CHANNEL}(?: channel| page)?",
        rf"add (?:us |this site |{NAME} )?(?:to|as|on|in)\b.{{0,60}}\b(?:feed|source|google"
        rf"|preferred|favou?rites|home screen"
        r"|apple news)\b.{0,40}|make (?:us|{SITE}) .{0,20}preferred .{0,40}",
        r"(?:enter|type|provide|add|your|confirm)(?: (?:your|an?|valid|the))* ?(?:e-?mail"
        r"|first name|last name|name|postcode|zip code)(?: address)?\b.{0,60}",
        r"e-?mail address(?: .{1,30})?|e-?mail \(?required\)?|first name|last name|full name"
        r"|submit|send"
        r"|sign me up|required|count me in|i'm in|notify me(?: (?:of|when|by) .{1,60})?",
        r"(?:please )?(?:enter|provide|use) a valid .{1,40}|invalid e-?mail.{0,40}"
        r"|(?:sorry, |oops[,!]? |an? )?(?:an )?(?:error|something) (?:occurred|went wrong"
        r"|has occurred).{0,80}",
        r"(?:thank you|thanks)(?: (?:so|very) much)? for (?:subscribing|signing up|registering"
        r"|reading|your (?:subscription|interest|support|comment|feedback))\b.{0,120}"
        r"|you(?:'re| are|'ve been| have been)(?: now| successfully| already)*"
        r" (?:subscribed|signed up"
        r"|registered|on the list|in)\b.{0,120}|(?:please )?check your (?:inbox|e-?mail).{0,120}"
        r"|almost done[.!].{0,100}|success!.{0,60}",
        rf"(?:you can |you may )?unsubscribe\b.{{0,100}}|no spam\b.{{0,80}}|we(?:'ll"
        rf"| will)? (?:never|not)"
        rf" (?:share|sell|spam)\b.{{0,100}}|we promise\b.{{0,60}}\b{_MAIL}\b.{{0,40}}",
        r"by (?:signing up|subscribing|clicking|providing|entering|submitting|registering|checking"
        r"|tapping|joining|creating|pressing|ticking|continuing|proceeding"
        r"|using)\b.{0,160}\b(?:agree|accept|consent|acknowledge|terms|privacy|confirm)\b.{0,200}",
        r"i (?:would like|agree|consent|want|wish|am happy|understand|have"
        r" read)\b.{0,60}\b(?:to|that|the)\b"
        r".{0,60}\b(?:e-?mails?|offers|updates|terms|privacy|news|partners|marketing|receive"
        r"|data)\b.{0,120}",
        r"this (?:site|page|form) is protected by\b.{0,120}|.{0,20}privacy policy and terms of"
        r" (?:service|use) apply.{0,20}",
        r"(?:download|get|install|open|try|use|scan) (?:.{0,60}\b)?(?:our|the|free|mobile"
        r"|news) .{0,40}"
        r"\bapps?\b.{0,80}|click here to get the .{1,40} app|(?:read|open|view|continue"
        r"|better) (?:this )?(?:in|on) (?:the|our) app\b.{0,40}"
        r"|(?:also )?available (?:on|in|from|at) (?:the )?(?:app store|google play|apple|ios"
        r"|android).{0,60}"
        r"|(?:turn on|enable|allow|activate|switch on|get)(?: .{1,30})? (?:notifications?|alerts"
        r"|push messages).{0,80}|never miss (?:a|an|our|the|out)\b.{0,60}",
        r"(?:our |the |more |all |daily |weekly |free |e-?mail )*news ?letters?(?: sign[ -]?up"
        r"| form"
        r"| promotion| signup form)?|after newsletter promotion|skip past newsletter promotion"
        r"|(?:free |daily |weekly |morning |evening |breaking )+(?:newsletter|briefing|digest"
        r"|alerts?|e-?mail|updates)|privacy notice: newsletters may .{1,200}",
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
        rf"|as little as|unlimited|full|premium|digital))*(?: access| {_PRICE}.{{0,40}})?",
        rf"{_JOIN}(?:[\s|/·,]+(?:or |and )?{_JOIN})+",
        r"(?:this|the rest of this|the full) (?:article|story|content|page|post|piece|report|video"
        r"|feature)"
        r"(?: text)? (?:is|are) (?:\w+ )?(?:for|to|available|reserved|only|exclusive\w*|free|locked"
        r"|restricted|limited|behind)\b.{0,60}\b(?:subscribers?|members?|registered|premium|paid"
        r"|paywall|supporters?|users?)\b.{0,80}",
        r"(?:you|you've|you have)(?: have)?(?: now| already| only)? ?(?:reached|read|used|viewed"
        r"|\d+|no|one|two|three|hit|exceeded|left)\b.{0,40}\b(?:articles?|stories|limit|allowance"
        r"|free)\b.{0,120}",
        r"(?:\d+|one|two|last|your last) (?:of \d+ )?(?:remaining |more )?free (?:articles?"
        r"|stories)\b.{0,60}"
        r"|this is your (?:last|final|first) free .{0,60}|(?:\d+ )?(?:free )?articles?"
        r" (?:left|remaining)\b.{0,40}",
        r"(?:already|not yet|not|are you)(?: an?)? (?:subscriber|member|subscribed|registered"
        r"|a subscriber|print subscriber)\b.{0,60}|(?:already )?have an account\b.{0,40}"
        r"|don't have an account\b.{0,40}"
        r"|new (?:here|user|to .{1,30})\?.{0,40}|forgot(?:ten)? (?:your )?password.{0,10}",
        r"(?:see|view|compare|choose|show|explore|our|all|check)(?: (?:our|your|all|the|an?"
        r"|other))*"
        r" (?:subscription|digital|membership|offers?|plans?|pricing|deals?)(?: (?:offers?|plans?"
        r"|options?|packages?|details|deals?))*|subscription (?:offers?|options?|plans?|required)",
        r"(?:start|begin|get|try)(?: (?:your|an?|my|it|us|{SITE}|for|the))* (?:free trial|trial"
        r"|free|for free"
        rf"|{_PRICE}.{{0,40}}|free for .{{1,30}})|cancel any ?time\b.{{0,40}}|free trial.{{0,40}}"
        r"|unlock (?:this|the|more|full|all|your|a)(?: \w+){0,2} (?:articles?|stor(?:y|ies)|access"
        r"|content|benefits|offers?|features|world of .{1,30}|journalism)\b.{0,160}",
        r"become (?:an? )?(?:\w+ )?(?:member|subscriber|supporter|patron|friend|contributor"
        r"|insider)(?: (?:of|today|now|and|to|for|from|with)\b.{0,80})?",
        r"(?:please )?(?:consider )?(?:support(?:ing)?|back(?:ing)?|fund(?:ing)?"
        r"|help(?: us)?(?: fund| keep)?"
        r"|power|defend|protect)(?: (?:us|our|the|{SITE}|truly|independent|quality|local|free"
        r"|fearless|public"
        r"|trusted|open|honest|investigative|this|good|great))* (?:journalism|work|reporting"
        r"|reporters|newsroom|mission|news|media|{SITE}'s .{1,30}|us)\b.{0,120}",
        r"(?:please )?support (?:the )?(?:\w+ ){0,2}(?:guardian|times|independent|post|journal"
        r"|herald|tribune|press"
        r"|observer|gazette|chronicle|project|newsroom|non-?profit news)(?: (?:today|now))?",
        rf"(?:support|fund|back) {NAME} from (?:as little as |just |only )?{_PRICE}.{{0,60}}",
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
        rf"|access|trial)(?:[,.;]? (?:then|cancel|billed|unlimited|\d+)\b.{{0,60}})",
    ),
    "comments": (
        r"(?:\d[\d,.]*k?\s+|\(?\d+\)?\s*)?(?:comments?|replies|repl(?:y|ies)|responses?)"
        r"(?:\s*[(:]?\s*\d[\d,.]*k?\s*\)?)?",
        r"no comments?(?: yet| so far| posted| here)|no comments|(?:the )?comments (?:below|above)"
        r" .{1,60}|join .{0,40}\b(?:conversations?|forum|discussions?|community)\b.{0,80}"
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
        r"|disabled|turned off|locked|moderated|not available|unavailable|open|ended|suspended"
        r"|subject)\b.{0,100}",
        r"(?:this|the) (?:article|story|post|discussion|thread|page|conversation)(?: is| has been"
        r"| was)?(?: now)? (?:closed (?:for|to)|not open (?:for|to)|closed) (?:new )?(?:comments?"
        r"|commenting|discussion).{0,40}|(?:this|our|the) (?:live ?)?(?:blog|page|coverage|feed"
        r"|live page)(?: is| has| was)"
        r"(?: now| been)* (?:closed|ended|over|finished|paused|concluded)\b.{0,80}"
        r"|end of (?:feed|live ?blog|comments|thread|updates)|add yours?",
        r"(?:please )?(?:log ?in|sign ?in|register|sign up|you must (?:be )?(?:logged|signed) in"
        r"|login)\b.{0,40}\b(?:comment|reply|discussion|conversation|comments)\b.{0,40}",
        r"your e-?mail address will not be published.{0,60}|required fields are marked.{0,10}"
        r"|have your say.{0,60}|what do you think\?(?: .{0,80}(?:comments?|below|know).{0,40})?"
        r"|(?:tell|let) us (?:know )?(?:what you think|your (?:views|thoughts)"
        r"|in the comments).{0,60}|share your (?:thoughts|views|opinions?|comments?).{0,60}"
        r"|(?:please )?(?:read|see|follow|respect|adhere to|keep) .{0,30}(?:comment\w*|community"
        r"|moderation)"
        r" (?:policy|guidelines|rules|standards|respectful).{0,60}|logged in as .{1,40}",
        r"reply|upvote|downvote|most liked|newest comments|leave a (?:reply|comment|response"
        r"|message)|recommend(?:ed)? \d+|reply to .{1,30}|report (?:this )?(?:comment|abuse)",
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
