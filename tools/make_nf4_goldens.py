"""Makes the golden folders of models that bitsandbytes quantized to 4 bits (NF4).

    pip install torch==2.15.0 transformers==5.23.0 accelerate==1.15.0 bitsandbytes==0.50.0
    python tools/make_nf4_goldens.py

For each: a folder as `save_pretrained` writes it, and beside it `dense.safetensors` with the values that
bitsandbytes decodes, which tralign must decode bit for bit.
"""

import pathlib
import shutil

import bitsandbytes as bnb
import safetensors.torch
import torch
import transformers
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, LlamaConfig, Phi3Config

HERE = pathlib.Path(__file__).parent
GOLDEN = HERE / "../tralign-djl/src/test/resources/io/github/tralign/djl/golden/nf4"

SIZES = dict(
    vocab_size=288,
    hidden_size=64,
    intermediate_size=192,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=512,
    bos_token_id=0,
    eos_token_id=0,
    pad_token_id=0,
)


def make(name, config, dtype, double):
    folder = GOLDEN / name
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config).to(dtype)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 2:
                parameter.normal_(0, 0.1)
    plain = folder / "plain"
    model.save_pretrained(plain)
    quantized = AutoModelForCausalLM.from_pretrained(
        plain,
        dtype=dtype,
        device_map="cpu",
        quantization_config=BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=double,
            bnb_4bit_compute_dtype=dtype,
        ),
    )
    quantized.save_pretrained(folder)
    shutil.rmtree(plain)
    dense = {}
    for path, module in quantized.named_modules():
        if isinstance(module, bnb.nn.Linear4bit):
            weight = module.weight
            values = bnb.functional.dequantize_4bit(weight.data, weight.quant_state)
            assert values.dtype == dtype, values.dtype
            dense[path + ".weight"] = values.contiguous()
    safetensors.torch.save_file(dense, folder / "dense.safetensors", metadata={"format": "pt"})
    print(name, len(dense), transformers.__version__, bnb.__version__)


make("llama", LlamaConfig(**SIZES), torch.bfloat16, True)
make("phi3", Phi3Config(**SIZES), torch.float16, False)
