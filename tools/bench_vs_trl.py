"""Times tralign beside TRL on the same machine, model, pairs and threads, and prints ratios.

    python -m venv venv && . venv/bin/activate
    pip install torch==2.15.0 transformers==5.23.0 trl==1.16.0 datasets
    python tools/bench_vs_trl.py MODEL PAIRS [--reference soft fixed hard] [--steps 3 10] [--rounds 1]
        [--max-length 512] [--precision fp32] [--device cpu] [--trl-batch 8]

MODEL is a Hugging Face folder, PAIRS a file of JSON lines with prompt, chosen and rejected. Both train with DPO (beta 0.05,
learning rate 1e-6, 8 pairs a step in the order of the file, clip 2), each run in a process of its own, in turn. Seconds of a
step are the difference between a long and a short run of whole processes, so that starting up does not count; scoring under a
fixed reference does. TRL gets the settings of glibc's allocator that suit it best; --trl-batch lets it accumulate a step's
gradient over forward passes of fewer pairs, for sequences that it has no memory for otherwise.
With --device cuda, memory is what nvidia-smi tells of the GPU, asked twice a second; nothing else may run on it.
Prints a line for each pair of runs and the largest difference between both programs' losses. A program that fails, such as one
that runs out of memory, is told with the last line that it wrote; `ulimit -v` keeps one from taking the machine along.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
ALLOCATOR = {
    "MALLOC_TRIM_THRESHOLD_": str(1 << 34), "MALLOC_TOP_PAD_": str(1 << 28), "MALLOC_MMAP_THRESHOLD_": str(1 << 32),
}
BATCH, BETA, LEARNING_RATE, CLIP, ALPHA, TAU = 8, 0.05, 1e-6, 2.0, 0.6, 8


def trl(options, reference, steps, losses):
    """TRL's side, in a process of its own."""
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    import torch
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import DPOConfig, DPOTrainer

    torch.set_num_threads(options.threads)
    if options.precision == "fp32-high":
        torch.set_float32_matmul_precision("high")  # the same by PyTorch's name; where it has no such products, fp32
    rows = [json.loads(line) for line in open(options.pairs, encoding="utf-8")][: steps * BATCH]
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    moving = {} if reference == "fixed" else dict(
        sync_ref_model=True, ref_model_mixup_alpha=ALPHA if reference == "soft" else 1.0,
        ref_model_sync_steps=1 if reference == "soft" else TAU)
    trainer = DPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32),
        args=DPOConfig(
            output_dir=tempfile.mkdtemp(), use_cpu=options.device == "cpu", bf16=options.precision == "bf16",
            gradient_checkpointing=False,
            per_device_train_batch_size=options.trl_batch, gradient_accumulation_steps=BATCH // options.trl_batch,
            max_steps=steps, learning_rate=LEARNING_RATE, lr_scheduler_type="constant", weight_decay=0.0,
            max_grad_norm=CLIP, beta=BETA, max_length=options.max_length, train_sampling_strategy="sequential",
            precompute_ref_log_probs=reference == "fixed", dataloader_pin_memory=False, save_strategy="no",
            logging_steps=1, report_to=[], disable_tqdm=True, **moving),
        train_dataset=Dataset.from_list(rows), processing_class=tokenizer)
    trainer.train()
    Path(losses).write_text(json.dumps([it["loss"] for it in trainer.state.log_history if "loss" in it]))


class Failed(Exception):
    """What a program said last."""


class GpuMemory(threading.Thread):
    """The most MiB in use while it runs."""

    def __init__(self):
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.mib = 0

    def run(self):
        while not self.ended.wait(0.5):
            told = subprocess.check_output(["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"], text=True)
            self.mib = max(self.mib, int(told.split()[0]))


def timed(options, command, environment):
    """Seconds and peak MiB of a process."""
    gpu = GpuMemory()
    if options.device != "cpu":
        gpu.start()
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    gpu.ended.set()
    if status != 0:
        raise Failed((errors.strip().splitlines() or [f"exit status {status}"])[-1])
    return seconds, usage.ru_maxrss / 1024 if options.device == "cpu" else gpu.mib


def run_trl(options, reference, steps, folder):
    losses = folder / "losses.json"
    command = [sys.executable, __file__, options.model, options.pairs, "--peer", reference, str(steps), str(losses),
               "--threads", str(options.threads), "--max-length", str(options.max_length), "--precision", options.precision,
               "--device", options.device, "--trl-batch", str(options.trl_batch)]
    seconds, mib = timed(options, command, ALLOCATOR)
    return seconds, mib, json.loads(losses.read_text())


def run_tralign(options, reference, steps, folder):
    rule = {"soft": f"soft:{ALPHA}", "fixed": "fixed", "hard": f"hard:{TAU}"}[reference]
    run = Path(tempfile.mkdtemp(dir=folder)) / "run"
    command = [str(HOME / "tralign"), "train", "--policy", options.model, "--data", options.pairs, "--output", str(run),
               "--reference", rule, "--beta", str(BETA), "--learning-rate", str(LEARNING_RATE), "--max-grad-norm", str(CLIP),
               "--batch-size", str(BATCH), "--max-length", str(options.max_length), "--max-steps", str(steps), "--shuffle", "false",
               "--probe-every", "0", "--precision", options.precision, "--device", options.device,
               "--threads", str(options.threads), "--quiet"]
    seconds, mib = timed(options, command, {})
    return seconds, mib, [json.loads(line)["loss"] for line in open(run / "metrics.jsonl", encoding="utf-8")]


def measure(run, options, reference, folder):
    short, long = options.steps
    first, _, _ = run(options, reference, short, folder)
    second, mib, losses = run(options, reference, long, folder)
    return (long - short) * BATCH / (second - first), mib, losses


def attempt(name, run, options, reference, folder):
    """What was measured and how to tell it; nothing and why, if the program failed."""
    try:
        measured = measure(run, options, reference, folder)
        return measured, f"{name} {measured[0]:.3f} pairs/s, {measured[1]:,.0f} MiB"
    except Failed as failure:
        return None, f"{name} failed: {failure}"


def compare(options, reference, folder):
    """Both programs in turn, in a line."""
    ours, line = attempt("tralign", run_tralign, options, reference, folder)
    peer, peer_line = attempt("TRL", run_trl, options, reference, folder)
    line = f"{reference}, {options.precision}, {options.device}: {line}; {peer_line}"
    if ours and peer:
        worst = max(abs(a - b) for a, b in zip(ours[2], peer[2], strict=True))
        line += f"; speed {ours[0] / peer[0]:.2f}x, memory {ours[1] / peer[1]:.2f}x, losses within {worst:.1e}"
    return line


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("pairs")
    parser.add_argument("--reference", nargs="+", default=["soft", "fixed", "hard"])
    parser.add_argument("--steps", nargs=2, type=int, default=[3, 10])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--max-length", type=int, default=512)
    parser.add_argument("--precision", choices=["fp32", "fp32-high", "bf16"], default="fp32")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--trl-batch", choices=[1, 2, 4, 8], type=int, default=BATCH)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--peer", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        reference, steps, losses = options.peer
        trl(options, reference, int(steps), losses)
        return
    subprocess.run([HOME / "tralign", "--version"], check=True)  # builds what is missing
    with tempfile.TemporaryDirectory() as name:
        for _ in range(options.rounds):
            for reference in options.reference:
                print(compare(options, reference, Path(name)), flush=True)


if __name__ == "__main__":
    main()
