"""Makes the golden file of BCO's loss, from the trainer that TRL had up to version 1.13.

    python -m venv bco && . bco/bin/activate
    pip install torch==2.15.0 transformers==5.23.0 trl==1.13.0 datasets
    python tools/make_bco_goldens.py [FILE]

BCOTrainer cannot be made without scikit-learn and an embedding function, so its method `bco_loss`
is called with a stand-in for the trainer that holds what the method reads. The batches follow one
another: the shift delta is the mean over all rewards so far, those of the batch itself included.
"""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

os.environ.update(CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1", TRL_EXPERIMENTAL_SILENCE="1")

import torch
import trl
from accelerate import Accelerator
from trl.experimental.bco.bco_trainer import BCOTrainer, RunningMoments

from goldens import made_by, write
from loss_batches import SEED, unpaired

BATCHES = ["mixed", "clamped", "desirable-only", "undesirable-only", "far-apart", "mixed"]


def trained(beta):
    """The batches in turn, as in training; then the first one again, as in evaluation."""
    running = RunningMoments(Accelerator(cpu=True))
    stand_in = SimpleNamespace(beta=beta, running=running, match_underlying_distribution=False)
    for name in BATCHES:
        yield step(stand_in, name, True)
    yield step(stand_in, BATCHES[0], False)


def step(stand_in, name, training):
    batch = unpaired()[name]
    policy = torch.tensor(batch["policy"], requires_grad=True)
    reference, desirable = torch.tensor(batch["reference"]), torch.tensor(batch["desirable"])
    sides = [logps[mask] for logps in (policy, reference) for mask in (desirable, ~desirable)]
    losses, chosen, rejected, delta = BCOTrainer.bco_loss(
        stand_in, *sides, None, None, do_train=training
    )
    losses.nanmean().backward()  # as in its compute_loss

    def by_row(values):
        rows = torch.empty_like(policy)
        rows[desirable], rows[~desirable] = values.detach().split([len(chosen), len(rejected)])
        return rows.tolist()

    return {
        "batch": name, "training": training, "value": losses.nanmean().item(),
        "values": by_row(losses), "d": policy.grad.tolist(),
        "rewards": by_row(torch.cat([chosen, rejected])), "delta": delta.item(),
    }


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    home = Path(__file__).resolve().parent.parent
    default = home / "tralign-core/src/test/resources/io/github/tralign/loss/bco_losses.json"
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else default, {
        "made_by": made_by("python tools/make_bco_goldens.py", SEED, "torch", "transformers", "trl"),
        "about": "Step by step; delta is as TRL holds it: each batch's mean is rounded to float32.",
        "batches": {name: unpaired()[name] for name in BATCHES},
        "runs": {
            f"beta {beta}": {
                "source": f"trl {trl.__version__} BCOTrainer beta={beta}", "loss": "bco",
                "options": {"beta": beta}, "precision": "float32", "steps": list(trained(beta)),
            }
            for beta in (0.1, 0.5)
        },
    })


if __name__ == "__main__":
    main()
