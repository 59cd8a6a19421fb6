"""Makes the golden file of the judges' statistics, by AlpacaEval, scikit-learn and Python's random.

    pip install alpaca_eval==0.6.6 scikit-learn==1.9.1
    git clone https://github.com/tatsu-lab/alpaca_eval
    python tools/make_judge_goldens.py alpaca_eval

Writes judge_statistics.json among the test resources of tralign-judge. Its `about` explains the fields.
The clone is of commit cd543a1 of 2025-08-09; a bare one will do.
"""

import io
import json
import math
import random
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from goldens import made_by, write

warnings.filterwarnings("ignore")

SEED = 22
BASE = "src/alpaca_eval/"
WEIGHTS = BASE + (
    "metrics/weights/weighted_alpaca_eval_gpt4_turbo/length_controlled_v1/baseline_gpt4_1106_preview.csv"
)
LEADERBOARD = (
    BASE + "leaderboards/data_AlpacaEval_2/weighted_alpaca_eval_gpt4_turbo_leaderboard.csv"
)
KNOWN = "vicuna-13b-v1.5"  # whose annotations have the fitted preferences
ANNOTATIONS = f"results/{KNOWN}/weighted_alpaca_eval_gpt4_turbo/weighted_alpaca_eval_gpt4_turbo/annotations.json"
D, G = "instruction_difficulty", "not_gamed_baseline.astype(float)"
ABOUT = (
    "`difficulties` of AlpacaEval's instructions, solved from the fitted preferences that its repository "
    "has for one model; `published`: per model its weights of the difficulty and of the model, and the "
    "length-controlled win rate with its standard error as published. `length_control`: made-up "
    "annotations (`length_1`, `length_2` in characters, `preference`), made-up gamed rows, and what "
    "alpaca_eval's get_length_controlled_winrate makes of them in its three forms. `logistic`: rows, "
    "soft targets, weights, and scikit-learn's coefficients for l1, l2 or no penalty. `switched`: "
    "whether AlpacaEval swaps the answers of an instruction. `python_random`: the first numbers of "
    "random.Random(seed)."
)


def show(clone, path):
    return subprocess.run(
        ["git", "-C", clone, "show", "HEAD:" + path], check=True, capture_output=True
    ).stdout.decode("utf-8")


def table(clone, path):
    return pd.read_csv(io.StringIO(show(clone, path)), index_col=0)


def solved_difficulties(clone, weights):
    fitted = [row["glm_preference"] for row in json.loads(show(clone, ANNOTATIONS))]
    row = weights.loc[KNOWN]
    return [(math.log(p / (1 - p)) - row[G]) / row[D] for p in fitted]


def published(weights, leaderboard):
    rows = []
    for model in leaderboard.index:
        if model in weights.index:
            w, row = weights.loc[model], leaderboard.loc[model]
            error = None if math.isnan(row["lc_standard_error"]) else row["lc_standard_error"]
            lc = row["length_controlled_winrate"]
            rows.append({"model": model, "difficulty": w[D], "weight": w[G], "lc": lc, "error": error})
    return rows


def annotations(rng, difficulties, skill, taste):
    """Preferences that depend on length, difficulty and skill; a few are missing, a few are ties."""
    rows = []
    for d in difficulties:
        lengths = [int(v) for v in np.exp(rng.normal([6.5, 6.3 + 0.2 * skill], 0.6))]
        z = skill - 0.3 * d - taste * math.tanh((lengths[0] - lengths[1]) / 700) + rng.normal(0, 1)
        preference = 1 + 1 / (1 + math.exp(-2 * z))
        preference = 1.5 if rng.random() < 0.02 else None if rng.random() < 0.02 else preference
        rows.append({"length_1": lengths[0], "length_2": lengths[1], "preference": preference})
    return rows


def gamed_rows(rng, difficulties):
    rows = []
    for sign in (1, -1):
        for i, d in enumerate(difficulties):
            x = sign * abs(rng.normal(0, 1))
            z = -0.9 * math.tanh(x) + rng.normal(0, 0.5)
            rows.append(
                {
                    "index": i, "preference": 1 / (1 + math.exp(-z)), "std_delta_len": x,
                    "instruction_difficulty": d, "not_gamed_baseline": False,
                }
            )
    return rows


def length_control(rng, difficulties, skill, taste):
    from alpaca_eval.metrics import glm_winrate

    rows, gamed = annotations(rng, difficulties, skill, taste), gamed_rows(rng, difficulties)
    folder = Path(tempfile.mkdtemp())
    pd.DataFrame(gamed).assign(model="gamed").to_csv(folder / "df_gamed.csv", index=False)
    glm_winrate.hf_hub_download = lambda filename, **_: str(folder / filename)
    table = pd.DataFrame(
        {
            "output_1": ["x" * row["length_1"] for row in rows],
            "output_2": ["x" * row["length_2"] for row in rows],
            "generator_1": "reference", "generator_2": "model", "annotator": "judge",
            "preference": [np.nan if row["preference"] is None else row["preference"] for row in rows],
        }
    )
    forms = ("length_controlled_v1", "length_controlled_noreg", "length_controlled_minimal")
    expected = {
        form: {
            key: float(value)
            for key, value in glm_winrate.get_length_controlled_winrate(
                table.copy(), glm_name=form, save_weights_dir=None
            ).items()
        }
        for form in forms
    }
    return {"difficulties": difficulties, "rows": rows, "gamed": gamed, "expected": expected}


def logistic(rng):
    n, k = 60, 4
    x = rng.normal(0, 1, (n, k))
    y = 1 / (1 + np.exp(-(x @ [1.5, -0.7, 0.0, 0.1] + rng.normal(0, 1, n))))
    w = rng.uniform(0.1, 2, n)
    fits = []
    for l1, l2 in ((2.0, 0.0), (0.1, 0.0), (0.0, 3.0), (0.0, 0.0)):
        # liblinear for L1: its tolerance is relative, so it is asked for much
        kinds = {
            "penalty": "l1" if l1 else "l2" if l2 else None,
            "C": 1 / (l1 or l2 or 1),
            "solver": "liblinear" if l1 else "newton-cholesky",
        }
        model = LogisticRegression(fit_intercept=False, tol=1e-12, max_iter=100_000, **kinds)
        model.fit(np.r_[x, x], np.r_[np.ones(n), np.zeros(n)], np.r_[w * y, w * (1 - y)])
        fits.append({"l1": l1, "l2": l2, "coefficients": model.coef_[0].tolist()})
    return {"x": x.tolist(), "y": y.tolist(), "weights": w.tolist(), "fits": fits}


def main():
    from alpaca_eval import utils

    clone = sys.argv[1]
    rng = np.random.default_rng(SEED)
    weights, leaderboard = table(clone, WEIGHTS), table(clone, LEADERBOARD)
    difficulties = solved_difficulties(clone, weights)
    texts = ["", "a", "What is 2+2?", "é 漢字 🙂", *(f"instruction {i}\n" for i in range(30)), "x" * 3000]
    out = Path(__file__).resolve().parent.parent / "tralign-judge/src/test/resources/io/github/tralign/judge"
    out.mkdir(parents=True, exist_ok=True)
    write(
        out / "judge_statistics.json",
        {
            "made_by": made_by(
                "python tools/make_judge_goldens.py alpaca_eval", SEED, "numpy", "pandas", "sklearn"
            ),
            "about": ABOUT,
            "difficulties": difficulties,
            "published": published(weights, leaderboard),
            "length_control": {
                name: length_control(rng, difficulties[:250], skill, taste)
                for name, (skill, taste) in {"weak": (-0.8, 1.0), "strong": (0.6, 0.3)}.items()
            },
            "logistic": logistic(rng),
            "switched": [
                [t, utils.random_seeded_choice("is_switched_outputs" + t + "123", [False, True])]
                for t in texts
            ],
            "python_random": [
                {"seed": t, "numbers": [r.random() for r in [random.Random(t)] for _ in range(700)][::70]}
                for t in texts[:4]
            ],
        },
    )


if __name__ == "__main__":
    main()
