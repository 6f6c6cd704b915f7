"""Colours that stay readable: oklch to sRGB and back, WCAG contrast, and a network's palette made from its accent.

oklab and oklch after B. Ottosson (2020); relative luminance and contrast after WCAG 2.2. Colours are `#rrggbb` outside,
linear or gamma-encoded triples of 0…1 inside.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, degrees, hypot, radians, sin

TEXT_CONTRAST = 4.5
GRAPHIC_CONTRAST = 3.0

# The grounds of the two themes, as in css/tokens.css: page, raised and sunken surfaces.
LIGHT_GROUNDS = ("#fdfbf7", "#ffffff", "#f4f1ea")
DARK_GROUNDS = ("#14151c", "#1d1f28", "#0f1016")

Triple = tuple[float, float, float]


def _decode(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encode(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _linear(colour: str) -> Triple:
    red, green, blue = (_decode(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 (same) to 21 (black on white)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def to_oklch(colour: str) -> Triple:
    """Lightness 0…1, chroma, hue in degrees."""
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, hypot(a, b), degrees(atan2(b, a)) % 360


def _unclipped(lightness: float, chroma: float, hue: float) -> Triple:
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour that a screen shows, found by lowering the chroma (hue and lightness are kept)."""
    low, high = 0.0, chroma
    channels = _unclipped(lightness, chroma, hue)
    if not _shown(channels):
        for _ in range(18):
            middle = (low + high) / 2
            if _shown(_unclipped(lightness, middle, hue)):
                low = middle
            else:
                high = middle
        channels = _unclipped(lightness, low, hue)
    return "#" + "".join(f"{round(255 * _encode(min(1.0, max(0.0, channel)))):02x}" for channel in channels)


def _shown(channels: Triple) -> bool:
    return all(-1e-4 <= channel <= 1 + 1e-4 for channel in channels)


def readable(colour: str, grounds: tuple[str, ...], ratio: float) -> str:
    """`colour`, darkened on light grounds or lightened on dark ones just enough to reach `ratio` on all of them."""
    lightness, chroma, hue = to_oklch(colour)
    step = -0.005 if luminance(grounds[0]) > 0.18 else 0.005  # 0.18: as far, in contrast, from black as from white.
    candidate = colour.lower()
    for _ in range(200):  # From one end of the lightness to the other.
        if min(contrast(candidate, ground) for ground in grounds) >= ratio:
            break
        lightness = min(1.0, max(0.0, lightness + step))
        candidate = from_oklch(lightness, chroma, hue)
    return candidate


def on(colour: str) -> str:
    """White or ink, whichever reads best on `colour`."""
    return max(("#ffffff", "#14151c"), key=lambda text: contrast(text, colour))


@dataclass(frozen=True)
class Tone:
    """One colour of a network in one theme: `solid` fills controls and draws, `text` is read on any ground or on `soft`."""

    solid: str
    on_solid: str
    strong: str
    text: str
    soft: str
    line: str


def _tone(colour: str, *, dark: bool) -> Tone:
    grounds = DARK_GROUNDS if dark else LIGHT_GROUNDS
    _, chroma, hue = to_oklch(colour)
    soft = from_oklch(0.29, min(chroma, 0.075), hue) if dark else from_oklch(0.955, min(chroma, 0.032), hue)
    solid = readable(colour, grounds, GRAPHIC_CONTRAST)
    if contrast(on(solid), solid) < TEXT_CONTRAST:
        # Between the two, neither white nor ink reads well: move away from the ground until one of them does.
        solid = readable(solid, ("#14151c",) if dark else ("#ffffff",), TEXT_CONTRAST)
    lightness, solid_chroma, solid_hue = to_oklch(solid)
    # Under the pointer a solid moves away from its label's colour, so its label reads even better.
    away = -0.06 if on(solid) == "#ffffff" else 0.06
    return Tone(
        solid=solid,
        on_solid=on(solid),
        strong=from_oklch(min(1.0, max(0.0, lightness + away)), solid_chroma, solid_hue),
        text=readable(colour, (*grounds, soft), TEXT_CONTRAST),
        soft=soft,
        line=from_oklch(0.42, min(chroma, 0.09), hue) if dark else from_oklch(0.86, min(chroma, 0.07), hue),
    )


@dataclass(frozen=True)
class Palette:
    accent: Tone
    accent_dark: Tone
    signal: Tone
    signal_dark: Tone


@lru_cache(maxsize=64)
def accessible_palette(accent: str, signal: str) -> Palette:
    """What a network's two colours become so that everything drawn with them can be read in both themes."""
    return Palette(
        accent=_tone(accent, dark=False),
        accent_dark=_tone(accent, dark=True),
        signal=_tone(signal, dark=False),
        signal_dark=_tone(signal, dark=True),
    )


def _properties(name: str, tone: Tone) -> str:
    return (
        f"--{name}:{tone.solid};--on-{name}:{tone.on_solid};--{name}-strong:{tone.strong};"
        f"--{name}-text:{tone.text};--{name}-soft:{tone.soft};--{name}-line:{tone.line};"
    )


def stylesheet(accent: str, signal: str) -> str:
    """The palette as custom properties, for `/reseau.css`."""
    palette = accessible_palette(accent, signal)
    light = _properties("accent", palette.accent) + _properties("signal", palette.signal)
    dark = _properties("accent", palette.accent_dark) + _properties("signal", palette.signal_dark)
    return (
        f"@layer network{{:root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
        f"@media print{{:root,:root:not([data-theme=light]),:root[data-theme=dark]{{{light}}}}}}}\n"
    )
