"""Names that try to become something else on a page."""

from __future__ import annotations

HOSTILE = (
    "<script>window.hit=1</script>",
    '"><img src=x onerror="window.hit=1">',
    "' onmouseover='window.hit=1",
    "<svg/onload=window.hit=1>",
    "</style><script>window.hit=1</script>",
    "</td></tr></table><h1>gone</h1>",
    "<iframe src=//evil.example></iframe>",
    "[click](javascript:window.hit=1)",
    "![x](http://evil.example/x.png)",
    '<a href="javascript:window.hit=1">a</a>',
    "&lt;b&gt;twice&amp;lt;",
    "=cmd|'/C calc'!A0",
    "`; DROP TABLE series; --",
    "{{7*7}} ${7*7} :material/home: $x^2$ :red[a]",
    "\u202egpj.exe\u2066",
    "nul\x00 bell\x07 esc\x1b[31m",
    "ﷺ" * 20,
    "a" * 300,
)
