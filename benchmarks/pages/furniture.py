"""What stands on a page beside its articles: advertisements, prompts, links, credits, residue."""

# ruff: noqa: E501 - wordings are easier to read when each stands in one line

from __future__ import annotations

from benchmarks.pages.wordings import HANDLES, Voice

SIMPLE: dict[str, list[str]] = {
    "ad": [
        "[ADVERTISEMENT|Advertisement|- Advertisement -|Advertisement - scroll to continue|ADVERTISING|Ad|AD]",
        "[STORY CONTINUES BELOW THIS AD|Story continues below advertisement|Article continues below|Article continues after ad|CONTINUE READING BELOW]",
        "[Advertisement|Sponsored|Promoted content]\n[Report this ad|Skip ad|Remove ads|Why am I seeing this?]",
        "[Loading...|Loading ad|Ad loading…]",
        "[Sponsored|Paid content|Partner content|Promoted] [by|from] <first> & <last> [Ltd|Insurance|Travel|Motors|Finance]",
    ],
    "cookie": [
        "We use cookies [to improve your experience|to personalise content and ads|and similar technologies] [on this site|on <site>]. [By continuing you agree to our cookie policy.|See our privacy policy.|You can change your settings at any time.]",
        "[This website|<site>] uses cookies\nWe [use|and our <n> partners use] cookies to [measure traffic|show relevant ads|store information on your device].\n[Accept all|Accept|I agree|OK]\n[Reject all|Manage preferences|Cookie settings|More information]",
        "[Your privacy matters to us|We value your privacy|We care about your data]\n[Accept all cookies|Accept & continue|Agree]\n[Manage options|Settings|Decline]",
        "To show you this content, we need your permission to [load|use] cookies.",
    ],
    "newsletter": [
        "[Sign up for|Subscribe to] [our|the|<site>'s|our free] [daily|weekly|morning|evening|<topic>] [newsletter|briefing|email|bulletin][.|| and never miss a story.| to get the best of <site> in your inbox.]",
        "[Get|Receive] [the latest|the top|the day's] <topic> [news|stories|headlines] [straight to|delivered to|in] your inbox[.| every morning.| for free.]",
        "[Newsletter|NEWSLETTER|<site> Briefing]\n[Sign up to receive our best stories each day|The stories that matter, in one email]\n[Enter your email|Your email address]\n[Subscribe|SIGN UP|Submit]\n[By signing up you agree to our terms of use.|You can unsubscribe at any time.|Privacy policy]",
        "[Don't miss out|Stay informed|Stay ahead]: [sign up|register] [now|today|here] for [breaking news alerts|our <topic> newsletter].",
    ],
    "comments": [
        "[<n> comments|Comments (<n>)|<n> Comments|Comment|Leave a comment|Join the conversation|View comments (<n>)|No comments yet|Be the first to comment|Show comments]",
        "[Comments|Join the discussion|Have your say]\n[Log in to comment|Sign in to join the conversation|You must be logged in to post a comment.|Post a comment]",
        "[Comments have been disabled.|Comments are closed.|This article is closed for comments.]",
    ],
    "copyright": [
        "[©|Copyright ©|(c)|Copyright] <year> <site>[.|. All rights reserved.|. All Rights Reserved|]",
        "[©|Copyright] <year> [The Associated Press|AFP|Reuters|Thomson Reuters|PA Media]. All rights reserved. [This material may not be published, broadcast, rewritten or redistributed.|Reproduction without permission is prohibited.|]",
        "All content on this site is the property of <site>. [Unauthorised copying is prohibited.|Reproduction requires permission.]",
        "[Terms of use|Terms and conditions|Privacy policy] [·|/|¦] [Contact us|About us|Advertise with us] [·|/|-] [Cookie policy|Accessibility|Sitemap]",
    ],
    "sourcelink": ["[Source link|Source Link|Source link »|Source|View original article|Original article|Read original|via <site>|Link to source]"],
    "residue": [
        "&w=[3840|1920|1200|828|640]&q=[100|75|80|90])",
        "[?|&][width|w|resize]=[620|1200|980]&quality=[85|45|80]&auto=format)",
        "/[uploads|images|thumbs]/<year>/[01|05|11]/[img|photo|hero]-<n>.[jpg|webp|png]&w=[1080|750]&q=75)",
        "[-|–|•|·|*]",
        "!(https://cdn.example.[com|net|org]/<n>/[a|b|lead]<n>.[jpg|webp])",
        "_[1200x630|800x450|640x360].[jpg|jpeg|webp]",
    ],
    "bio": [
        "<staff> is [a|an award-winning|the] <role> [at|for] <site>[.| based in <place>.|, covering <atopic> and <atopic>.]",
        "[About the author|ABOUT THE AUTHOR|The author|Author]\n<staff>\n<staff> [writes about|covers|reports on] <atopic> [and <atopic> |]for <site>. [Follow <first> on X: @<first><last><n>|She has reported from <place> and <place>.|He joined the newsroom in <year>.]",
        "Follow <staff> on [Twitter|X|Bluesky] [@<first><last>|: @<first>_<n>]",
    ],
    "paywall": [
        "[Subscribe|Register] [to continue reading|to read the full story|for unlimited access][.|]",
        "[This article is for subscribers only|You have [2|3|5|1] free articles left this month|Already a subscriber? Log in|Support independent journalism]\n[Subscribe now|Log in|Start your free trial|See offers|Become a member]",
        "[Enjoy|Get] unlimited [digital |]access to <site> [from|for] [$1|£1|€2] [a week|for the first month|a month].",
    ],
    "listen": [
        "[Listen to this article|Listen|LISTEN TO THIS STORY|🔊 Listen to article]\n[5 min|4:31|1.0x|0:00 / 5:21]",
        "[Listen to this article|Listen to this story] [5|3|7|11] [min|mins|minutes]",
        "[2|3|5|8] [min|minute|minutes|mins] read",
        "This audio is [auto-generated|generated by an automated voice]. [Please let us know if you have feedback.|It may contain errors.]",
    ],
    "video": [
        "[Play Video|Play video|Video Player is loading.|▶ Watch now|This video is not available|Video unavailable]\n[Current Time 0:00|Duration 1:42|Up next|Close|Mute]",
        "[WATCH|Watch|VIDEO|Video]: <headline>",
    ],
    "app": [
        "[Download|Get] our app [for iOS and Android|to get breaking news alerts|from the App Store or Google Play][.|]",
        "[Follow|Join] [us|<site>] on [WhatsApp|Telegram|Google News|Instagram][.| for more news.| and never miss an update.]",
        "Add <site> [as a preferred source on Google|to your news feed]",
    ],
    "translate": ["[Read in|Available in|Also in]: [English|Français|Español] / [العربية|Русский|Deutsch]"],
}  # fmt: skip

RELATED = """[Related stories|Related Stories|RELATED|Related articles|Related:|Related News|More on this story
|You may also like|You might also like|Read more|READ MORE|Recommended|Recommended for you|Also read
|More from <site>|More in <section>|Editor's picks|Don't miss|See also|Must read|Trending now|Most read
|Most Read|MOST READ|Most popular|Popular now|Top stories|Latest stories]""".replace("\n", "")


def share_row(voice: Voice) -> list[str]:
    """Share buttons, in one line or one to a line."""
    rng = voice.rng
    names = rng.sample(HANDLES, rng.randint(3, 6))
    label = voice.say("[Share|Share this|SHARE|Share this article|Share on|]")
    if rng.random() < 0.4:
        counts = [voice.say("[|<n>|<k>]") for _ in names]
        return [
            x
            for x in [label, *(f"{a} {b}".strip() for a, b in zip(names, counts, strict=True))]
            if x
        ]
    between = rng.choice([" ", " | ", " · ", ", ", "  ", " / "])
    return [between.join([label, *names] if label else names)]


def related(voice: Voice) -> list[str]:
    """A heading and two to five headlines of other stories."""
    rng = voice.rng
    bullet = rng.choice(["", "", "", "- ", "• ", "* ", "> ", "number"])
    links = [voice.headline() for _ in range(rng.randint(2, 5))]
    marks = [f"{i}. " if bullet == "number" else bullet for i in range(1, len(links) + 1)]
    return [voice.say(RELATED), *(m + link for m, link in zip(marks, links, strict=True))]


def read_more(voice: Voice) -> list[str]:
    return voice.lines(
        "[Read more|READ MORE|Read More|Also read|ALSO READ|Read also|RELATED|See also|MORE"
        "|Don't miss|Recommended][:|:| »] [<headline>|<headline>|'<headline>'|<headline> >>]"
    )


_ACTS = """[speaks|speaking] [to reporters|at a news conference|during a rally|at a meeting] in <place>
|[arrives|arriving] for [talks|a summit|a court hearing|a meeting of ministers] in <place>
|[looks on|gestures|waves to supporters] [during|after|ahead of] [a joint press conference|the ceremony|a debate] in <place>
|[shakes|shaking] hands with [officials|a delegation|<person>] in <place>
|[is seen|pictured] [outside parliament|leaving a hotel|at the airport] in <place>""".replace(
    "\n", ""
)
_SCENES = """[People|Residents|Commuters|Protesters|Workers|Students] [walk past|gather near|stand outside] [a damaged building|the central bank|a polling station|a shuttered factory] in <place>
|[A general view|An aerial view|A view] of [the port|the parliament building|a refinery|the city centre] in <place>
|[Firefighters|Police officers|Rescue teams|Soldiers] [work at the scene of|stand guard near|inspect] [an explosion|a checkpoint|a crash] in <place>
|[An employee|A trader|A customer] [counts banknotes|looks at a screen|holds a gold bar] at a [bank|market|workshop] in <place>
|[Flags fly|A flag flies|Smoke rises] over [a government building|the old town|an industrial area] in <place>""".replace(
    "\n", ""
)


def caption(voice: Voice, names: list[str]) -> str:
    """A picture's caption with a date, a place and a credit in any of their usual forms."""
    rng = voice.rng
    if names and rng.random() < 0.5:
        what = f"{rng.choice(names)} {voice.say('[' + _ACTS + ']')}"
    else:
        what = voice.say("[" + _SCENES + "]")
    day = f"{rng.choice(MONTHS)} {rng.randint(1, 28)}, {rng.randint(2011, 2026)}"
    when = rng.choice([f", {day}", f" on {day}", f", in this {day} file photo", ""])
    credit = voice.say(
        "[. <agency>|. <person>/<agency>|. (<agency>)|. (<person>/<agency>)| (<agency>)| ¦ <agency>"
        "|. Photo: <agency>|. Photograph: <person>/<agency>|. <agency>/<person>/File Photo"
        "|. Credit: <agency>|. — <agency>|. Image: <agency>|. (Photo by <person>/<agency>)"
        "| <person> <agency>|. <person>/Pool via <agency>]"
    ).replace("¦", "|")
    lead = voice.say("[||||FILE PHOTO: |FILE - |File photo: |Photo: |Image: ]")
    return f"{lead}{what}{when}{credit}"


MONTHS = (
    "January February March April May June July August September October November December".split()
)


def simple(voice: Voice, kind: str) -> list[str]:
    return [line for line in voice.lines(voice.rng.choice(SIMPLE[kind])) if line.strip()]


def block(voice: Voice, kind: str, names: list[str]) -> list[str]:
    """Lines of one piece of furniture."""
    makers = {
        "share": share_row,
        "related": related,
        "readmore": read_more,
        "photo": lambda voice: [caption(voice, names)],
        "tags": tags,
        "nav": navigation,
    }
    return makers[kind](voice) if kind in makers else simple(voice, kind)


def tags(voice: Voice) -> list[str]:
    """Tags of the article, in a line or one to a line."""
    rng = voice.rng
    names = [voice.say("[<place>|<atopic>|<section>|<person>]") for _ in range(rng.randint(2, 6))]
    form = rng.choice(["line", "line", "hash", "lines"])
    if form == "hash":
        return [" ".join("#" + name.replace(" ", "") for name in names)]
    label = voice.say("[Tags:|TAGS|Topics|Topics:|Filed under:|More about:|Tags]")
    if form == "lines":
        return [label, *names]
    between = rng.choice([", ", " | ", " · "])
    return [f"{label} {between.join(names)}"]


def navigation(voice: Voice) -> list[str]:
    """A breadcrumb or a menu."""
    rng = voice.rng
    names = rng.sample(
        ["Home", "News", "World", "Politics", "Business", "Sport", "Opinion", "Video", "More"],
        rng.randint(3, 7),
    )
    form = rng.choice(["crumb", "crumb", "menu", "lines"])
    if form == "crumb":
        return [
            rng.choice([" > ", " » ", " / ", " › "]).join(
                ["Home", *[n for n in names if n != "Home"][:2]]
            )
        ]
    if form == "menu":
        return [rng.choice([" | ", " ", " · "]).join(names)]
    lead = voice.say("[Skip to content|Skip to main content|Menu|Search|Sign in|Log in]")
    return [lead, *names]
