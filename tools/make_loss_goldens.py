"""Makes the golden file of losses that tralign-core's tests compare with: what TRL's own trainers
compute from given log-probabilities.

    python -m venv venv && . venv/bin/activate
    pip install torch==2.15.0 transformers==5.23.0 trl==1.16.0 datasets
    python tools/make_loss_goldens.py [FILE]

Nothing of TRL is written again here. Each case makes one of its trainers with the options in
question and calls its `compute_loss` on a `Table`: a model that looks up the log-probs it is to
give. Gradients are those of torch's autograd, in double precision unless the case says otherwise.
"""

import logging
import os
import sys
import warnings
import tempfile
from pathlib import Path

os.environ.update(
    CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false",
    TRANSFORMERS_VERBOSITY="error", HF_DATASETS_DISABLE_PROGRESS_BARS="1",
    TRL_EXPERIMENTAL_SILENCE="1",
)

import torch
import trl
from datasets import Dataset
from tokenizers import Tokenizer, models
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM, PreTrainedTokenizerFast
from transformers.modeling_outputs import CausalLMOutput
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer
from trl.experimental.cpo import CPOConfig, CPOTrainer
from trl.experimental.orpo import ORPOConfig, ORPOTrainer
from trl.experimental.orpo.orpo_trainer import log1mexp
from trl.trainer.utils import FusedCausalLMOutput

from goldens import made_by, write
from loss_cases import (
    CPO_CASES, DIVERGENCES, DIVERGENT, DPO_CASES, KTO_CASES, ORPO_CASES, OURS, SUMS, TOKEN_CASES,
)
from loss_batches import SEED, pairs, token_pairs, unpaired

PAIRS, TOKENS, UNPAIRED = pairs(), token_pairs(), unpaired()

# ---- A model whose log-probs are given


class Table(torch.nn.Module):
    """Gives row i of `logps` to the sequence that begins with the token i, one entry a later token."""

    def __init__(self, logps, log_sum_squares=None):
        super().__init__()
        self.logps, self.log_sum_squares = logps, log_sum_squares

    def forward(self, input_ids, attention_mask=None, labels=None, **_):
        rows, width = input_ids[:, 0], input_ids.size(1) - 1
        logps = self.logps[rows, :width]
        if labels is None:  # CPO and ORPO take logits: of a vocabulary of two, where all tokens are 1
            logits = torch.stack([log1mexp(logps), logps], -1)
            return CausalLMOutput(logits=torch.cat([logits, logits[:, -1:]], 1))
        logps = logps.masked_fill(labels[:, 1:] == -100, 0)
        squares = None if self.log_sum_squares is None else self.log_sum_squares[rows, :width]
        none = torch.zeros_like(logps)
        return FusedCausalLMOutput(
            log_probs=logps, log_sum_sq_probs=squares, entropy=none, mean_logits=none,
            is_top1=none.bool(),
        )


def sequences(tokens, first=0):
    """Input of one row per completion: its number in the table, then its tokens, then padding."""
    n = torch.tensor(tokens)
    mask = (torch.arange(max(tokens) + 1) <= n[:, None]).long()
    ids = mask.clone()
    ids[:, 0] = torch.arange(first, first + len(tokens))
    completion = mask.clone()
    completion[:, 0] = 0
    return ids, mask, completion


def at_first_token(sums, width):
    """All of a completion's log-prob at its first token: so that TRL's sum is exact."""
    return torch.nn.functional.pad(sums[:, None], (0, width - 1))


def ragged(rows, width):
    return torch.stack([torch.tensor(row + [0.0] * (width - len(row))) for row in rows])


# ---- TRL's trainers


def tiny():
    return GPTNeoXForCausalLM(GPTNeoXConfig(
        vocab_size=2, hidden_size=4, num_hidden_layers=1, num_attention_heads=1,
        intermediate_size=4, bos_token_id=0, eos_token_id=0,
    ))


TOKENIZER = PreTrainedTokenizerFast(
    tokenizer_object=Tokenizer(models.WordLevel({"e": 0, "a": 1}, unk_token="a")),
    eos_token="e", bos_token="e", pad_token="e",
)
PAIR = {"prompt": "a", "chosen": "a", "rejected": "a"}
ROWS = {
    KTOTrainer: [{"prompt": "a", "completion": "a", "label": label} for label in (True, False)]
}


def trainer(kind, config, **options):
    """Made as a user makes it, so that options are checked; its models are then replaced by tables."""
    torch.set_default_dtype(torch.float32)
    with tempfile.TemporaryDirectory() as scratch:
        reference = {"ref_model": tiny()} if kind in (DPOTrainer, KTOTrainer) else {}
        made = kind(
            model=tiny(), processing_class=TOKENIZER, **reference,
            args=config(
                output_dir=scratch, use_cpu=True, bf16=False, gradient_checkpointing=False,
                report_to=[], disable_tqdm=True, **options,
            ),
            train_dataset=Dataset.from_list(ROWS.get(kind, [PAIR])),
        )
    torch.set_default_dtype(torch.float64)  # TRL makes constants in it
    return made


def run(made, inputs, leaves, *tables):
    """The loss, its gradient in the leaves, and what TRL logs."""
    policy, *reference = tables
    if reference:
        made.ref_model = reference[0]
    loss = made.compute_loss(policy, inputs)
    loss.backward()
    metrics = made._metrics["train"] if hasattr(made, "_metrics") else made._stored_metrics["train"]
    logged = {key: values[-1] for key, values in metrics.items()}
    return loss.item(), [leaf.grad for leaf in leaves], logged


SIDES = ("chosen", "rejected")


def both(batch, key):
    return torch.tensor(batch[key + "_chosen"] + batch[key + "_rejected"])


def dpo_pairs(made, batch, dtype):
    ids, mask, completion = sequences(batch["chosen_tokens"] + batch["rejected_tokens"])
    policy, reference = both(batch, "policy").to(dtype), both(batch, "reference").to(dtype)
    policy.requires_grad_()
    width = ids.size(1) - 1
    inputs = {"input_ids": ids, "attention_mask": mask, "completion_mask": completion}
    tables = [Table(at_first_token(x, width)) for x in (policy, reference)]
    loss, (gradient,), logged = run(made, inputs, [policy], *tables)
    return loss, gradient, logged


def logit_pairs(made, batch, _):
    inputs, count = {}, len(batch["chosen_tokens"])
    for side, first in zip(SIDES, (0, count)):
        ids, mask, completion = sequences(batch[side + "_tokens"], first)
        inputs[side + "_input_ids"], inputs[side + "_attention_mask"] = ids, mask
        inputs[side + "_labels"] = ids.masked_fill(completion == 0, -100)
    policy = both(batch, "policy").requires_grad_()
    tokens = torch.tensor(batch["chosen_tokens"] + batch["rejected_tokens"])
    table = Table((policy / tokens)[:, None].expand(-1, max(tokens)))  # the same at each token
    loss, (gradient,), logged = run(made, inputs, [policy], table)
    return loss, gradient, logged


def row(batch, i):
    return {key: [values[i]] for key, values in batch.items()}


def pair_case(compute, made, batch, dtype, by_row):
    """The batch's loss and gradient; rewards, and where rows do not meet, losses, row by row."""
    loss, gradient, logged = compute(made, batch, dtype)
    alone = [compute(made, row(batch, i), dtype) for i in range(len(batch["chosen_tokens"]))]
    result = {"value": loss, **({"values": [value for value, _, _ in alone]} if by_row else {})}
    for side, part in zip(SIDES, gradient.chunk(2)):
        result["d_" + side] = part.tolist()
        result["rewards_" + side] = [values["rewards/" + side] for _, _, values in alone]
    return result, logged


def token_case(made, batch):
    """DPO where tokens differ: LD-DPO weighs them, WPO averages over them."""
    rows = {key: batch[key + "_chosen"] + batch[key + "_rejected"]
            for key in ("policy", "reference", "log_sum_squares")}
    tokens = [len(r) for r in rows["policy"]]
    table = {key: ragged(values, max(tokens)) for key, values in rows.items()}
    policy = table["policy"].requires_grad_()
    ids, mask, completion = sequences(tokens)
    inputs = {"input_ids": ids, "attention_mask": mask, "completion_mask": completion}
    loss, (gradient,), _ = run(
        made, inputs, [policy], Table(policy, table["log_sum_squares"]), Table(table["reference"])
    )
    by_token = [g[:n].tolist() for g, n in zip(gradient, tokens)]
    half = len(by_token) // 2
    return {"value": loss, "d_chosen": by_token[:half], "d_rejected": by_token[half:]}


def kto_rows(made, batch, rows):
    """Some of the rows, against the mismatched completions of all."""
    inputs = {"label": torch.tensor([batch["desirable"][i] for i in rows])}
    n = len(batch["tokens"])
    tables, leaf = [], None
    for prefix, tokens, first in (("", [batch["tokens"][i] for i in rows], 0),
                                  ("KL_", batch["tokens"], n)):
        ids, mask, completion = sequences(tokens, first)
        if prefix == "":
            ids[:, 0] = torch.tensor(rows)
        inputs[prefix + "input_ids"], inputs[prefix + "attention_mask"] = ids, mask
        inputs[prefix + "completion_mask"] = completion
    for which in ("policy", "reference"):
        sums = torch.tensor(batch[which] + batch["mismatched_" + which])
        if which == "policy":
            leaf = sums.requires_grad_()
        tables.append(Table(at_first_token(sums, max(batch["tokens"]))))
    loss, (gradient,), logged = run(made, inputs, [leaf], *tables)
    assert not gradient[n:].any(), "TRL detaches the KL"
    return loss, gradient[:n], logged


def kto_case(made, batch):
    n = len(batch["tokens"])
    loss, gradient, logged = kto_rows(made, batch, list(range(n)))
    alone = [kto_rows(made, batch, [i]) for i in range(n)]
    sides = ["chosen" if good else "rejected" for good in batch["desirable"]]
    rewards = [values["rewards/" + side] for side, (*_, values) in zip(sides, alone)]
    return {"value": loss, "values": [value for value, *_ in alone], "d": gradient.tolist(),
            "rewards": rewards, "kl": logged["kl"]}


# ---- Cases


def described(loss, kind, options, batch):
    written = " ".join(f"{key}={value}" for key, value in options.items())
    return {
        "source": f"trl {trl.__version__} {kind.__name__} {written}".replace("'", '"'), "loss": loss,
        "options": {OURS[key]: value for key, value in options.items() if key in OURS},
        "batch": batch,
    }


def cases():
    for loss, theirs, options, batches in DPO_CASES:
        options = {"loss_type": theirs, "beta": 0.1, **options}
        yield from pair_cases(loss, DPOTrainer, DPOConfig, options, batches, dpo_pairs)
    for more in DIVERGENCES:
        for loss, theirs, options in DIVERGENT:
            options = {"loss_type": theirs, "beta": 0.1, **options, **more}
            dtype = torch.float32 if "alpha" in more["f_divergence_type"] else torch.float64
            yield from pair_cases(
                loss, DPOTrainer, DPOConfig, options, ["ordinary"], dpo_pairs, dtype
            )
    for terms, options in SUMS:
        ours, theirs, weights = map(list, zip(*terms))
        options = {"loss_type": theirs, "loss_weights": weights, "beta": 0.1, **options}
        for case in pair_cases("sum", DPOTrainer, DPOConfig, options, ["ordinary"], dpo_pairs):
            case["options"]["terms"] = [{"loss": a, "weight": w} for a, w in zip(ours, weights)]
            yield case
    for loss, theirs, options in TOKEN_CASES:
        options = {"loss_type": theirs, "beta": 0.5, **options}
        made = trainer(DPOTrainer, DPOConfig, **options)
        yield {**described(loss, DPOTrainer, options, "tokens"),
               **token_case(made, TOKENS["tokens"])}
    for loss, options, batches in KTO_CASES:
        options = {"beta": 0.1, **options}
        made = trainer(KTOTrainer, KTOConfig, **options)
        for batch in batches:
            yield {**described(loss, KTOTrainer, options, batch), **kto_case(made, UNPAIRED[batch])}
    for loss, options, batches in CPO_CASES:
        options = {"beta": 0.1, **options}
        yield from pair_cases(loss, CPOTrainer, CPOConfig, options, batches, logit_pairs)
    for loss, options, batches in ORPO_CASES:
        yield from pair_cases(loss, ORPOTrainer, ORPOConfig, options, batches, logit_pairs)


def pair_cases(loss, kind, config, options, batches, compute, dtype=torch.float64):
    made = trainer(kind, config, **options)
    mean_over_tokens = loss in ("sft", "sum", "orpo") or options.get("cpo_alpha")
    for batch in batches:
        result, logged = pair_case(
            compute, made, PAIRS[batch], dtype, "aot" not in loss and not mean_over_tokens
        )
        case = described(loss, kind, options, batch)
        if dtype == torch.float32 or kind == ORPOTrainer:
            case["precision"] = "float32"
        if kind == ORPOTrainer:
            case["log_odds"] = logged["log_odds_chosen"]
        if "aot" in loss and batch == "ties":
            del result["d_chosen"], result["d_rejected"]
        yield {**case, **result}


# ---- What TRL does not compute, or not as it should: shown each time, and no golden


def failure(what, attempt):
    """An attempt that raises: refused by the trainer, or broken in it."""
    try:
        attempt()
    except Exception as e:
        return {"what": what, "reason": f"{type(e).__name__}: {e}".split("\n")[0].split(". ")[0]}
    raise AssertionError(f"{what} now works")


def ignored(kind, config, compute, option, value, losses):
    """An option that changes nothing."""
    for loss in losses:
        with_it, without = (
            compute(trainer(kind, config, loss_type=loss, **more), PAIRS["ordinary"], torch.float64)[0]
            for more in ({option: value}, {})
        )
        assert with_it == without
    return {"what": f"{kind.__name__} {option} with {', '.join(losses)}", "reason": "ignored"}


def not_finite(kind, config, compute, batch, **options):
    loss, gradient, _ = compute(trainer(kind, config, **options), PAIRS[batch], torch.float64)
    assert not (torch.tensor(loss).isfinite() and gradient.isfinite().all())
    written = " ".join(f"{key}={value}" for key, value in options.items())
    return {"what": f"{kind.__name__} {written} on the batch {batch}",
            "reason": "overflows in double precision: loss or gradient is not finite"}


def not_taken():
    def dpo(**options):
        return trainer(DPOTrainer, DPOConfig, **options)

    def weighted(loss):
        return token_case(dpo(loss_type=loss, use_weighting=True), TOKENS["tokens"])

    yield ignored(DPOTrainer, DPOConfig, dpo_pairs, "label_smoothing", 0.1, [
        "sigmoid", "hinge", "ipo", "sigmoid_norm", "nca_pair", "bco_pair", "sppo_hard", "apo_zero",
        "apo_down", "discopop", "sft"])
    yield ignored(CPOTrainer, CPOConfig, logit_pairs, "label_smoothing", 0.1, ["hinge", "ipo"])
    yield failure("DPOTrainer exo_pair label_smoothing=0", lambda: dpo(loss_type="exo_pair"))
    for loss in ("hinge", "sft"):
        yield failure(f"DPOTrainer use_weighting with {loss}", lambda: weighted(loss))
    for loss in ("aot", "aot_unpaired"):
        yield failure(f"DPOTrainer use_weighting with {loss}", lambda: weighted(loss))
    for loss in ("nca_pair", "bco_pair", "sppo_hard", "aot", "aot_unpaired", "apo_zero", "apo_down"):
        yield failure(f"DPOTrainer f_divergence_type=forward_kl with {loss}",
                      lambda: dpo(loss_type=loss, f_divergence_type="forward_kl"))
    yield failure(
        "DPOTrainer f_divergence_type=alpha_divergence in double precision (so taken in float32)",
        lambda: dpo_pairs(dpo(f_divergence_type="alpha_divergence"), PAIRS["ordinary"], torch.float64))
    yield not_finite(DPOTrainer, DPOConfig, dpo_pairs, "far", loss_type="discopop", beta=10.0)
    yield not_finite(DPOTrainer, DPOConfig, dpo_pairs, "far", loss_type="discopop",
                     f_divergence_type="forward_kl")
    yield not_finite(CPOTrainer, CPOConfig, logit_pairs, "ordinary", loss_type="sigmoid", alpha=20.0)
    yield failure("KTOTrainer loss_type=bco (TRL 1.13 has a BCOTrainer, 1.15 none: see make_bco_goldens.py)",
                  lambda: kto_case(trainer(KTOTrainer, KTOConfig, loss_type="bco"), UNPAIRED["mixed"]))
    yield failure("KTOTrainer loss_type=kto with a batch of one",
                  lambda: trainer(KTOTrainer, KTOConfig, per_device_train_batch_size=1))
    yield {"what": "derivatives of aot and aot_unpaired on the batch ties",
           "reason": "equal values may be sorted in any order, and the derivative depends on it"}
    yield {"what": "ipo on summed log-probabilities", "reason": "TRL has the form on token means only"}


ABOUT = (
    "What TRL's trainers compute from the log-probabilities of `batches`. A case has the loss of the "
    "batch (value), its derivatives in the policy's log-probabilities (d_chosen and d_rejected, or d "
    "for rows with one completion; of each token where the batch has tokens), the rewards, and the "
    "losses of the rows alone (values) where the batch's is their mean. Unpaired rows: `kl` is the "
    "clamped mean over `mismatched_policy` - `mismatched_reference`, and values are taken with it. "
    "Options have our names, the source has TRL's: label_smoothing is epsilon; tau that of discopop; "
    "divergence an f-divergence and alpha its exponent, or the alpha of alphapo; sft_weight the factor "
    "of -sum log pi(chosen) / sum of chosen tokens, in orpo always 1. `precision` tells where TRL "
    "computes in float32. `not_taken` lists what TRL refuses, ignores or gets wrong."
)


def main():
    torch.set_num_threads(1)
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    home = Path(__file__).resolve().parent.parent
    default = home / "tralign-core/src/test/resources/io/github/tralign/loss/trl_losses.json"
    found = list(cases())
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else default, {
        "made_by": made_by(
            "python tools/make_loss_goldens.py", SEED, "torch", "transformers", "trl"
        ),
        "about": ABOUT,
        "batches": {**PAIRS, **TOKENS, **UNPAIRED},
        "not_taken": list(not_taken()),
        "cases": found,
    })
    print(len(found), "cases")


if __name__ == "__main__":
    main()
