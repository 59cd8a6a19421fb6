"""Makes the golden files that tralign-djl's tests compare with: small checkpoints, what transformers
scores with them, and how TRL's DPOTrainer trains them under a fixed, a soft and a hard reference.

    python -m venv venv && . venv/bin/activate
    pip install torch==2.15.0 transformers==5.23.0 trl==1.16.0 datasets
    python tools/make_trl_goldens.py [OUTPUT_FOLDER]

Everything is made here from a seed: tokenizer, weights and preference rows. Nothing is downloaded.
On one machine a second run gives the same bytes; another processor may round the last digits
differently.

OUTPUT_FOLDER (default: the test resources of tralign-djl) then holds
    rows.jsonl          preference rows {"prompt", "chosen", "rejected"}, in the order of training
    neox/ llama/        checkpoints as transformers writes them, tokenizer included
    variants/<name>/    checkpoints of other shapes of the two architectures; neox/ has their tokenizer
    logps.json          per checkpoint and row: summed log-prob and number of tokens of each completion
    gradients.json      per checkpoint and parameter: the gradient of an objective, by autograd
    trajectories.json   per checkpoint and reference: TRL's numbers for each step
The last three begin with `made_by` (versions, seed, command) and `about` (what the numbers are).
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from scores import (  # sets the environment, so it comes first
    EOS, checkpoint, gradients, prepare, score, token_ids,
)

import torch
from datasets import Dataset
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM, GPTNeoXConfig, GPTNeoXForCausalLM, LlamaConfig, LlamaForCausalLM,
    PreTrainedTokenizerFast, PrinterCallback, Qwen2Config, Qwen2ForCausalLM, Qwen3Config,
    Qwen3ForCausalLM, TrainerCallback,
)
from trl import DPOConfig, DPOTrainer

from goldens import made_by, write

SEED = 20240414
VOCABULARY = 288  # 256 bytes, the end token, and 31 merges: enough for merges over a boundary
GRADIENT_ROWS = 12
STEPS, BATCH, LEARNING_RATE, BETA, CLIP = 10, 4, 3e-3, 0.1, 1.0
SOFT_ALPHA, HARD_TAU = 0.6, 3
REFERENCES = {
    "fixed": {},
    "soft": dict(sync_ref_model=True, ref_model_mixup_alpha=SOFT_ALPHA, ref_model_sync_steps=1),
    "hard": dict(sync_ref_model=True, ref_model_mixup_alpha=1.0, ref_model_sync_steps=HARD_TAU),
}

# ---- Rows: courteous answers are chosen, curt ones rejected, so that there is something to learn.

TOPICS = [
    "the tea", "a river", "your name", "Zürich", "the night", "π", "music", "北京", "a cat",
    "the sea", "soup 🍜", "an old map", "rain", "Ελλάδα", "the bus", "a poem", "winter", "café",
    "the moon", "עברית",
]
PROMPTS = ["Human: Tell me about {}.\n\nAssistant:", "What is {}?"]
CHOSEN = [
    " Gladly. I think that {} is lovely.", " Thank you for asking about {}!", " Of course: {}.",
    " Here you are, with thanks. Is there anything else about {} that I could tell you?",
]
REJECTED = [
    " No.", " Who cares about {}?", " Go away, I am busy.",
    " {}? Bah, what a dull and silly question that is.",
]

# Rows whose text is awkward. A row replaces the one at its index.
AWKWARD = {
    2: ("The prompt ends in a blank ", "the two merge.", "they are not the same"),  # over the boundary
    5: ("cafe", "\u0301 with an accent of its own.", " without one."),  # NFC composes e + accent
    9: ("Family: ", "👩\u200d👩\u200d👧\u200d👦 and 👍🏽, thanks!", "🙃"),
    14: ("مرحبا:", " أهلا وسهلا، شكرا.", " لا."),
    17: ("One letter: ", "A", "B"),
    21: ("It has its end token:", f" thanks.{EOS}", f" no.{EOS}"),  # not to be appended twice
    26: ("Blanks are text:", " ", "\t\n  "),
    30: ("谢谢" * 8 + "\n", "不客气，谢谢你！", "不。"),
    33: (f"A first text.{EOS}A second text", " goes on, gladly.", f" ends.{EOS} And goes on."),
    38: ("Same beginning:", " Thank you, it is good.", " Thank you, it is bad."),
}


def rows():
    made = []
    for i in range(STEPS * BATCH):
        topic = TOPICS[(7 * i) % len(TOPICS)]
        texts = PROMPTS[i % 2], CHOSEN[(i + i // 4) % 4], REJECTED[(i + i // 8) % 4]
        made.append(AWKWARD.get(i) or tuple(text.format(topic) for text in texts))
    return [dict(zip(("prompt", "chosen", "rejected"), row)) for row in made]


# ---- Tokenizer and checkpoints


def tokenizer(data):
    """Byte-level BPE with NFC, the kind that GPT-NeoX has, trained on the rows."""
    bpe = Tokenizer(models.BPE())
    bpe.normalizer = normalizers.NFC()
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=[EOS], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    bpe.train_from_iterator([text for row in data for text in row.values()], trainer)
    assert bpe.get_vocab_size() == VOCABULARY and bpe.token_to_id(EOS) == 0
    return PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token=EOS, bos_token=EOS, pad_token=EOS)


COMMON = dict(
    vocab_size=VOCABULARY, hidden_size=16, num_hidden_layers=2, max_position_embeddings=512,
    bos_token_id=0, eos_token_id=0,
)

GROUPED = dict(
    num_attention_heads=4, num_key_value_heads=2, intermediate_size=40, tie_word_embeddings=True,
)


def neox(**changes):
    shape = dict(num_attention_heads=2, intermediate_size=64, tie_word_embeddings=False)
    return GPTNeoXForCausalLM(GPTNeoXConfig(**{**COMMON, **shape, **changes}))


def llama(**changes):
    return LlamaForCausalLM(LlamaConfig(**{**COMMON, **GROUPED, "head_dim": 4, **changes}))


def qwen2(**changes):
    return Qwen2ForCausalLM(Qwen2Config(**{**COMMON, **GROUPED, **changes}))


def qwen3(**changes):
    return Qwen3ForCausalLM(Qwen3Config(**{**COMMON, **GROUPED, "head_dim": 8, **changes}))


def rope(kind, theta=10000.0, **more):
    return dict(rope_parameters=dict(rope_type=kind, rope_theta=theta, **more))


TRAINED = {"neox": neox, "llama": llama}
VARIANTS = {
    "neox-sequential-residual": lambda: neox(use_parallel_residual=False, intermediate_size=32),
    "neox-tied-no-bias": lambda: neox(
        attention_bias=False, tie_word_embeddings=True, hidden_act="gelu_new",
        **rope("default", partial_rotary_factor=0.5),
    ),
    "llama-untied-bias": lambda: llama(
        attention_bias=True, tie_word_embeddings=False, intermediate_size=32,
        **rope("linear", factor=4.0),
    ),
    # Heads of 8 where hidden size / heads is 4. Their frequencies have wavelengths of 6.3, 19.9, 63
    # and 199 tokens: kept below 8, stretched eightfold above 32, something in between in the middle.
    "llama3-rope": lambda: llama(
        head_dim=8,
        **rope(
            "llama3", theta=100.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=32,
        ),
    ),
    "qwen2": lambda: qwen2(tie_word_embeddings=False, **rope("default", theta=1e6)),
    "qwen3": lambda: qwen3(attention_bias=True, **rope("default", theta=1e6)),
}


# ---- How TRL trains


class Observed:
    """Makes a trainer note, at each step's forward pass, the loss and where policy and reference stand."""

    def watch(self):
        self.initial, self.observed = flat(self.model), []
        self.expected_reference = self.initial.clone()  # moved by our own rule, see `Follow`

    def compute_loss(self, *arguments, **more):
        reference = flat(self.ref_model)
        # The claim of `about` on timing: the reference that this forward pass sees.
        assert torch.allclose(reference, self.expected_reference, rtol=0, atol=1e-6)
        loss = super().compute_loss(*arguments, **more)
        self.observed.append({
            "loss": loss.item(),
            "policy_distance": (flat(self.model) - self.initial).norm().item(),
            "reference_distance": (reference - self.initial).norm().item(),
        })
        return loss


class ObservedDPOTrainer(Observed, DPOTrainer):
    pass


class Follow(TrainerCallback):
    """Moves the expected reference after the optimizer's step, as the method says."""

    def __init__(self, alpha, every):
        self.alpha, self.every, self.trainer = alpha, every, None

    def on_optimizer_step(self, args, state, control, **more):  # global_step has not been raised yet
        if self.every and (state.global_step + 1) % self.every == 0:
            self.trainer.expected_reference.lerp_(flat(self.trainer.model), self.alpha)


def flat(model):
    return torch.cat([p.detach().double().flatten() for p in model.parameters()])


LOGGED = ["grad_norm", "num_tokens"] + [
    f"{what}/{side}" for what in ("logps", "rewards") for side in ("chosen", "rejected")
] + ["rewards/margins", "rewards/accuracies"]


def observed_run(kind, config, folder, tok, data, steps, check, logged, **options):
    """Trains with a subclass of `Observed`; `check` sees the rows and what TRL made of them."""
    follow = Follow(options.get("ref_model_mixup_alpha"), options.get("ref_model_sync_steps"))
    with tempfile.TemporaryDirectory() as scratch:
        trainer = kind(
            model=AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32),
            args=config(
                output_dir=scratch, use_cpu=True, bf16=False, gradient_checkpointing=False,
                per_device_train_batch_size=BATCH, max_steps=steps, seed=SEED,
                train_sampling_strategy="sequential",
                disable_dropout=True,
                learning_rate=LEARNING_RATE, lr_scheduler_type="constant", weight_decay=0.0,
                adam_beta1=0.9, adam_beta2=0.999, adam_epsilon=1e-8,
                dataloader_pin_memory=False, save_strategy="no", logging_steps=1, report_to=[],
                disable_tqdm=True,
                **{"max_length": None, "max_grad_norm": CLIP, **options},
            ),
            train_dataset=Dataset.from_list(data), processing_class=tok, callbacks=[follow],
        )
        trainer.remove_callback(PrinterCallback)
        check(data, list(trainer.train_dataset))
        follow.trainer = trainer
        trainer.watch()
        trainer.train()
    log = [entry for entry in trainer.state.log_history if "loss" in entry]
    assert len(log) == len(trainer.observed) == steps
    made = []
    for i, (seen, entry) in enumerate(zip(trainer.observed, log)):
        assert entry["loss"] == seen["loss"], "TRL rounds the logged loss"
        made.append({"step": i + 1, **seen, **{key: entry[key] for key in logged if key in entry}})
    last = {
        "policy_distance": (flat(trainer.model) - trainer.initial).norm().item(),
        "reference_distance": (flat(trainer.ref_model) - trainer.initial).norm().item(),
    }
    return {"steps": made, "after": last}


def train_pairs(folder, tok, data, steps, loss_type, beta, **sync):
    def check(rows, kept):
        for row, ids in zip(rows, kept, strict=True):
            split = ids["prompt_ids"], ids["chosen_ids"], ids["rejected_ids"]
            assert split == token_ids(tok, row), "the split of `score` is not TRL's"

    return observed_run(
        ObservedDPOTrainer, DPOConfig, folder, tok, data, steps, check, LOGGED,
        loss_type=[loss_type], beta=beta, **sync,
    )


# ---- Files

MADE_BY = made_by(
    "python tools/make_trl_goldens.py", SEED, "torch", "transformers", "trl", "tokenizers"
)
ABOUT_LOGPS = (
    "Per checkpoint folder, per line of rows.jsonl: tokens of the prompt and of each completion, and "
    "the sum of the completion's log-probs. transformers, fp32 on a CPU, eval mode, one unpadded "
    "sequence a pass."
)
ABOUT_GRADIENTS = (
    "Per checkpoint folder and parameter, the gradient of the summed margins (log-prob of the chosen "
    "minus that of the rejected completion) of the first `rows` lines of rows.jsonl: its Euclidean "
    "norm, and its inner product with the parameter. transformers and autograd, fp64 on a CPU, eval "
    "mode, one unpadded sequence a pass."
)
ABOUT_TRAJECTORIES = (
    "TRL's DPOTrainer on rows.jsonl in file order. The numbers of step t are those of its forward "
    "pass, before its update: the distances (Euclidean, over all parameters, from the initial weights) "
    "are where policy and reference stand then; `after` is where they stand at the end. Step t: "
    "forward and loss, gradient clipped (grad_norm is the norm before clipping), optimizer step, then "
    "the reference moves if t is a multiple of `every`; so the loss of step t+1 is the first to see it "
    "(asserted while this file was made). num_tokens runs up over the steps: prompt + chosen and "
    "prompt + rejected, so each row's prompt counts twice."
)


def empty(out):
    """Clears an earlier output of this script, and leaves any other folder with content alone."""
    if out.exists() and any(out.iterdir()):
        if not (out / "trajectories.json").exists():
            sys.exit(f"{out} holds something else than golden files: name a new folder")
        shutil.rmtree(out)


def main():
    prepare()
    home = Path(__file__).resolve().parent.parent
    default = home / "tralign-djl/src/test/resources/io/github/tralign/djl/golden"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    empty(out)

    data = rows()
    tok = tokenizer(data)
    folders = {name: (make, out / name) for name, make in TRAINED.items()}
    for name, make in VARIANTS.items():
        folders[f"variants/{name}"] = make, out / "variants" / name
    for i, (make, folder) in enumerate(folders.values()):
        checkpoint(make, folder, SEED + i)
    for name in TRAINED:
        tok.save_pretrained(out / name)
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in data]
    (out / "rows.jsonl").write_text("".join(lines), encoding="utf-8")

    logps = {name: score(folder, tok, data) for name, (_, folder) in folders.items()}
    write(out / "logps.json", {"made_by": MADE_BY, "about": ABOUT_LOGPS, "logps": logps})

    slopes = {
        name: gradients(folder, tok, data[:GRADIENT_ROWS]) for name, (_, folder) in folders.items()
    }
    write(
        out / "gradients.json",
        {
            "made_by": MADE_BY, "about": ABOUT_GRADIENTS, "rows": GRADIENT_ROWS,
            "gradients": slopes,
        },
    )

    setup = {
        "rows": "rows.jsonl", "shuffle": False, "batch_size": BATCH, "steps": STEPS, "loss": "dpo",
        "beta": BETA, "learning_rate": LEARNING_RATE, "schedule": "constant", "weight_decay": 0.0,
        "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}, "max_grad_norm": CLIP,
        "references": {
            "fixed": {},
            "soft": {"alpha": SOFT_ALPHA, "every": 1},
            "hard": {"alpha": 1.0, "every": HARD_TAU},
        },
    }
    runs = {
        name: {
            reference: train_pairs(out / name, tok, data, STEPS, "sigmoid", BETA, **sync)
            for reference, sync in REFERENCES.items()
        }
        for name in TRAINED
    }
    write(
        out / "trajectories.json",
        {"made_by": MADE_BY, "about": ABOUT_TRAJECTORIES, "setup": setup, "runs": runs},
    )
    for name, by_reference in runs.items():
        for reference, run in by_reference.items():
            print(name, reference, *("%.4f" % step["loss"] for step in run["steps"]))


if __name__ == "__main__":
    main()
