"""Controls of a site that scraping leaves as lines: share rows, players, menus, paging, pointers.

Patterns are given as parts that combine (verb, determiner, thing, place), so that a wording which
nobody has seen yet is known by its parts. They match a whole line without the ornaments around it
(`chrome.chrome_of` takes those away), in any case of letters, with straight apostrophes.
"""

from __future__ import annotations

from collections.abc import Mapping

#: What a page holds, as its buttons name it.
THING = (
    r"(?:(?:news |full |blog |live |original |top |key |photo |picture |opinion )?"
    r"(?:articles?|stor(?:y|ies)|reports?|posts?|pieces?|interviews?|analys[ie]s|reviews?|texts?"
    r"|coverage|wraps?|details|statements?|transcripts?|columns?|blogs?|live ?blogs?|pages?"
    r"|threads?|updates?|dispatch(?:es)?|explainers?|opinions?|essays?|profiles?|features?"
    r"|investigations?|videos?|galler(?:y|ies)|photos?|pictures?|images?|recaps?|summar(?:y|ies)"
    r"|accounts?|lists?|documents?|clips?|episodes?|podcasts?|newsletters?|headlines?|links?"
    r"|content|items?|entr(?:y|ies)))"
)
_PLATFORM = (
    r"(?:facebook(?: messenger)?|fb|twitter|x(?: ?\(?(?:formerly )?twitter\)?)?|what'?s ?app"
    r"|linked ?in|telegram|reddit|pinterest|messenger|bluesky|threads|mastodon|instagram|youtube"
    r"|tik ?tok|snapchat|flipboard|vk(?:ontakte)?|viber|line|skype|weibo|we ?chat|xing|tumblr"
    r"|pocket|google(?: news|\+| plus)?|apple news|rss|e-?mail|sms|print|copy(?: (?:the |this )?"
    r"(?:link|url))?(?: to clipboard)?|link|tweet|save|bookmark|like|pin|more|share|comments?"
    r"|gift|discord|nostr|hacker ?news|digg|stumbleupon|feedly|imessage|messages|social media"
    r"|embed|others|friends?)"
)
_COUNT = r"(?:\s*[(\[]?\s*\d[\d.,]*\s?[km]?\+?\s*[)\]]?)"
_VIA = r"(?:on|via|to|by|with|in|through|using|as)"
_SHARE_VERB = (
    r"(?:share|tweet|post|send|forward|e-?mail|pin|recommend|like|save|bookmark|print|copy|gift"
    r"|give|reuse|repost|republish|embed|cite|flag|report|report an error in|rate|follow|download)"
)
_SHARE_THING = (
    r"(?:(?:this|the|full|a|an|our|your) )*(?:article|story|page|post|video|link|url|content|news"
    r"|item|report|update|thoughts|gift|embed code|typo|error|mistake|correction|problem|image"
    r"|photo|pdf)s?"
)
_OPTION = r"(?:options?|buttons?|tools?|menu|icons?|settings|links?|count|this)"

_READ = (
    r"(?:(?:click|tap|press|swipe)(?: here| below| on| the link)*(?: to| for)?"
    r"(?: (?:read|see|view|watch))?"
    r"|read|see|view|get|find|continue(?: to)?(?: reading| watching)?|keep (?:reading|watching)"
    r"|visit|show|load|watch|listen to|explore|discover|check out|browse|open|go to|jump to"
    r"|skip to|return to|back to|link to)"
)
_WHICH = (
    r"(?:the|this|that|our|his|her|their|my|more|full|whole|entire|original|complete|rest of|all"
    r"|of|latest|next|previous|other|related|similar|recent|older|newer|newest|earlier|live|main"
    r"|about|on|out|it|from)"
)
_HERE = r"(?:here|below|now|in full|online|today|later|again|above)"
#: A pointer without the link that it points to: `Read the full story here`, `More details`.
POINTER = (
    rf"{_READ}(?: {_WHICH}){{1,5}}(?: {THING})?(?: (?:on|at|from|about) (?:this )?.{{1,40}})?"
    rf"(?: {_HERE}){{0,2}}"
    rf"|(?:read|see|view|watch|continue to|back to|go to|browse|load) {THING}(?: {_HERE})?"
    r"|(?:read|continue|continue reading|keep reading|keep watching|find out|see)(?: on| more)?"
    r"|click (?:here|below|on the link)(?: now| to (?:read|see|view|watch|learn|find out) .{1,60})?"
    rf"|(?:find|learn|hear|explore|discover|see|know) (?:out )?more(?: (?:about|at|on"
    rf"|from) .{{1,50}}| {_HERE})?"
    rf"|(?:the )?full {THING} {_HERE}|(?:more|full|complete|original|entire"
    rf"|further) {THING}(?: by (?:(?-i:[A-Z])[\w.'-]+ ?){{1,4}})?(?: {_HERE})?"
    rf"|more (?:{_HERE}|on this|about this|from (?:this|our) .{{1,30}})"
    rf"|(?:you can |please )(?:also )?(?:read|see|view|find|watch|follow)(?: {_WHICH}){{1,5}}"
    rf"(?: {THING})?(?: (?:on|at|from) .{{1,40}})?(?: {_HERE})?"
    r"|read (?:(?-i:[A-Z])[\w.'-]+ ){1,3}?(?:(?-i:[A-Z])[\w.-]+'s?) (?:full )?"
    rf"{THING}(?: {_HERE})?"
)

_FOOTER = (
    r"(?:terms(?: (?:of|and|&) (?:use|service|sale|conditions))?|conditions of use|user agreement"
    r"|(?:privacy|cookies?|copyright|editorial|ethics|comments?|corrections?|advertising|data|legal"
    r"|moderation|accessibility)(?: (?:policy|policies|notice|statement|settings|preferences|centre"
    r"|center|choices|rules|guidelines|help|manager|declaration))"
    r"|code of (?:ethics|conduct)|editorial (?:standards|team|values)|legal notices?|impressum"
    r"|imprint|disclaimer|site ?map|site index|site feedback|ad ?choices|your ad choices"
    r"|about (?:us|the newsroom|this site)|contact us|contact the newsroom|contact|get in touch"
    r"|who we are|work (?:with|for) us|join our team|our (?:team|apps|history|company)"
    r"|advertise(?: with us| here)?|media ?kit|rate card|manage (?:my )?(?:account|subscription)"
    r"|my (?:account|profile|news|feed|library)|customer (?:service|care|support)"
    r"|help cent(?:re|er)"
    r"|faqs?|rss(?: feeds?)?|press (?:office|room|releases)|media cent(?:re|er)|newsletters"
    r"|mobile apps?|our apps|e-?paper|e-?edition|today's paper|print edition|back issues"
    r"|letters to the editor|submit a (?:tip|story|letter|correction|news tip)|send (?:us )?a tip"
    r"|tip us(?: off)?|reprints(?: (?:&|and) permissions)?|rights and permissions|permissions"
    r"|syndication|licensing|archives?|all rights|report an? (?:error|typo|issue|mistake|problem)"
    r"|do not (?:sell|share)(?: or (?:sell|share))? my (?:personal )?(?:info\w*|data)"
    r"|your (?:california )?privacy (?:rights|choices)|california notice.{0,30}"
    r"|modern slavery.{0,30}"
    r"|subscriber services|gift subscriptions?|group subscriptions?|place an? (?:classified )?ad"
    r"|shop|store|merchandise|careers|vacancies|contributors|masthead|community guidelines"
    r"|(?:buy|shop|order|book|bid|apply|enrol|install|download|donate|join|start|try|vote"
    r"|call|register|subscribe|learn more|find out more|sign up|act|upgrade|switch"
    r"|compare) (?:it )?now)"
)
#: Items of a footer that are words of a story when alone, and chrome in a row.
ROW_WORDS = (
    r"(?:home|about|contact|help|jobs|privacy|terms|cookies|legal|press|support|team|blog|apps?|tv"
    r"|radio|podcasts?|videos?|photos?|newsletters?|events|weather|games|puzzles|crosswords?"
    r"|horoscopes?|obituaries|classifieds|real estate|cars|shopping|subscribe|login|log in|sign in"
    r"|register|search|menu|live|latest|trending|popular|accessibility|corrections|ethics|news"
    r"|advertising|feedback|community|magazine|mobile|rss|android|ios|yes|no|facebook|twitter|x)"
)
_UPDATES = r"(?:posts?|updates?|entries|stories|articles|comments|news|headlines|events|results)"

BUTTONS: Mapping[str, tuple[str, ...]] = {
    "share": (
        rf"(?:{_PLATFORM}{_COUNT}?(?:\s*[|,/·•&]\s*|\s+and\s+|\s+or\s+|\s+|$)){{1,16}}",
        rf"(?:click (?:here )?to )?{_SHARE_VERB}(?: {_SHARE_THING})?(?: {_VIA} (?:a )?{_PLATFORM})?"
        r"(?: \(?opens in (?:a )?new (?:window|tab)\)?)?",
        rf"(?:click (?:here )?to )?{_SHARE_VERB} (?:it|this|{_SHARE_THING})(?: {_VIA} .{{1,40}})?",
        r"(?:(?:share|tweet|send|post|e-?mail|print|save|follow|pin)(?: (?:this|it|article|story"
        r"|on|via|to|by)){0,3}"
        rf"(?: {_PLATFORM})?(?:\s*[|,/·•&]\s*|\s+|$)){{1,12}}",
        rf"{_SHARE_VERB}(?: {_SHARE_THING}| this| it)?(?: {_VIA})? ?[:,|-]? ?"
        rf"(?:{_PLATFORM}{_COUNT}?(?:\s*[|,/·•&]\s*|\s+|$)){{1,16}}",
        r"(?:(?:facebook|twitter|whatsapp|linkedin|telegram|reddit|pinterest|e-?mail|print|copy"
        r"|share|link)(?:-\w)?\s?){2,12}|facebook-f .{1,60}",
        rf"(?:social )?(?:share|sharing|shar(?:e|ing) this|social media) {_OPTION}",
        r"(?:you can )?share (?:this|the) (?:story|article) on .{1,40}|share or comment on .{1,160}"
        r"|(?:added to|removed from|add to|remove from) (?:bookmarks|saved|favou?rites"
        r"|reading list)|bookmark popover"
        r"|get short url|(?:post|page|article|total) views|(?:average )?rating",
        r"share with (?:us|others|your .{1,20})|share your (?:thoughts|views?|story"
        r"|opinion).{0,40}",
        r"(?:the )?(?:link|url)(?: has been)? copied(?: to (?:the |your )?clipboard)?",
        r"copied(?: to (?:the )?clipboard)?|copy (?:the )?short ?link",
        r"\d[\d,.]*\s?[km]?\s+(?:total )?(?:shares?|likes?|retweets?|views?|reactions?|tweets?"
        r"|reads?|people (?:like|have shared|shared) this)",
        r"(?:total |post |page )?(?:shares|likes|views|retweets"
        r"|reactions)\s*:?\s*[(\d][\d,.)]*\s?[km]?",
        r"follow(?: us)?(?: on)?(?: (?:social media|our socials))?",
        r"(?:save|read|watch)(?: (?:this|it|article|story))? (?:for |to read )?later|saved?",
        r"(?:suggest|submit|request) an? (?:correction|edit)|gift (?:this )?article",
        r"(?:was|did) (?:this|you (?:like|enjoy)|you find this) .{0,40}\?(?: yes| no| thumbs \w+)*"
        r"|rate this .{0,20}|thanks for (?:your feedback|rating|sharing).{0,40}",
    ),
    "player": (
        r"getting (?:the )?(?:audio|video) .{0,10}|transcript(?: provided by .{1,40})?"
        r"|show transcript",
        r"video, \d[\d:]+|(?:video|audio|clip)(?: \d[\d:]+)|end of list|list \d+ of \d+.{0,80}",
        r"(?:enter |exit |toggle |view (?:image )?in )?full ?screen|(?:un)?mute|pause|play|replay"
        r"|auto ?play(?: (?:on|off|next))?|(?:now|currently) playing|playing now|up next"
        r"(?: in \d+.{0,10})?"
        r"|watch again|skip (?:intro|ahead|back|forward|\d+ seconds?)|rewind|play (?:all|next)"
        r"|play (?:the |this )?(?:video|audio|clip|podcast|episode)(?: \d[\d:]+)?",
        r"(?:(?:current|remaining|total) time|duration|video length|length|run ?time|elapsed)"
        r"\s*:?\s*-?\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: (?:minutes?|mins?|seconds?))?",
        r"(?:current|remaining) time|loaded\s*:?\s*[\d.]+\s*%|progress\s*:?\s*[\d.]+\s*%"
        r"|volume(?: \d+ ?%)?|0?:?\d{1,2}:\d\d(?::\d\d)?\s*/\s*-?\d{1,2}:\d\d(?::\d\d)?",
        r"stream type(?: live)?|seek to live.{0,60}|live\s*/?\s*-?0:00|picture-in-picture",
        r"(?:playback|play) (?:rate|speed)(?: \d.{0,8})?|\d(?:\.\d+)?\s?x|quality|chapters"
        r"|audio track|share video|audio description",
        r"(?:captions?|subtitles?|descriptions?)(?: (?:off|on|settings))?"
        r"(?:, (?:selected|opens .{1,60}))?",
        r"this is a modal window.{0,120}|(?:beginning|end) of dialog window.{0,80}"
        r"|escape will cancel.{0,60}|no compatible source was found.{0,40}",
        r"(?:the |this )?(?:media|video|audio|content|stream|clip|live ?stream|player|broadcast"
        r"|post|image) (?:could not|cannot|can't|can not|couldn't|failed to|may not)(?: be)?"
        r" (?:load|loaded|play|played|displayed|shown|found)\b.{0,120}",
        r"(?:the |this |sorry,? )*(?:media|video|audio|content|stream|clip|live ?stream|player"
        r"|post)"
        r"(?: playback)? (?:player )?(?:(?:is|has been) )?(?:currently |now |no longer |not )*"
        r"(?:unavailable|available|supported|unsupported|removed|deleted|private|restricted|expired"
        r"|loading|playable)\b.{0,60}",
        r"(?:the )?(?:video|audio|media)(?: player)? (?:is )?(?:loading|error)|loading(?: .{1,30})?"
        r"|buffering|please (?:wait|stand by)|(?:video|audio|media) (?:ad )?feedback",
        r"to (?:play|watch|view|see|listen to) this\b.{0,120}\b(?:javascript|browser|flash|cookies"
        r"|player|account)\b.{0,120}",
        r"(?:please )?(?:enable|turn on|activate|switch on) javascript\b.{0,120}"
        r"|(?:your browser|javascript) (?:does not|doesn't|is (?:disabled|not)|must be)\b.{0,120}"
        r"|please (?:use|upgrade|update|switch to)\b.{0,60}\bbrowser\b.{0,80}",
        r"watch (?:now|live|(?:the |this )?(?:video|clip|live ?stream|replay|full (?:video"
        r"|interview|speech|episode|report))|on (?:youtube|demand|iplayer|tv))(?: (?:above|below"
        r"|here|now|online))?",
        r"(?:enlarge|expand|zoom(?: in)?|click to (?:enlarge|expand|zoom)"
        r"|tap to (?:enlarge|expand))"
        r"(?: (?:this |the )?(?:image|photo|picture))?|(?:toggle|hide|show|view|open|close)"
        r" (?:captions?|image|images|photo|photos|picture|slideshow|gallery|all \d+ .{1,12})"
        r"|(?:open|view|see|show) (?:the )?(?:image|photo|picture|gallery|slideshow)"
        r"(?: in (?:gallery|full ?screen|new window))?|view \d+ (?:images?|photos?|pictures?)",
        r"media caption|image caption|image source|video caption|jw player",
    ),
    "reading_time": (
        r"\d+\s*-?\s*min(?:ute)?s?\.?(?:\s+\d+\s*sec(?:ond)?s?)?(?:\s*(?:read(?:ing time)?|listen"
        r"|watch|video|audio))?(?:\s+time)?",
        r"(?:(?:approximate|estimated|average) )?(?:reading|read|listening|listen|viewing)"
        r"(?: time)?\s*[:|-]?\s*(?:about |~|< ?)?\d+\s*-?\s*(?:min\w*|sec\w*)(?: read)?",
        r"(?:reading|read|listening) time|estimated read(?:ing time)?",
        rf"listen(?:(?: to)? (?:the |this |our )?{THING})?(?: now| here| instead)?"
        r"(?:\s*[\W_]*\s*\d+(?::\d\d)?\s*(?:min(?:ute)?s?)?)?(?:,? this audio is .{1,60})?",
        r"(?:this )?(?:audio|voice|narration|recording|text[- ]to[- ]speech)(?: version)?(?: is|:)?"
        r" ?(?:auto|ai|computer|machine|artificial|generated|produced|read|narrated|created"
        r"|voiced)[ -]?\w*\b.{0,120}",
        r"(?:this article (?:is|was) )?(?:read (?:aloud )?by|generated by|audio by|narrated by"
        r"|voiced by|powered by) (?:an? )?(?:ai|automated|artificial|computer|(?-i:[A-Z])[\w.]+)"
        r"(?: [\w.]+){0,3}",
        r"this (?:article|story|post|content) is (?:more than |over )?\d+ (?:days?|weeks?|months?"
        r"|years?) old",
        r"\d[\d,]* words",
    ),
    "navigation": (
        r"\[?[+-]?\]? ?show (?:more|less)|story \d+ of \d+|\d+ of \d+",
        r"skip to (?:main |the )?(?:content|navigation|menu|footer|article|search|top)"
        r"|(?:back|return|scroll|go) to (?:the )?(?:top|home ?page|main page|home|list|results|news"
        r"|search|live page|article|start|gallery)|toggle .{0,30}|jump to (?:comments|content"
        r"|latest)",
        r"(?:open |main |close |site |mobile )?(?:menu|navigation)|search(?: (?:this site|for"
        r"|the site"
        r"|here|results))?|log ?(?:in|out)|sign (?:in|out)|my account|close(?: (?:menu|this|ad"
        r"|video|banner|dialog|search|window|gallery|panel|modal|icon|button|x))*|cancel|undo"
        r"|dismiss"
        r"|sections|settings|edition|submit search|advanced search|print (?:this )?page|refresh"
        r"(?: page)?|text size|font size|night mode|dark mode|reader view|select language|translate"
        r"|(?:increase|decrease|reset|resize|larger|smaller|change|adjust)"
        r" (?:the )?(?:text|font)(?: size)?|text(?: size)?[:\s]+[-+a\s]+",
        rf"(?:load|show|see|view|hide)(?: (?:the|me))?(?: (?:more|all|less|older|newer|new|latest"
        rf"|earlier"
        rf"|previous|next|fewer|key))(?: {_UPDATES}| {THING}| options| tags| topics| replies"
        rf"| \d+)?(?: only)?|show all(?: \d+)?",
        rf"(?:older|newer|earlier|previous|later|next|latest|more|newest|new|oldest)"
        rf"(?: {_UPDATES}| {THING}| pages?)",
        r"(?:sort(?:ed)?|order(?:ed)?|filter)(?: (?:posts|updates|comments|results))?(?: by)?"
        r"(?:[:\s]+(?:date|relevance|time|newest|oldest|latest|most recent|popular\w*|best|top))*"
        r"(?: first)?|(?:newest|oldest|latest|most recent|newest to oldest)(?: (?:first|posts"
        r" first))?|auto-?(?:refresh|update)s?(?: (?:is )?(?:on|off|enabled|every .{1,20}))?"
        r"|(?:updates?|refresh(?:es)?) (?:automatically|every .{1,20})|new updates? available"
        r"|auto[- ]?updat\w+ ?:? ?(?:on|off)|\d+ new (?:updates?|posts?|messages?)|key events?"
        r"|opens (?:in )?(?:a )?new"
        r" (?:tab|window)|(?:live )?feed|live(?: feed| now| reporting| coverage)?"
        r"|breaking(?: news)?|just in|developing(?: story)?|live (?:updates|blog)|viewing as guest"
        r"|end of (?:article|story|post)|(?:written|posted|filed) (?:by|in)"
        r"|leer en espa[ñn]ol|purchase licensing rights|(?:solve|play) the daily .{1,20}|ended"
        r"|published|last updated|quick links|follow (?:this )?(?:topic|story|author|tag)"
        r"|(?:continue|scroll|swipe)(?: down)? (?:to|for) (?:the )?next.{0,20}"
        r"|keep reading for .{0,30}|filters?(?: \(beta\))?|pinned(?: post)?|jump to (?:latest|top"
        r"|start).{0,20}",
        r"(?:the )?(?:latest|breaking|top|all|more|recent) (?:news|stories|headlines|articles|posts"
        r"|coverage|updates) (?:with|about|on|for|tagged|from|in) .{1,80}",
        r"(?:articles?|posts?|stories|news|results?|items?|entries|everything) (?:tagged"
        r"(?: (?:with|as))?|filed under|found for|matching)\s*:?\s*.{1,60}",
        r"(?:search )?results for .{1,60}|\d[\d,]* (?:search )?(?:results?|articles|stories|items)"
        r"(?: (?:for|found|tagged|matching|in|on)\b.{0,60})?",
        r"(?:showing|displaying|viewing|results)(?: results)? \d[\d,]*\s*(?:-|–"
        r"|to)\s*\d[\d,]*\b.{0,60}",
        r"(?:archives?|browsing|category|browse(?: by)?|tag archives?|topic page)\s*:\s*.{1,60}",
        r"pages?\s*\d[\d,]*(?:\s*(?:of|/)\s*\d[\d,]*)?|(?:\d+\s*/\s*\d+)",
        r"(?:(?:first|last|prev(?:ious)?|next|older|newer|page|end|start)(?: (?:page|article|story"
        r"|post|stories|posts|entry|slide|photo|image|item|video|up|section))?[\s|/·<>«»‹›…]*)+",
        r"(?:(?:first|prev(?:ious)?)[\s|<>«»‹›…·\[\]]+)*1[\s|·\[\]]+2[\s|·\[\]]+3\b[\s|\d<>«»‹›….·\[\]]{0,60}"
        r"(?:(?:next|last|older)[\s|<>«»‹›…·\[\]]*)*",
        r"home(?:\s*[>»/›|→·]\s*.{1,160})?|you are here\s*:?.{0,120}",
        r"(?:read|available|also|also available|view|listen|read this(?: article| story)?|edition"
        r"|languages?)(?: (?:it|this|also))*(?: in)?\s*:?\s*(?:other languages?|(?:{LANGUAGE})"
        r"(?:[\s|/,·•]+(?:and |or )?(?:{LANGUAGE}))*)",
        r"(?:(?:{LANGUAGE})[\s|/,·•]+)+(?:{LANGUAGE})",
        rf"{_FOOTER}",
        r"play store|app store|google play|app ?gallery|microsoft store",
    ),
    "source_link": (
        r"(?:(?:view|see|read|go to|visit|link to) )?(?:the )?(?:original )?(?:source|full)"
        r" (?:link|article|url|website)",
        r"source|original (?:article|source|post|story|link)|permalink|direct link|short ?link",
        r"source(?: link)?\s*:?\s*https?://\S+",
        r"(?:view|read|see) (?:the )?original(?: article| post| story)?(?: here)?",
        r"link to (?:the )?(?:original|full|source).{0,30}",
        POINTER,
        r"(?:more|full story|full report|continued?|read more|details)",
    ),
}
#: Written into the patterns above where they say `{LANGUAGE}`.
LANGUAGE = (
    r"english|deutsch|german|fran[çc]ais|french|espa[ñn]ol|spanish|portugu[eê]s|portuguese|italiano"
    r"|italian|русский|russian|українська|ukrainian|العربية|arabic|中文|chinese|日本語|japanese|한국어"
    r"|korean|türkçe|turkish|polski|polish|فارسی|persian|farsi|हिन्दी|hindi|urdu|اردو|bengali|বাংলা"
    r"|nederlands|dutch|svenska|swedish|ελληνικά|greek|hebrew|עברית|bahasa(?: indonesia)?"
    r"|tiếng việt"
    r"|vietnamese|română|romanian|magyar|hungarian|čeština|czech|български|bulgarian|srpski|serbian"
    r"|norsk|dansk|suomi|finnish|danish|norwegian|swahili|kiswahili|tamil|telugu|pashto"
)
