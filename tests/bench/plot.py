"""Plots as SVG, without libraries: lines over two logarithmic axes."""
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 70, 170, 40, 50
COLOURS = ("#1f6fb4", "#d9622b", "#2e8b57", "#8c4fa8", "#b8860b", "#555555")


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def text(x, y, words, anchor="middle", size=12, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{more}>{escaped(words)}</text>'


def number(n):
    return f"{n:,.0f}" if n >= 1 else f"{n:g}"


class Axis:
    """From the values to places between two ends, and round values to mark."""

    def __init__(self, values, start, end):
        self.low, self.high = math.log10(min(values) / 1.3), math.log10(max(values) * 1.3)
        self.start, self.end = start, end

    def at(self, value):
        return self.start + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    def marks(self):
        steps = (1, 2, 5) if self.high - self.low < 2.5 else (1,)
        for power in range(math.floor(self.low), math.ceil(self.high) + 1):
            for step in steps:
                if self.low <= math.log10(step) + power <= self.high:
                    yield step * 10.0**power


def lines(title, x_title, y_title, series):
    """series: name -> [(x, y)], none of them 0."""
    points = [p for of in series.values() for p in of]
    x = Axis([p[0] for p in points], LEFT, WIDTH - RIGHT)
    y = Axis([p[1] for p in points], HEIGHT - BOTTOM, TOP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>', text(LEFT, 24, title, "start", 15)]
    for v in x.marks():
        out.append(f'<path d="M{x.at(v):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e4e4e4"/>' + text(x.at(v), HEIGHT - BOTTOM + 18, number(v)))
    for v in y.marks():
        out.append(f'<path d="M{LEFT} {y.at(v):.1f}H{WIDTH - RIGHT}" stroke="#e4e4e4"/>' + text(LEFT - 8, y.at(v) + 4, number(v), "end"))
    out.append(f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" stroke="#333333"/>')
    out.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_title))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    out.append(text(16, middle, y_title, more=f' transform="rotate(-90 16 {middle})"'))
    for i, (name, of) in enumerate(series.items()):
        colour, places = COLOURS[i % len(COLOURS)], [(x.at(a), y.at(b)) for a, b in sorted(of)]
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b in places)
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in places]
        row = TOP + 14 + i * 20
        out.append(f'<path d="M{WIDTH - RIGHT + 14} {row - 4}h18" stroke="{colour}" stroke-width="2"/>' + text(WIDTH - RIGHT + 38, row, name, "start"))
    return "\n".join(out + ["</svg>", ""])
