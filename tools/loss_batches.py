"""The batches of log-probabilities that make_loss_goldens.py and make_bco_goldens.py put to TRL.

Log-probabilities and log-ratios are multiples of 1/1024, so that float32 holds them and their sums
exactly.
"""

from random import Random

SEED = 20240414


def grid(x):
    return round(x * 1024) / 1024


def logp(random, tokens, extra=0):
    """Of a completion, such as small models give it; `extra` leaves room for far log-ratios."""
    return grid(-extra - sum(random.uniform(0.1, 3.0) for _ in range(tokens)))


def pair_batch(chosen_tokens, rejected_tokens, ratio, extra=0):
    """One row a pair; `ratio(side, i, reference, random)` is log pi - log pi_ref."""
    random = Random(SEED)
    batch = {"chosen_tokens": chosen_tokens, "rejected_tokens": rejected_tokens}
    for side in ("chosen", "rejected"):
        reference = [logp(random, n, extra) for n in batch[side + "_tokens"]]
        ratios = [grid(ratio(side, i, r, random)) for i, r in enumerate(reference)]
        batch["policy_" + side] = [r + x for r, x in zip(reference, ratios)]
        batch["reference_" + side] = reference
        assert max(batch["policy_" + side]) < 0
    return batch


def near(part):
    return lambda side, i, reference, random: reference * random.uniform(-part, part)


def fixed(chosen, rejected):
    return lambda side, i, reference, random: (chosen if side == "chosen" else rejected)[i]


def twice(batch):
    return {key: [*values, values[-1]] for key, values in batch.items()}


def pairs():
    return {
        "ordinary": pair_batch(
            [12, 31, 7, 22, 18, 40, 9, 15], [10, 24, 19, 22, 33, 8, 14, 27], near(0.15)
        ),
        "lengths": pair_batch([1, 1, 60, 2, 59, 30], [1, 60, 1, 3, 60, 2], near(0.5)),
        "far": pair_batch(
            [20, 5, 33, 41, 12, 60], [30, 9, 28, 2, 12, 1],
            fixed([50, -50, 49, -49.5, 48, -47], [-50, 50, 49.5, -48.5, 47.75, -0.25]), extra=50,
        ),
        # Equal policies; equal log-ratios; the kink of the hinge at beta = 0.1; a row that comes twice.
        "ties": twice(pair_batch(
            [11, 9, 25, 16], [11, 12, 13, 8], fixed([0, 3, 7, -2], [0, 3, -3, 1.5])
        )),
        "single": pair_batch([17], [21], fixed([1.25], [-2.5])),
        # Almost certain tokens, and hopeless ones: where the odds of ORPO are hard to compute.
        "sure": {
            "chosen_tokens": [10, 4, 8, 2], "rejected_tokens": [4, 16, 2, 5],
            "policy_chosen": [-0.01953125, -0.125, -0.0625, -60.0],
            "policy_rejected": [-2.75, -0.03125, -90.0, -0.0048828125],
            "reference_chosen": [-0.5, -0.25, -1.0, -50.0],
            "reference_rejected": [-2.0, -0.125, -80.0, -0.5],
        },
    }


def token_pairs():
    """Log-probs token by token, with log(sum_v p_v^2) of the distribution that each was drawn from."""
    import torch

    torch.manual_seed(SEED)
    lengths = {"chosen": [3, 6, 4, 9, 1], "rejected": [5, 2, 4, 1, 12]}
    batch = {}
    for side, tokens in lengths.items():
        policy, reference, squares = [], [], []
        for n in tokens:
            logps = (2 * torch.randn(n, 7, dtype=torch.float64)).log_softmax(-1)
            drawn = torch.multinomial(logps.exp(), 1)
            policy.append(logps.gather(1, drawn).squeeze(1).tolist())
            squares.append((2 * logps).logsumexp(-1).tolist())
            reference.append((logps.gather(1, drawn).squeeze(1) - 0.5 * torch.rand(n)).tolist())
        batch["policy_" + side], batch["reference_" + side] = policy, reference
        batch["log_sum_squares_" + side] = squares
    return {"tokens": batch}


def unpaired_batch(random, labels, ratios, mismatched):
    tokens = [random.randint(5, 40) for _ in labels]
    reference = [logp(random, n, 50) for n in tokens]
    mismatched_reference = [logp(random, n, 75) for n in tokens]
    return {
        "desirable": labels, "tokens": tokens,
        "policy": [r + grid(x) for r, x in zip(reference, ratios)], "reference": reference,
        "mismatched_policy": [r + grid(x) for r, x in zip(mismatched_reference, mismatched)],
        "mismatched_reference": mismatched_reference,
    }


def unpaired():
    random = Random(SEED)

    def some(n, mean):
        return [random.gauss(mean, 2.0) for _ in range(n)]

    def batch(labels, ratios, mismatched):
        return unpaired_batch(random, [bool(label) for label in labels], ratios, mismatched)

    return {
        "mixed": batch([1, 0, 0, 1, 1, 0, 1, 1], some(8, 0.5), some(8, 2.0)),
        "clamped": batch([0, 1, 1, 0], some(4, 0.5), some(4, -3.0)),
        "desirable-only": batch([1, 1, 1], some(3, 1.0), some(3, 1.0)),
        "undesirable-only": batch([0, 0, 0], some(3, -1.0), some(3, 1.0)),
        "far-apart": batch([1, 0, 1, 0], [50, 50, -50, -50], [50, -50, 50, -30]),
        "at-start": batch([1, 0], [0, 0], [0, 0]),
    }
