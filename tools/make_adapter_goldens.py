"""Makes the golden files that tralign-djl's tests compare LoRA adapters with: adapters as PEFT saves
them, with random weights, and what transformers with PEFT scores with them.

    python -m venv venv && . venv/bin/activate
    pip install torch==2.15.0 transformers==5.23.0 peft==0.21.2
    python tools/make_adapter_goldens.py [OUTPUT_FOLDER]

The base models are checkpoints of make_trl_goldens.py in the test resources. Nothing is downloaded.

OUTPUT_FOLDER (default: golden/adapters in the test resources of tralign-djl) then holds for each name
    <name>/adapter_config.json, adapter_model.safetensors   as PEFT writes them
    <name>/goldens.json        `made_by`, `base` (a checkpoint of golden/), `logps` of the first rows, and for
                               some `training`: the losses of 16 steps of DPO for each rule
"""

import json
import shutil
import sys
from pathlib import Path
from zlib import crc32

from scores import completion_logp, prepare, token_ids  # comes first

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch.nn.functional import logsigmoid
from transformers import AutoModelForCausalLM, AutoTokenizer

from goldens import made_by, write

SEED = 20240416
ROWS = 12

# By name: the base model, and the settings of the adapter.
ADAPTERS = {
    "plain": ("llama", dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"])),
    "patterns": (
        "llama",
        dict(
            r=4, lora_alpha=6, use_rslora=True, target_modules="all-linear",
            exclude_modules=["0.mlp.down_proj"], rank_pattern={"q_proj": 2, "^.*1\\.mlp\\.up_proj": 8},
            alpha_pattern={"layers.0.self_attn.k_proj": 16},
        ),
    ),
    "expression": (
        "variants/qwen3",
        dict(r=3, target_modules=r".*\.1\.(self_attn\.[qk]|mlp\.gate)_proj", init_lora_weights="gaussian"),
    ),
    "layers": (
        "variants/qwen2",
        dict(
            r=2, lora_alpha=1, target_modules=["up_proj", "model.layers.1.self_attn.o_proj"],
            layers_to_transform=[1], layers_pattern="layers",
        ),
    ),
    "fused-and-saved": (
        "neox",
        dict(
            r=4, target_modules=["query_key_value", "dense_4h_to_h"],
            modules_to_save=["post_attention_layernorm", "embed_in"],
        ),
    ),
    "fresh-llama": ("llama", dict(r=2, lora_alpha=4, target_modules="all-linear")),
    "fresh-neox": ("neox", dict(r=2, lora_alpha=4, target_modules="all-linear")),
    "fresh-phi3": ("families/phi3", dict(r=2, lora_alpha=4, target_modules="all-linear")),
    "fresh-gpt2": ("families/gpt2", dict(r=2, lora_alpha=4, target_modules="all-linear")),
    "whole-parts": (
        "variants/llama-untied-bias",
        dict(
            r=2, lora_alpha=4, target_modules=["q_proj", "v_proj", "up_proj"],
            modules_to_save=["norm", "lm_head", "embed_tokens", "1.self_attn.k_proj"],
        ),
    ),
    "head-saved": (
        "variants/llama-untied-bias",
        dict(r=2, target_modules=["o_proj"], modules_to_save=["lm_head", "embed_tokens"]),
    ),
}


# ---- Training: the adapter by PEFT, the reference by its definition, as dense matrices in fp64.

# By name: the share of the policy that an update of the reference takes, and how often.
RULES = {"fixed": (0.0, 1), "hard:4": (1.0, 4), "soft:0.6": (0.6, 1), "soft:0.1": (0.1, 1)}

SETUP = {
    "rows": "rows.jsonl", "shuffle": False, "batch_size": 4, "steps": 16, "loss": "dpo", "beta": 0.1,
    "learning_rate": 3e-3, "schedule": "constant", "weight_decay": 0.0,
    "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}, "max_grad_norm": 1.0,
}


def deltas(model):
    """What the adapter adds to each matrix, in fp64."""
    made = {}
    for path, module in model.get_base_model().named_modules():
        if hasattr(module, "lora_A") and len(module.lora_A):
            a, b = (part["default"].weight.double() for part in (module.lora_A, module.lora_B))
            delta = module.scaling["default"] * b @ a
            made[path] = delta.T if hasattr(module.base_layer, "nf") else delta  # a Conv1D of GPT-2
    return made


def whole(model):
    """The parameters of modules that are trained as whole copies, in fp64."""
    return {
        f"{path}.{name}": parameter.double()
        for path, module in model.get_base_model().named_modules() if hasattr(module, "modules_to_save")
        for name, parameter in module.modules_to_save["default"].named_parameters()
    }


def mixed(now, moved, weight):
    return {path: moved[path] + weight * (now[path] - moved[path]) for path in moved}


@torch.no_grad()
def train(base, folder, tok, data, weight, every):
    policy = PeftModel.from_pretrained(
        AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), folder, is_trainable=True,
    ).eval()
    reference = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float64).eval()
    original = {path: reference.get_submodule(path).weight.clone() for path in deltas(policy)}
    moved, moved_whole = deltas(policy), whole(policy)
    trained = [p for p in policy.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=SETUP["learning_rate"], weight_decay=0.0)
    losses = []
    for step in range(SETUP["steps"]):
        for path, delta in moved.items():
            reference.get_submodule(path).weight.copy_(original[path] + delta)
        for path, values in moved_whole.items():
            reference.get_parameter(path).copy_(values)
        optimizer.zero_grad()
        total = 0.0
        for i in range(SETUP["batch_size"]):
            prompt, *both = token_ids(tok, data[(step * SETUP["batch_size"] + i) % len(data)])
            of_chosen, of_rejected = (completion_logp(reference, prompt, it) for it in both)
            with torch.enable_grad():
                chosen, rejected = (completion_logp(policy, prompt, it) for it in both)
                margin = chosen - of_chosen - rejected + of_rejected
                loss = -logsigmoid(SETUP["beta"] * margin) / SETUP["batch_size"]
                loss.backward()
            total += loss.item()
        losses.append(total)
        torch.nn.utils.clip_grad_norm_(trained, SETUP["max_grad_norm"])
        optimizer.step()
        if (step + 1) % every == 0:
            moved, moved_whole = mixed(deltas(policy), moved, weight), mixed(whole(policy), moved_whole, weight)
    return losses


def make(name, golden, folder, tok, data):
    base, settings = ADAPTERS[name]
    fresh = name.startswith("fresh")
    load = lambda: AutoModelForCausalLM.from_pretrained(golden / base, dtype=torch.float32)
    config = LoraConfig(task_type="CAUSAL_LM", base_model_name_or_path=base, **settings)
    model = get_peft_model(load(), config)
    random = torch.Generator().manual_seed(SEED + crc32(name.encode()) % 1000)
    with torch.no_grad():
        for _, parameter in [] if fresh else sorted((n, p) for n, p in model.named_parameters() if p.requires_grad):
            parameter.add_(0.2 * torch.randn(parameter.shape, generator=random))
    shutil.rmtree(folder, ignore_errors=True)
    for its in model.peft_config.values():
        its.base_model_name_or_path = base  # not this machine's path
        if isinstance(its.target_modules, set):
            its.target_modules = sorted(its.target_modules)  # PEFT's order varies
    model.save_pretrained(folder)
    (folder / "README.md").unlink()
    (folder / "adapter_model.safetensors").chmod(0o644)
    read = PeftModel.from_pretrained(load(), folder).eval()
    scored = {"chosen": [], "rejected": []}
    with torch.no_grad():
        for row in data[:ROWS]:
            prompt, *completions = token_ids(tok, row)
            for side, completion in zip(scored, completions):
                scored[side].append(completion_logp(read, prompt, completion).item())
    training = {}
    if fresh or name in ("patterns", "fused-and-saved", "whole-parts"):
        runs = {rule: train(golden / base, folder, tok, data, *its) for rule, its in RULES.items()}
        training = {"training": {"setup": SETUP, "losses": runs}}
    write(folder / "goldens.json", {
        "made_by": made_by("python tools/make_adapter_goldens.py", SEED, "torch", "transformers", "peft"),
        "base": base, "logps": scored, **training,
    })


def main():
    prepare()
    home = Path(__file__).resolve().parent.parent
    golden = home / "tralign-djl/src/test/resources/io/github/tralign/djl/golden"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else golden / "adapters"
    tok = AutoTokenizer.from_pretrained(golden / "neox")
    lines = (golden / "rows.jsonl").read_text("utf-8").splitlines()
    for name in sys.argv[2:] or ADAPTERS:
        make(name, golden, out / name, tok, [json.loads(line) for line in lines])
        print(name)


if __name__ == "__main__":
    main()
