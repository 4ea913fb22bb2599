"""What has been measured: one dictionary, as it stands in Results/latest.json."""

from .arithmetic import median, ratios


def measure(results, name):
    """The measure of a name; None where it was not taken."""
    return next((measure for measure in results["measures"] if measure["name"] == name), None)


def values(results, name, client, figure=None):
    """The values of a client in a measure, one a round; of the main figure where none is named. None where there are none."""
    found = measure(results, name)
    if not found:
        return None
    figure = figure or next(figure["name"] for figure in found["figures"] if figure["is_main"])
    row = next((row for row in found["rows"] if row["client"] == client), None)
    return row["values"].get(figure) if row else None


def ratio(results, name, client, base, figure=None):
    """The median of the ratios of two clients in the rounds of a measure; None where one of them is missing."""
    of, by = values(results, name, client, figure), values(results, name, base, figure)
    return median(ratios(of, by)) if of and by else None


def difference(results, name, client, base, figure=None):
    """The median of the differences of two clients in the rounds of a measure."""
    of, less = values(results, name, client, figure), values(results, name, base, figure)
    if not of or not less:
        return None
    return median([a - b for a, b in zip(of, less) if a is not None and b is not None])


def memory(results):
    """Memory a stream: what 448 more of them take, in the measures with 64 and with 512 paced streams. None where one of these was not taken."""
    few, many = measure(results, "paced-64"), measure(results, "paced-512")
    if not few or not many:
        return None
    rows = []
    for row in many["rows"]:
        taken = {}
        for figure in ("rss", "idle"):
            from_values = values(results, "paced-64", row["client"], figure)
            to_values = row["values"].get(figure)
            pairs = zip(from_values or [], to_values or [])
            taken[figure] = [(to - of) / 448 if of is not None and to is not None else None for of, to in pairs]
        if median(taken["rss"]) is not None:
            rows.append({"client": row["client"], "label": row["label"], "values": taken})
    return {
        "name": "memory", "title": "Memory a stream", "bases": ["rust"], "rows": rows,
        "about": "(RSS with 512 paced streams − RSS with 64) / 448: while they bring tokens, and idle, with the connections kept.",
        "figures": [
            {"name": "rss", "title": "KiB an active stream", "is_main": True}, {"name": "idle", "title": "KiB an idle stream", "is_main": False},
        ],
    }
