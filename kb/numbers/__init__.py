"""Numbers: text to number to quantity (unit, scale, sign, hedge, range), and back to text in a locale.

Knows nothing of where a number stands or whether it is a finding.
"""

from kb.numbers.forms import beside_raw, format_hedged, format_number, format_statistic, format_value

__all__ = ["beside_raw", "format_hedged", "format_number", "format_statistic", "format_value"]
