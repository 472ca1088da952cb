"""What no form should hold: one value for each way in which a box can be wrong."""

BAD: dict[str, str] = {
    "a NUL": "a\x00b",
    "a lone surrogate": "\ud800",
    "a megabyte": "x" * 1_000_000,
    "a comma": ",",
    "a full-width comma": "，",
    "below zero": "-5",
    "far too many": str(10**30),
    "the last day": "9999-12-31",
    "no choice": "no-such-choice",
    "letters that grow": "ßß",
}
