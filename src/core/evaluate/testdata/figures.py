"""Writes figures.json: what scikit-learn and numpy say of made-up films, for figures.test.ts."""
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import jaccard_score, f1_score, roc_auc_score, roc_curve, confusion_matrix

chance = np.random.default_rng(7)


def case(films: int, share: float, places: int) -> dict:
    """Scores rounded to `places`, so that there are ties."""
    truth = chance.random(films) < share
    score = np.round(1 / (1 + np.exp(-(truth * 1.2 - 1.5 + chance.normal(size=films)))), places)
    order = np.argsort(score, kind="stable")
    parts = [p for p in np.array_split(order, 10) if len(p)]
    across, up, _ = roc_curve(truth, score, drop_intermediate=False)
    tn, fp, fn, tp = confusion_matrix(truth, score >= 0.4).ravel()
    return {
        "truth": truth.astype(int).tolist(),
        "score": score.tolist(),
        "auc": roc_auc_score(truth, score),
        "curve": [[float(a), float(b)] for a, b in zip(across, up)],
        "counts": {"truePositives": int(tp), "falsePositives": int(fp), "falseNegatives": int(fn), "trueNegatives": int(tn)},
        "said": [float(score[p].mean()) for p in parts],
        "found": [float(truth[p].mean()) for p in parts],
        "ece": float(sum(len(p) * abs(score[p].mean() - truth[p].mean()) for p in parts) / films),
    }


def wilson(hits: int, total: int) -> list[float]:
    """Roots of (p − s)² = z² s (1 − s) / n."""
    z, p = 1.959964, hits / total
    return sorted(np.roots([1 + z * z / total, -(2 * p + z * z / total), p * p]).real.tolist())


masks = chance.random((2, 30 * 40)) < 0.4
values = np.round(chance.normal(size=41), 3)
out = {
    "by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    "cases": [case(57, 0.3, 2), case(240, 0.1, 3), case(100, 0.5, 1)],
    "wilson": [[h, n, *wilson(h, n)] for h, n in [(0, 20), (3, 17), (50, 100), (119, 120)]],
    "masks": {
        "a": masks[0].astype(int).tolist(),
        "b": masks[1].astype(int).tolist(),
        "iou": jaccard_score(masks[0], masks[1]),
        "dice": f1_score(masks[0], masks[1]),
    },
    "quantiles": {"values": values.tolist(), "at": [[q, float(np.quantile(values, q))] for q in (0, 0.025, 0.5, 0.9, 0.975, 1)]},
}
Path(__file__).with_name("figures.json").write_text(json.dumps(out) + "\n")
