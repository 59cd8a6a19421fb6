"""Makes the golden trajectories of groups of parameters: how TRL's DPOTrainer trains the checkpoints
that make_trl_goldens.py made, with torch.optim.AdamW on several parameter groups, one of them frozen,
and weight decay on what transformers decays.

    python -m venv venv && . venv/bin/activate
    pip install torch==2.15.0 transformers==5.23.0 trl==1.16.0 datasets
    python tools/make_group_goldens.py [FOLDER]

FOLDER (default: the test resources of tralign-djl) is one that make_trl_goldens.py wrote. This adds
    group_trajectories.json   per checkpoint: what is decayed, TRL's numbers for each step, and how far
                              each parameter got
"""

import json
import sys
from fnmatch import fnmatchcase
from pathlib import Path

from make_trl_goldens import (  # sets the environment, so it comes first
    BATCH, BETA, LEARNING_RATE, LOGGED, SEED, SOFT_ALPHA, TRAINED, ObservedDPOTrainer, observed_run,
    prepare,
)

import torch
from transformers import AutoTokenizer
from trl import DPOConfig

from goldens import made_by, write

STEPS, CLIP = 10, 0.5
WEIGHT_DECAY = 0.5  # so large that ten steps show it
GROUPS = [  # the first that matches holds; the rest learns and decays as the setup says
    {"pattern": "*embed_*", "frozen": True},  # embeddings, and the head in either way
    {"pattern": "*.layers.0.*", "frozen": True},
    {"pattern": "*.layers.1.mlp.*", "lr_factor": 0.25},
    {"pattern": "*norm.weight", "lr_factor": 2.0, "weight_decay": 0.1},
]


def named_parameters(model):
    """By their names in a checkpoint: transformers 5 calls GPT-NeoX's head otherwise in memory."""
    return {checkpoint_name(model, name): p for name, p in model.named_parameters()}


def checkpoint_name(model, name):
    neox_head = name == "lm_head.weight" and model.config.model_type == "gpt_neox"
    return "embed_out.weight" if neox_head else name


class GroupedTrainer(ObservedDPOTrainer):
    """Its optimizer has a PyTorch group for each pair of learning rate and weight decay."""

    def create_optimizer(self, model=None):
        decayed = self.get_decay_parameter_names(self.model)
        self.decayed = sorted(checkpoint_name(self.model, name) for name in decayed)
        self.start = {name: p.detach().clone() for name, p in named_parameters(self.model).items()}
        made = {}
        for name, parameter in named_parameters(self.model).items():
            group = next((g for g in GROUPS if fnmatchcase(name, g["pattern"])), {})
            parameter.requires_grad = not group.get("frozen", False)
            rate = self.args.learning_rate * group.get("lr_factor", 1.0)
            decay = group.get("weight_decay", WEIGHT_DECAY if name in self.decayed else 0.0)
            if parameter.requires_grad:
                made.setdefault((rate, decay), []).append(parameter)
        self.optimizer = torch.optim.AdamW(
            [{"params": p, "lr": rate, "weight_decay": decay} for (rate, decay), p in made.items()],
            betas=(0.9, 0.999), eps=1e-8,
        )
        return self.optimizer


def train(folder, tok, data):
    seen = {}

    class Trainer(GroupedTrainer):
        def watch(self):
            super().watch()
            seen["trainer"] = self

    sync = dict(sync_ref_model=True, ref_model_mixup_alpha=SOFT_ALPHA, ref_model_sync_steps=1)
    run = observed_run(
        Trainer, DPOConfig, folder, tok, data, STEPS, lambda rows, kept: None, LOGGED,
        loss_type=["sigmoid"], beta=BETA, max_grad_norm=CLIP, **sync,
    )
    trainer = seen["trainer"]
    moved = {
        name: (p.detach().double() - trainer.start[name].double()).norm().item()
        for name, p in sorted(named_parameters(trainer.model).items())
    }
    return {"decayed": trainer.decayed, **run, "moved": moved}


SETUP = {
    "rows": "rows.jsonl", "shuffle": False, "batch_size": BATCH, "steps": STEPS, "loss": "dpo",
    "beta": BETA, "learning_rate": LEARNING_RATE, "schedule": "constant",
    "weight_decay": WEIGHT_DECAY, "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "max_grad_norm": CLIP, "reference": {"alpha": SOFT_ALPHA, "every": 1},
}
ABOUT = (
    "TRL's DPOTrainer as in trajectories.json, soft reference, with groups of parameters by name. A "
    "frozen one has requires_grad False. `decayed` is what transformers' trainer would decay "
    "(get_decay_parameter_names): of these, those without a decay of their group have that of the "
    "setup. `moved` is the Euclidean distance of each parameter from its start after the last step; a "
    "tied one is there once."
)


def main():
    prepare()
    home = Path(__file__).resolve().parent.parent
    default = home / "tralign-djl/src/test/resources/io/github/tralign/djl/golden"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    tok = AutoTokenizer.from_pretrained(out / "neox")
    rows = [json.loads(line) for line in (out / "rows.jsonl").read_text("utf-8").splitlines()]
    runs = {name: train(out / name, tok, rows) for name in TRAINED}
    made = made_by("python tools/make_group_goldens.py", SEED, "torch", "transformers", "trl", "tokenizers")
    write(
        out / "group_trajectories.json",
        {"made_by": made, "about": ABOUT, "setup": {**SETUP, "groups": GROUPS}, "runs": runs},
    )
    for name, run in runs.items():
        print(name, *("%.4f" % step["loss"] for step in run["steps"]))


if __name__ == "__main__":
    main()
