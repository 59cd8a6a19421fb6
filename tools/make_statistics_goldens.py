"""Makes the golden files of what depends on whole distributions: how far a policy diverges from its
reference and how likely two draws of it agree, by transformers; and how TDPO2 trains, by autograd.

    python -m venv venv && . venv/bin/activate
    pip install torch==2.15.0 transformers==5.23.0 trl==1.16.0 datasets
    python tools/make_statistics_goldens.py [FOLDER]

FOLDER (default: the test resources of tralign-djl) is one that make_trl_goldens.py wrote. This adds
    statistics.json          per checkpoint, policy and row: sums over each completion's tokens
    tdpo_trajectories.json   per checkpoint: the numbers of each step
"""

import json
import sys
from pathlib import Path

from make_trl_goldens import (  # sets the environment, so it comes first
    BATCH, CLIP, LEARNING_RATE, SEED, SOFT_ALPHA, TRAINED, prepare, token_ids,
)

import torch
from torch.nn.functional import logsigmoid
from transformers import AutoModelForCausalLM, AutoTokenizer

from goldens import made_by, write

SHRUNK = {"far": 0.1, "near": 1e-3}
ROWS = 10
STEPS, BETA, TDPO_ALPHA = 10, 0.1, 2.0
ABOUT = (
    "The reference is the checkpoint itself, the policy has all its weights shrunk by `shrunk`. Per "
    "line of rows.jsonl, the first ones: sums over a completion's tokens of divergence, "
    "KL(reference ‖ policy), and collision, log of the sum of the policy's squared probabilities. "
    "transformers, fp32 on a CPU, eval mode, one unpadded sequence a pass; softmax and sums in double "
    "precision."
)
ABOUT_TDPO = (
    "TDPO2 (arXiv 2404.11999) as its authors write it, with PyTorch's autograd and AdamW, fp32, on "
    "rows.jsonl in file order; after each step the reference moves by `soft` towards the policy. The "
    "numbers of a step are those of its forward pass: loss, and gradient norm before clipping."
)


def model(folder, shrunk):
    made = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.mul_(1 - shrunk)
    return made


def distributions(model, prompt, completion):
    """The log-probabilities of all tokens, a row for each of the completion's."""
    logits = model(input_ids=torch.tensor([prompt + completion])).logits[0]
    return logits[len(prompt) - 1 : -1].double().log_softmax(-1)


@torch.no_grad()
def statistics(policy, reference, prompt, completion):
    p, ref = (distributions(model, prompt, completion) for model in (policy, reference))
    return {
        "divergence": (ref.exp() * (ref - p)).sum().item(),
        "collision": (2 * p).logsumexp(-1).sum().item(),
    }


def tell(folder, tok, rows, shrunk):
    policy, reference = model(folder, shrunk), model(folder, 0)
    told = []
    for i, row in enumerate(rows):
        prompt, *completions = token_ids(tok, row)
        each = [statistics(policy, reference, prompt, completion) for completion in completions]
        told.append({"index": i, "chosen": each[0], "rejected": each[1]})
    return told


def logp_ratio_and_divergence(policy, reference, prompt, completion):
    p = distributions(policy, prompt, completion)
    with torch.no_grad():
        ref = distributions(reference, prompt, completion)
    at = range(len(completion)), completion
    return (p[at] - ref[at]).sum(), (ref.exp() * (ref - p)).sum()


def train_tdpo(folder, tok, rows):
    policy, reference = model(folder, 0), model(folder, 0)
    optimizer = torch.optim.AdamW(policy.parameters(), lr=LEARNING_RATE, weight_decay=0.0)
    steps = []
    for first in range(0, STEPS * BATCH, BATCH):
        losses = []
        for row in rows[first : first + BATCH]:
            prompt, *completions = token_ids(tok, row)
            (a, chosen), (b, rejected) = (
                logp_ratio_and_divergence(policy, reference, prompt, each) for each in completions
            )
            h = a - b - TDPO_ALPHA * (rejected - chosen.detach())
            losses.append(-logsigmoid(BETA * h))
        loss = torch.stack(losses).mean()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(policy.parameters(), CLIP)
        optimizer.step()
        optimizer.zero_grad()
        with torch.no_grad():
            for ref, trained in zip(reference.parameters(), policy.parameters()):
                ref.lerp_(trained, SOFT_ALPHA)
        steps.append({"step": len(steps) + 1, "loss": loss.item(), "grad_norm": norm.item()})
    return steps


def main():
    prepare()
    home = Path(__file__).resolve().parent.parent
    default = home / "tralign-djl/src/test/resources/io/github/tralign/djl/golden"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    tok = AutoTokenizer.from_pretrained(out / "neox")
    rows = [json.loads(line) for line in (out / "rows.jsonl").read_text("utf-8").splitlines()]
    told = {
        name: {which: tell(out / name, tok, rows[:ROWS], shrunk) for which, shrunk in SHRUNK.items()}
        for name in TRAINED
    }
    made = made_by("python tools/make_statistics_goldens.py", SEED, "torch", "transformers")
    write(
        out / "statistics.json",
        {"made_by": made, "about": ABOUT, "shrunk": SHRUNK, "statistics": told},
    )
    setup = {
        "rows": "rows.jsonl", "batch_size": BATCH, "steps": STEPS, "beta": BETA, "alpha": TDPO_ALPHA,
        "soft": SOFT_ALPHA, "learning_rate": LEARNING_RATE, "max_grad_norm": CLIP,
    }
    runs = {name: train_tdpo(out / name, tok, rows) for name in TRAINED}
    write(
        out / "tdpo_trajectories.json",
        {"made_by": made, "about": ABOUT_TDPO, "setup": setup, "runs": runs},
    )


if __name__ == "__main__":
    main()
