"""Makes the golden files that tralign-djl's tests compare model families with: for each family and
switch a small checkpoint, what transformers scores with it, its gradients, and losses of training.

    python -m venv venv && . venv/bin/activate
    pip install torch==2.15.0 transformers==5.23.0
    python tools/make_family_goldens.py [OUTPUT_FOLDER [NAME...]]

Weights are made from a seed. Rows and tokenizer are those of make_trl_goldens.py in the test
resources. Nothing is downloaded. On one machine a second run gives the same bytes; another processor
may round the last digits differently.

OUTPUT_FOLDER (default: golden/families in the test resources of tralign-djl) then holds for each NAME
(default: all)
    <name>/config.json         as transformers writes it
    <name>/model.safetensors   random weights
    <name>/goldens.json        `made_by`, `about` (what the numbers are), and the numbers
"""

import json
import shutil
import sys
from pathlib import Path
from zlib import crc32

from scores import checkpoint, completion_logp, gradients, prepare, score, token_ids  # comes first

import torch
from torch.nn.functional import logsigmoid
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from goldens import made_by, write

SEED = 20240415
GRADIENT_ROWS = 12
SETUP = {
    "rows": "rows.jsonl", "shuffle": False, "batch_size": 4, "steps": 16, "loss": "dpo", "beta": 0.1,
    "learning_rate": 3e-3, "schedule": "constant", "weight_decay": 0.0,
    "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}, "max_grad_norm": 1.0,
    "reference": "soft", "alpha": 0.6,
}

# ---- Families

COMMON = dict(
    vocab_size=288, hidden_size=16, num_hidden_layers=2, max_position_embeddings=512,
    bos_token_id=0, eos_token_id=0, pad_token_id=None,
)
GROUPED = dict(
    num_attention_heads=4, num_key_value_heads=2, intermediate_size=24, tie_word_embeddings=True,
)


def rope(kind, theta=10000.0, **more):
    return dict(rope_parameters=dict(rope_type=kind, rope_theta=theta, **more))


LONG = dict(
    original_max_position_embeddings=40, short_factor=[1.0, 1.25], long_factor=[1.5, 4.0],
)  # pairs of rows.jsonl are on both sides of it, some completions just at it

# By name: the model_type and what differs from COMMON and GROUPED.
FAMILIES = {
    "gemma": ("gemma", dict(head_dim=8)),
    "gemma2": ("gemma2", dict(
        head_dim=8, sliding_window=8, query_pre_attn_scalar=12, attn_logit_softcapping=4.0,
        final_logit_softcapping=5.0,
    )),
    "gemma2-no-caps": ("gemma2", dict(
        head_dim=8, sliding_window=8, attn_logit_softcapping=None, final_logit_softcapping=None,
        attention_bias=True, hidden_activation="gelu", tie_word_embeddings=False,
    )),
    "gemma3": ("gemma3_text", dict(
        head_dim=8, sliding_window=8, layer_types=["sliding_attention", "full_attention"],
        query_pre_attn_scalar=12, rope_parameters=dict(
            sliding_attention=dict(rope_type="default", rope_theta=100.0),
            full_attention=dict(rope_type="linear", rope_theta=10000.0, factor=8.0),
        ),
    )),
    "gpt2": ("gpt2", dict(n_inner=None)),
    "gpt2-not-scaled": (
        "gpt2", dict(
            n_inner=24, scale_attn_weights=False, activation_function="gelu",
            tie_word_embeddings=False,
        ),
    ),
    "gpt2-scaled-by-layer": (
        "gpt2", dict(num_hidden_layers=3, scale_attn_by_inverse_layer_idx=True),
    ),
    "olmo2": ("olmo2", dict(attention_bias=True)),
    "olmo3": ("olmo3", dict(
        sliding_window=8, layer_types=["sliding_attention", "full_attention"],
        rope_parameters=dict(
            sliding_attention=dict(rope_type="default", rope_theta=100.0),
            full_attention=dict(
                rope_type="yarn", rope_theta=100.0, factor=4.0,
                original_max_position_embeddings=128,
            ),
        ),
    )),
    "granite": ("granite", dict(
        embedding_multiplier=12.0, residual_multiplier=0.22, attention_multiplier=0.3,
        logits_scaling=8.0,
    )),
    "granite-biases": ("granite", dict(
        attention_bias=True, mlp_bias=True, attention_multiplier=0.5, tie_word_embeddings=False,
    )),
    "llama-dynamic": ("llama", rope("dynamic", factor=2.0)),
    "llama-longrope": ("llama", rope("longrope", theta=100.0, **LONG)),
    "llama-yarn": ("llama", rope(
        "yarn", theta=100.0, factor=4.0, original_max_position_embeddings=128,
    )),
    "llama-yarn-not-truncated": ("llama", dict(head_dim=12, **rope(
        "yarn", theta=100.0, factor=4.0, original_max_position_embeddings=128, beta_fast=8.0,
        beta_slow=0.5, truncate=False, attention_factor=1.25,
    ))),
    "ministral": ("ministral", dict(
        head_dim=8, sliding_window=8, layer_types=["full_attention", "sliding_attention"],
    )),
    "mistral": ("mistral", dict(sliding_window=8, head_dim=8)),
    "phi3": ("phi3", dict(sliding_window=9)),
    "phi3-longrope": ("phi3", dict(
        num_attention_heads=2, num_key_value_heads=1, tie_word_embeddings=False,
        max_position_embeddings=128, original_max_position_embeddings=40, **rope(
            "longrope", partial_rotary_factor=0.75, short_factor=[1.0, 1.25, 2.0],
            long_factor=[1.5, 4.0, 8.0],
        ),
    )),
    "qwen2-linear": ("qwen2", rope("linear", factor=2.0)),
    "qwen2-longrope": ("qwen2", rope("longrope", theta=100.0, factor=8.0, **LONG)),
    "qwen2-window": ("qwen2", dict(
        sliding_window=8, max_window_layers=1, use_sliding_window=True,
    )),
    "qwen2-window-not-used": (
        "qwen2", dict(sliding_window=8, max_window_layers=0, use_sliding_window=False),
    ),
    "qwen3-dynamic": ("qwen3", dict(head_dim=4, **rope("dynamic", factor=4.0))),
    "qwen3-llama3": ("qwen3", dict(head_dim=8, **rope(
        "llama3", theta=100.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
        original_max_position_embeddings=32,
    ))),
    "qwen3-untied": ("qwen3", dict(head_dim=8, tie_word_embeddings=False)),
    "qwen3-yarn": ("qwen3", dict(
        head_dim=8, sliding_window=8, use_sliding_window=True,
        layer_types=["sliding_attention", "full_attention"], **rope(
            "yarn", theta=100.0, factor=4.0, original_max_position_embeddings=128, mscale=0.7,
            mscale_all_dim=1.2,
        ),
    )),
    "smollm3": ("smollm3", dict(num_hidden_layers=4)),
    "smollm3-window": ("smollm3", dict(
        num_hidden_layers=3, no_rope_layers=[1, 0, 1], use_sliding_window=True, sliding_window=8,
        mlp_bias=True,  # biases of keys have no effect, and so no gradient, without rotation
    )),
    "stablelm": ("stablelm", dict(
        num_attention_heads=2, num_key_value_heads=1, tie_word_embeddings=False,
    )),
    "stablelm-parallel": ("stablelm", dict(
        num_attention_heads=2, num_key_value_heads=2, use_qkv_bias=True, use_parallel_residual=True,
        **rope("linear", factor=2.0, partial_rotary_factor=0.5),
    )),
    "stablelm-qk-norms": ("stablelm", dict(
        layer_norm_eps=1e-3, qk_layernorm=True, **rope("default", partial_rotary_factor=0.5),
    )),
    "starcoder2": ("starcoder2", dict(sliding_window=8)),
    "starcoder2-no-biases": ("starcoder2", dict(
        head_dim=8, use_bias=False, hidden_act="gelu", norm_epsilon=1e-3, tie_word_embeddings=False,
    )),
}

# ---- Training


def pair_logps(model, tok, row):
    """The log-probs of the chosen and the rejected completion."""
    prompt, chosen, rejected = token_ids(tok, row)
    return completion_logp(model, prompt, chosen), completion_logp(model, prompt, rejected)


def train(folder, tok, data):
    """DPO with a reference that moves towards the policy after each step, in plain PyTorch."""
    policy, reference = (
        AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval() for _ in range(2)
    )
    adam, size = SETUP["adam"], SETUP["batch_size"]
    optimizer = torch.optim.AdamW(
        policy.parameters(), lr=SETUP["learning_rate"], betas=(adam["beta1"], adam["beta2"]),
        eps=adam["epsilon"], weight_decay=SETUP["weight_decay"],
    )
    losses = []
    for step in range(SETUP["steps"]):
        rows = [data[(step * size + i) % len(data)] for i in range(size)]
        optimizer.zero_grad()
        total = 0.0
        for row in rows:
            chosen, rejected = pair_logps(policy, tok, row)
            with torch.no_grad():
                of_chosen, of_rejected = pair_logps(reference, tok, row)
            loss = -logsigmoid(SETUP["beta"] * (chosen - of_chosen - rejected + of_rejected)) / size
            loss.backward()
            total += loss.item()
        losses.append(total)
        torch.nn.utils.clip_grad_norm_(policy.parameters(), SETUP["max_grad_norm"])
        optimizer.step()
        with torch.no_grad():
            for moved, towards in zip(reference.parameters(), policy.parameters()):
                moved.lerp_(towards, SETUP["alpha"])
    return losses


# ---- Files

MADE_BY = made_by("python tools/make_family_goldens.py", SEED, "torch", "transformers")
ABOUT = (
    "transformers in eval mode on a CPU, one unpadded sequence a pass. logps: per line of rows.jsonl, "
    "the sum of each completion's log-probs, fp32. gradients: per parameter, the gradient of the summed "
    "margins (log-prob of the chosen minus that of the rejected completion) of the first "
    "`gradient_rows` lines, by autograd in fp64: its Euclidean norm, and its inner product with the "
    "parameter. training: fp32, rows in file order and again from the start; the loss of each step is "
    "that of its forward pass; gradients are clipped, AdamW updates the policy, then the reference "
    "moves by `alpha` towards it."
)


def make(name, folder, tok, data):
    kind, changes = FAMILIES[name]
    config = AutoConfig.for_model(kind, **{**COMMON, **GROUPED, **changes})
    shutil.rmtree(folder, ignore_errors=True)
    seed = SEED + crc32(name.encode()) % 1000  # the same whatever else is made
    checkpoint(lambda: AutoModelForCausalLM.from_config(config), folder, seed)
    scored = score(folder, tok, data)
    write(folder / "goldens.json", {
        "made_by": MADE_BY, "about": ABOUT,
        "logps": {side: [row[side]["logp"] for row in scored] for side in ("chosen", "rejected")},
        "gradient_rows": GRADIENT_ROWS, "gradients": gradients(folder, tok, data[:GRADIENT_ROWS]),
        "training": {"setup": SETUP, "losses": train(folder, tok, data)},
    })


def main():
    prepare()
    home = Path(__file__).resolve().parent.parent
    golden = home / "tralign-djl/src/test/resources/io/github/tralign/djl/golden"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else golden / "families"
    tok = AutoTokenizer.from_pretrained(golden / "neox")
    data = [json.loads(line) for line in (golden / "rows.jsonl").read_text("utf-8").splitlines()]
    for name in sys.argv[2:] or FAMILIES:
        make(name, out / name, tok, data)
        print(name)


if __name__ == "__main__":
    main()
