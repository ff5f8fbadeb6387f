"""Two plots in SVG, generated without a library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from .results import Results

COLOURS = {
    "ours": "#1f6feb",
    "ours sync": "#79a7f0",
    "ours on httpx": "#79a7f0",
    "aiohttp": "#2da44e",
    "httpx": "#8c6d1f",
    "openai": "#cf222e",
    "openai on aiohttp": "#e8833a",
    "openai sync": "#e58a91",
    "litellm": "#8250df",
    "litellm client": "#b794ea",
}
OTHER = "#57606a"
AT_ONCE = {"sequential": 1, "at-10": 10, "at-100": 100, "at-500": 500, "at-1000": 1000}
BARS = {"flood": "1 unpaced stream", "paced-100": "100 streams, 20 chunks/s each"}


def requests(results: Results, names: Sequence[str]) -> str:
    """Plot the CPU per completion against the number of concurrent completions."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for name in names:
        found = [(at, results.median(scenario, name, "cpu")) for scenario, at in AT_ONCE.items()]
        points = [(float(at), value) for at, value in found if value is not None]
        if len(points) > 1:
            lines[name] = points
    values = [value for points in lines.values() for _, value in points] or [1.0, 10.0]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    left, top, width, height = 70, 50, 520, 330

    def place(at: float, value: float) -> tuple[float, float]:
        along = math.log10(at) / 3 * width
        return left + along, top + height - (math.log10(value) - low) / (high - low) * height

    parts = [_text(left, 24, "CPU per completion by concurrency", size=15, weight="bold")]
    parts.append(_text(left, 42, "microseconds, both scales logarithmic; lower is better", colour=OTHER))
    for power in range(low, high + 1):
        _, y = place(1, 10**power)
        parts.append(_line([(left, y), (left + width, y)], "#d0d7de", 1))
        parts.append(_text(left - 8, y + 4, f"{10**power:,}", anchor="end", colour=OTHER))
    for at in AT_ONCE.values():
        x, _ = place(at, 10**low)
        parts.append(_text(x, top + height + 20, f"{at:,}", anchor="middle", colour=OTHER))
    parts.append(_text(left + width / 2, top + height + 40, "concurrent completions", anchor="middle", colour=OTHER))
    ends: list[tuple[float, str]] = []
    for name, points in lines.items():
        placed = [place(*point) for point in points]
        colour = COLOURS.get(name, OTHER)
        parts.append(_line(placed, colour, 3 if name == names[0] else 1.5))
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed]
        if points[-1][0] > 1:
            ends.append((placed[-1][1], name))
    for y, name in _apart(ends):
        parts.append(_text(left + width + 10, y + 4, name, colour=COLOURS.get(name, OTHER)))
    return _svg(left + width + 150, top + height + 55, parts)


def streams(results: Results, names: Sequence[str]) -> str:
    """Plot the CPU per streamed chunk."""
    left, width, step = 150, 430, 20
    parts = [_text(20, 24, "CPU per streamed chunk", size=15, weight="bold")]
    parts.append(_text(20, 42, "microseconds; lower is better; httpx and aiohttp only count line ends", colour=OTHER))
    y = 70.0
    for scenario, title in BARS.items():
        found = [(name, results.median(scenario, name, "cpu")) for name in names]
        rows = [(value, name) for name, value in found if value is not None]
        most = max((value for value, _ in rows), default=1)
        parts.append(_text(20, y, title, weight="bold"))
        for value, name in sorted(rows):
            y += step
            length = max(value / most * width, 1)
            colour = COLOURS.get(name, OTHER)
            parts.append(_text(left - 8, y + 4, name, anchor="end"))
            parts.append(f'<rect x="{left}" y="{y - 7:.1f}" width="{length:.1f}" height="14" fill="{colour}"/>')
            parts.append(_text(left + length + 6, y + 4, f"{value:,.1f}", colour=OTHER))
        y += 2 * step
    return _svg(left + width + 80, y - 10, parts)


def _apart(labels: list[tuple[float, str]], distance: float = 15) -> list[tuple[float, str]]:
    """Return the labels, moved down where they would overlap."""
    placed: list[tuple[float, str]] = []
    for y, name in sorted(labels):
        placed.append((max(y, placed[-1][0] + distance) if placed else y, name))
    return placed


def _line(points: Sequence[tuple[float, float]], colour: str, width: float) -> str:
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 12,
    anchor: str = "start",
    colour: str = "#1f2328",
    weight: str = "normal",
) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" font-weight="{weight}" fill="{colour}">{escape(text)}</text>'


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="system-ui, sans-serif">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="#ffffff"/>', *parts, "</svg>", ""])
