"""Makes the golden trajectories of other losses than DPO: how TRL trains the checkpoints that
make_trl_goldens.py made with IPO under a soft reference, with KTO under a hard one, and with DPO
weighted as in WPO under a fixed one.

    python -m venv venv && . venv/bin/activate
    pip install torch==2.15.0 transformers==5.23.0 trl==1.16.0 datasets
    python tools/make_trajectory_goldens.py [FOLDER]

FOLDER (default: the test resources of tralign-djl) is one that make_trl_goldens.py wrote. This adds
    unpaired.jsonl           rows {"prompt", "completion", "label"}, in the order of training
    loss_trajectories.json   per checkpoint and loss: TRL's numbers for each step
"""

import json
import os
import sys
from pathlib import Path

from make_trl_goldens import (  # sets the environment, so it comes first
    BATCH, BETA, CLIP, EOS, LEARNING_RATE, LOGGED, SEED, SOFT_ALPHA, TRAINED, Observed,
    observed_run, prepare, train_pairs,
)

from transformers import AutoTokenizer
from trl import KTOConfig, KTOTrainer

from goldens import made_by, write

STEPS, IPO_BETA, KTO_BETA, HARD_TAU, UNDESIRABLE_WEIGHT = 16, 1.0, 0.1, 4, 1.25
MAX_LENGTH = 75  # of unpaired rows: the longest has so many tokens; it cuts mismatched completions only


def unpaired(rows):
    """Completions of the pairs, no two of a pair near one another; the sixth batch is all desirable."""
    made = []
    for i in range(2 * len(rows)):
        row = rows[11 * i % len(rows)]
        desirable = (i % 5 in (1, 3, 4)) != (i >= len(rows)) or 5 * BATCH <= i < 6 * BATCH
        completion = row["chosen" if desirable else "rejected"]
        made.append({"prompt": row["prompt"], "completion": completion, "label": desirable})
    return made


class ObservedKTOTrainer(Observed, KTOTrainer):
    pass


def train_unpaired(folder, tok, data, **sync):
    def check(rows, kept):
        """That the split is at the common prefix, and a mismatched completion its batch's previous one."""
        for i, (row, ids) in enumerate(zip(rows, kept, strict=True)):
            end = "" if row["completion"].endswith(EOS) else EOS
            prompt = tok(row["prompt"])["input_ids"]
            whole = tok(row["prompt"] + row["completion"] + end)["input_ids"]
            split = len(os.path.commonprefix([prompt, whole]))
            assert (ids["prompt_ids"], ids["completion_ids"]) == (whole[:split], whole[split:])
            previous = i - 1 if i % BATCH else i + BATCH - 1
            assert ids["KL_completion_ids"] == kept[previous]["completion_ids"]
            assert len(whole) <= MAX_LENGTH

    return observed_run(
        ObservedKTOTrainer, KTOConfig, folder, tok, data, STEPS, check, ["kl", *LOGGED],
        loss_type="kto", beta=KTO_BETA, undesirable_weight=UNDESIRABLE_WEIGHT,
        max_length=MAX_LENGTH, **sync,
    )


COMMON = {
    "shuffle": False, "batch_size": BATCH, "steps": STEPS,
    "learning_rate": LEARNING_RATE, "schedule": "constant", "weight_decay": 0.0,
    "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}, "max_grad_norm": CLIP,
}
SETUP = {
    "ipo-mean": {
        "rows": "rows.jsonl", **COMMON, "beta": IPO_BETA,
        "reference": {"alpha": SOFT_ALPHA, "every": 1},
    },
    "kto": {
        "rows": "unpaired.jsonl", "max_length": MAX_LENGTH, **COMMON, "beta": KTO_BETA,
        "desirable_weight": 1.0, "undesirable_weight": UNDESIRABLE_WEIGHT,
        "reference": {"alpha": 1.0, "every": HARD_TAU},
    },
    "wpo": {"rows": "rows.jsonl", **COMMON, "beta": BETA, "reference": {}},
}
ABOUT = (
    "TRL's DPOTrainer (ipo-mean, and wpo: dpo with use_weighting) and KTOTrainer (kto) on the rows in "
    "file order, which begins anew when the file ends. As in trajectories.json the numbers of step t "
    "are those of its forward pass. A row's mismatched completion, for the KL of KTO, is the previous "
    "row's completion, the first row's the last row's of its batch; its tokens stay as they are, but "
    "those beyond max_length are cut off. kl is clamped at 0 after the mean over the "
    "batch, without beta. Rewards and logps of KTO are means over the rows of that kind, and are missing "
    "where a batch has none; logps/chosen and rewards/chosen are those of desirable rows."
)


def main():
    prepare()
    home = Path(__file__).resolve().parent.parent
    default = home / "tralign-djl/src/test/resources/io/github/tralign/djl/golden"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    tok = AutoTokenizer.from_pretrained(out / "neox")
    rows = [json.loads(line) for line in (out / "rows.jsonl").read_text("utf-8").splitlines()]
    single = unpaired(rows)
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in single]
    (out / "unpaired.jsonl").write_text("".join(lines), encoding="utf-8")
    soft = dict(sync_ref_model=True, ref_model_mixup_alpha=SOFT_ALPHA, ref_model_sync_steps=1)
    hard = dict(sync_ref_model=True, ref_model_mixup_alpha=1.0, ref_model_sync_steps=HARD_TAU)
    runs = {
        name: {
            "ipo-mean": train_pairs(out / name, tok, rows, STEPS, "ipo", IPO_BETA, **soft),
            "kto": train_unpaired(out / name, tok, single, **hard),
            "wpo": train_pairs(out / name, tok, rows, STEPS, "sigmoid", BETA, use_weighting=True),
        }
        for name in TRAINED
    }
    made = made_by(
        "python tools/make_trajectory_goldens.py", SEED, "torch", "transformers", "trl", "tokenizers"
    )
    write(
        out / "loss_trajectories.json",
        {"made_by": made, "about": ABOUT, "setup": SETUP, "runs": runs},
    )
    for name, by_loss in runs.items():
        for loss, run in by_loss.items():
            print(name, loss, *("%.4f" % step["loss"] for step in run["steps"]))


if __name__ == "__main__":
    main()
