"""What the makers of golden files share that have models of transformers: random weights, and what
transformers makes of them on a CPU."""

import logging
import os

os.environ.update(
    CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false",
    TRANSFORMERS_VERBOSITY="error", HF_DATASETS_DISABLE_PROGRESS_BARS="1",
)

import torch
import transformers
from transformers import AutoModelForCausalLM

EOS = "<|endoftext|>"


def prepare():
    torch.set_num_threads(1)  # the order of additions, and so the last digits, depend on it
    torch.use_deterministic_algorithms(True)
    logging.disable(logging.WARNING)
    transformers.utils.logging.disable_progress_bar()


def checkpoint(make, folder, seed):
    """Random weights, all of them: biases of 0 and norms of 1, as is usual, would hide mistakes."""
    model = make()
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            norm = "norm" in name or ".ln_" in name
            less_by_1 = model.config.model_type.startswith("gemma")
            around = 1.0 if norm and name.endswith("weight") and not less_by_1 else 0.0
            parameter.copy_(around + 0.25 * torch.randn(parameter.shape, generator=random))
    model.save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)
    (folder / "generation_config.json").unlink()


def token_ids(tok, row):
    """TRL's rule: completions begin where prompt, prompt+chosen and prompt+rejected first differ."""
    completions = row["chosen"], row["rejected"]
    ends = [text if text.endswith(EOS) else text + EOS for text in completions]
    prompt = tok(row["prompt"])["input_ids"]
    chosen, rejected = (tok(row["prompt"] + text)["input_ids"] for text in ends)
    split = len(os.path.commonprefix([prompt, chosen, rejected]))
    assert split > 0, row
    return prompt[:split], chosen[split:], rejected[split:]


def completion_logp(model, prompt, completion):
    """One sequence at a time, nothing padded; the tokens' log-probs are added in double precision."""
    logits = model(input_ids=torch.tensor([prompt + completion])).logits[0]
    logps = logits[len(prompt) - 1 : -1].log_softmax(-1)
    return logps[range(len(completion)), completion].double().sum()


@torch.no_grad()
def score(folder, tok, data):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    scored = []
    for i, row in enumerate(data):
        prompt, chosen, rejected = token_ids(tok, row)
        scored.append({
            "index": i,
            "prompt": {"tokens": len(prompt)},
            "chosen": {
                "logp": completion_logp(model, prompt, chosen).item(), "tokens": len(chosen),
            },
            "rejected": {
                "logp": completion_logp(model, prompt, rejected).item(), "tokens": len(rejected),
            },
        })
    return scored


def gradients(folder, tok, data):
    """In double precision, of the checkpoint's own fp32 numbers."""
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64).eval()
    for row in data:
        prompt, chosen, rejected = token_ids(tok, row)
        margin = completion_logp(model, prompt, chosen) - completion_logp(model, prompt, rejected)
        margin.backward()
    head = {"lm_head.weight": "embed_out.weight"} if model.config.model_type == "gpt_neox" else {}
    return {  # by the names on disk
        head.get(name, name): {"norm": p.grad.norm().item(), "along": (p.grad * p.detach()).sum().item()}
        for name, p in model.named_parameters()
    }
