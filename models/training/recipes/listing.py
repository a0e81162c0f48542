"""Which labels a reader sees, by what `raddraft evaluate` measured of them; the bar is that of our own packs."""
from __future__ import annotations

from figures import FEWEST, bar_of

#: The lower end of the AUC's interval must lie above this.
LEAST_AUC = 0.65
UNKNOWN = {"value": 0.5, "low": 0.0, "high": 1.0}


def measured_figures(measured: dict) -> dict:
    """The figures of a label, and whether it is listed: AUC, precision and number of positive films reach the bar."""
    rates = measured["rates"]
    precision = rates["precision"]["value"] if rates["precision"] else 0.0
    good = measured["auc"]["low"] > LEAST_AUC and precision >= bar_of(measured["prevalence"])
    return {
        "listed": bool(good and measured["positives"] >= FEWEST),
        "prevalence": measured["prevalence"],
        "positives": measured["positives"],
        "auc": measured["auc"],
        "sensitivity": rates["sensitivity"] or UNKNOWN,
        "specificity": rates["specificity"] or UNKNOWN,
        "calibrationError": measured["calibrationError"],
    }
