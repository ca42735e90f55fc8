"""The figures as a table, as JSON and as a chart."""
import json
import math
import statistics
from xml.sax.saxutils import escape

COLOURS = ["#777777", "#4878a8", "#b07030", "#a03838", "#7050a0", "#2e8b57", "#50a090"]


class Figures:
    """Values of rows by system, one of each round."""

    def __init__(self):
        self.rows = []
        self.values = {}
        self.failures = []

    def add(self, row, system, value):
        if row.name not in self.values:
            self.rows.append(row)
            self.values[row.name] = {}
        self.values[row.name].setdefault(system, []).append(value)

    def median(self, row, system):
        values = self.values[row.name].get(system)
        return statistics.median(values) if values else None

    def cost(self, row, system):
        """The times of the native cost, or nothing where one of the two is missing."""
        native, value = self.median(row, "native"), self.median(row, system)
        return row.cost(value, native) if native and value else None

    def spread(self, row, system):
        """Half the distance between the extremes, in hundredths of the median."""
        values = self.values[row.name].get(system)
        middle = statistics.median(values) if values else 0
        return 50 * (max(values) - min(values)) / middle if middle else 0


def number(value):
    if value is None:
        return "-"
    return "%.0f" % value if abs(value) >= 100 else "%.3g" % value


def table(figures, systems):
    """Lines of text: for each system the median, its spread and the times of the native cost."""
    lines = ["%-28s" % "" + "".join("%26s" % name for name in systems) + "   target"]
    for row in figures.rows:
        line = "%-28s" % ("%s, %s" % (row.name, row.unit))
        for system in systems:
            cost = figures.cost(row, system)
            line += "%26s" % ("%s ±%.0f%%%s" % (
                number(figures.median(row, system)), figures.spread(row, system),
                "" if system == "native" or cost is None else " %6.2fx" % cost)
                if figures.median(row, system) is not None else "-")
        lines.append(line + ("   %.2fx" % row.target if row.target else ""))
    return "\n".join(lines)


def document(figures, facts):
    """The same for programs, with every single value."""
    rows = [{
        "row": row.name, "unit": row.unit, "target": row.target, "values": figures.values[row.name],
        "cost": {s: round(c, 4) for s in figures.values[row.name] if (c := figures.cost(row, s)) is not None},
    } for row in figures.rows]
    return json.dumps(dict(facts, rows=rows, failures=figures.failures), indent=1)


def chart(figures, systems, title):
    """Bars of the times of the native cost, on a logarithmic scale, as SVG."""
    shown = [s for s in systems if s != "native"]
    rows = [r for r in figures.rows if any(figures.cost(r, s) for s in shown)]
    bar, gap, left, width = 9, 10, 220, 700
    costs = [c for r in rows for s in shown if (c := figures.cost(r, s))] or [1]
    low = math.floor(math.log10(min(costs + [0.1])))
    high = math.ceil(math.log10(max(costs + [10])))

    def x(cost):
        return left + width * (math.log10(cost) - low) / (high - low)

    height = 70 + len(rows) * (len(shown) * bar + gap)
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">'
             % (left + width + 80, height),
             '<rect width="100%" height="100%" fill="white"/>',
             '<text x="10" y="18" font-size="14">%s</text>' % escape(title)]
    for i, system in enumerate(shown):
        parts.append('<rect x="%d" y="28" width="10" height="10" fill="%s"/><text x="%d" y="37">%s</text>' % (
            left + i * 130, COLOURS[(i + 1) % len(COLOURS)], left + i * 130 + 14, escape(system)))
    for power in range(low, high + 1):
        at = x(10 ** power)
        parts.append('<line x1="%.1f" y1="46" x2="%.1f" y2="%d" stroke="%s"/><text x="%.1f" y="%d">%gx</text>' % (
            at, at, height - 18, "black" if power == 0 else "#dddddd", at - 8, height - 5, 10 ** power))
    y = 52
    for row in rows:
        parts.append('<text x="%d" y="%.1f" text-anchor="end">%s</text>' % (
            left - 8, y + len(shown) * bar / 2 + 4, escape(row.name)))
        for i, system in enumerate(shown):
            cost = figures.cost(row, system)
            if cost:
                start, end = sorted((x(1), x(cost)))
                parts.append(
                    '<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/><text x="%.1f" y="%.1f" font-size="8">'
                    '%.2f</text>' % (start, y, max(end - start, 1), bar - 1, COLOURS[(i + 1) % len(COLOURS)], end + 3,
                                     y + bar - 2, cost))
            y += bar
        y += gap
    return "\n".join(parts + ["</svg>", ""])
