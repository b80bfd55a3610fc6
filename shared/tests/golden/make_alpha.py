"""The numbers that shared/src/preferences/statistics.rs is tested against, from the definitions:
the coincidence matrix of Krippendorff (2011), section C, and Wilson's score interval. Python's own library only.

    python3 shared/tests/golden/make_alpha.py
"""

from collections import Counter
from itertools import permutations
from math import sqrt

# His example of section C, where he finds 0.743.
KRIPPENDORFF = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]
OURS = ["AAA", "BBTB", "TTTT", "NN", "BBBB", "ABTN", "NNNN", "AABA", "BB", "A", ""]


def alpha(units):
    coincidences = Counter()
    for values in units:
        for one, other in permutations(range(len(values)), 2):
            coincidences[values[one], values[other]] += 1 / (len(values) - 1)
    totals = Counter()
    for (value, _), count in coincidences.items():
        totals[value] += count
    n = sum(totals.values())
    observed = sum(count for (one, other), count in coincidences.items() if one != other) / n
    expected = sum(totals[c] * totals[k] for c in totals for k in totals if c != k) / (n * (n - 1))
    return 1 - observed / expected


def wilson(wins, of, z=1.959963984540054):
    share, scale = wins / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    half = z / scale * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(middle - half, 0.0), min(middle + half, 1.0)


rows = [line.split() for line in KRIPPENDORFF]
units = [[row[unit] for row in rows if row[unit] != "."] for unit in range(12)]
assert round(alpha(units), 3) == 0.743, alpha(units)
print("alpha", repr(alpha(OURS)))
for wins, of in [(7, 10), (0, 5), (12.5, 20), (100, 100)]:
    print("wilson", wins, of, *map(repr, wilson(wins, of)))
