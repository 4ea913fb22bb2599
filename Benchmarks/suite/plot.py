"""Log-log plots as SVG, readable in light and in dark."""

import math
from html import escape

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 44, 52
# Colours that can be told apart without red and green, in light and in dark.
COLOURS = [("#0b62b8", "#6cb6ff"), ("#b3540a", "#f5a45d"), ("#6f42c1", "#c3a6ff"), ("#00736b", "#4fd1c5"), ("#6b6b6b", "#b0b0b0")]

STYLE = """svg { background: #ffffff; font: 13px system-ui, sans-serif; }
text { fill: #24292f; } .grid { stroke: #d0d7de; stroke-width: 1; } .title { font-size: 15px; font-weight: 600; }
.line { fill: none; stroke-width: 2; }
"""
DARK = "svg { background: #0d1117; } text { fill: #e6edf3; } .grid { stroke: #30363d; }"


def style(count):
    light, dark = [], [DARK]
    for index in range(count):
        colours = COLOURS[index % len(COLOURS)]
        for rules, colour in zip((light, dark), colours):
            rules.append(f".s{index} {{ stroke: {colour}; }} .s{index} circle, text.s{index} {{ fill: {colour}; stroke: none; }}")
    return STYLE + "\n".join(light) + "\n@media (prefers-color-scheme: dark) { " + " ".join(dark) + " }"


def short(value):
    """A number for an axis: 100,000 as 100k; 1,024 and 0.5 as they are."""
    for limit, suffix in ((1e6, "M"), (1e3, "k")):
        if value >= limit and value % limit == 0:
            return f"{value / limit:g}{suffix}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def decades(low, high):
    """The marks of an axis: 1, 2 and 5 of every power of ten, or the powers alone where there are many; one beyond each end."""
    steps = (1,) if math.log10(high / low) > 2.5 else (1, 2, 5)
    marks = [step * 10.0**power for power in range(-9, 12) for step in steps]
    first = max([mark for mark in marks if mark <= low * 1.0001], default=marks[0])
    last = min([mark for mark in marks if mark >= high * 0.9999], default=marks[-1])
    return [mark for mark in marks if first <= mark <= last]


def plot(title, x_title, y_title, series, names=None):
    """The SVG of some series: each a name and its points (x, y), all above 0. `names` gives marks of the x axis their names."""
    series = [(name, [(x, y) for x, y in points if x > 0 and y is not None and y > 0]) for name, points in series]
    series = [(name, points) for name, points in series if points]
    if not series:
        raise ValueError(f"nothing to plot in {title!r}")
    xs = sorted({x for _, points in series for x, _ in points})
    ys = [y for _, points in series for _, y in points]
    marks = decades(min(ys), max(ys))
    if len(marks) == 1:
        marks = [marks[0] / 10, marks[0], marks[0] * 10]

    def position(value, low, high, start, end):
        share = (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low)) if high > low else 0.5
        return round(start + share * (end - start), 1)

    def across(x):
        return position(x, xs[0], xs[-1], LEFT, WIDTH - RIGHT)

    def up(y):
        return position(y, marks[0], marks[-1], HEIGHT - BOTTOM, TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>", f"<style>{style(len(series))}</style>",
        f'<text class="title" x="{LEFT}" y="24">{escape(title)}</text>',
    ]
    for mark in marks:
        y = up(mark)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{short(mark)}</text>')
    for x in xs:
        parts.append(f'<line class="grid" x1="{across(x)}" x2="{across(x)}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        label = (names or {}).get(x, short(x))
        parts.append(f'<text x="{across(x)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{escape(label)}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x_title)}</text>')
    parts.append(f'<text x="16" y="{(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" transform="rotate(-90 16 {(TOP + HEIGHT - BOTTOM) / 2})">{escape(y_title)}</text>')
    for index, ((name, points), label) in enumerate(zip(series, label_heights([up(points[-1][1]) for _, points in series]))):
        parts.append(f'<g class="s{index}"><polyline class="line" points="{" ".join(f"{across(x)},{up(y)}" for x, y in points)}"/>')
        parts += [f'<circle cx="{across(x)}" cy="{up(y)}" r="3.5"><title>{escape(name)}: {short(x)}, {y:.4g}</title></circle>' for x, y in points]
        parts.append(f'</g><text class="s{index}" x="{WIDTH - RIGHT + 10}" y="{label + 4}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def label_heights(heights, gap=17):
    """Where the names at the ends of the lines stand: near the ends, and none over another."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    placed = list(heights)
    for before, index in zip(order, order[1:]):
        placed[index] = max(placed[index], placed[before] + gap)
    over = placed[order[-1]] - (HEIGHT - BOTTOM) if order else 0
    return [round(height - max(0, over), 1) for height in placed]
