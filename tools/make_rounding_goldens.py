"""Writes rounding.json: fp32 numbers with what torch rounds them to in bf16 and fp16.

    python tools/make_rounding_goldens.py     needs torch; writes below tralign-djl/src/test

Ties, neighbours of ties, subnormals, the greatest numbers of each type, what is too large, infinities, and seeded random bits.
"""
import json
import random
import struct
from pathlib import Path

import torch

FILE = Path(__file__).parent.parent / "tralign-djl/src/test/resources/io/github/tralign/djl/golden/rounding.json"
R = random.Random(17)


def bits(x):
    return struct.unpack("<I", struct.pack("<f", x))[0]


def numbers():
    for low in (12, 13, 15, 16):  # the bits that are cut off, around half of their range
        for high in (0x3F80, 0x3F81, 0x3FFF, 0x4049, 0x3C7F, 0x477F, 0x7F7F):
            upper = (high << 16) & ~((1 << low) - 1)
            half = 1 << low - 1
            yield from (upper | half, upper | half - 1, upper | half + 1, upper | 1 << low | half)
    for x in (0.0, 2**-24, 2**-25, 2**-25 * 1.0001, 1.5 * 2**-24, 2.5 * 2**-24, 2**-14, 2**-14 - 2**-25, 2**-14 - 2**-26,
              65504, 65519.99, 65520, 65536, 3.3895e38, 3.4028234663852886e38, 1e-40, 2**-133, 2**-134, 1.5 * 2**-133, 2**-149,
              float("inf")):
        yield bits(x)
    yield from (R.randrange(0x33000000, 0x47800000) for _ in range(40))
    yield from (R.randrange(0, 0x7F800000) for _ in range(20))


def main():
    rows = [b | sign for b in numbers() for sign in (0, 0x80000000)]
    x = torch.tensor([struct.unpack("<i", struct.pack("<I", b))[0] for b in rows], dtype=torch.int32).view(torch.float32)
    as_bits = {name: [v & 0xFFFF for v in x.to(dtype).view(torch.int16).tolist()]
               for name, dtype in (("bf16", torch.bfloat16), ("fp16", torch.float16))}
    made = {"made_by": f"tools/make_rounding_goldens.py, torch {torch.__version__}, seed 17",
            "columns": ["fp32", "bf16", "fp16"], "rows": [list(r) for r in zip(rows, as_bits["bf16"], as_bits["fp16"])]}
    FILE.write_text(json.dumps(made, separators=(",", ":")).replace('"rows":[', '"rows":[\n').replace("],[", "],\n[") + "\n")


if __name__ == "__main__":
    main()
