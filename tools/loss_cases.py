"""The cases that make_loss_goldens.py puts to TRL: our name of the loss, TRL's options, and the names
of the batches."""

USUAL = ["ordinary", "lengths", "far"]
ALL = [*USUAL, "ties", "single"]
UNPAIRED = ["mixed", "clamped", "desirable-only", "undesirable-only", "far-apart", "at-start"]

OURS = {
    "beta": "beta", "label_smoothing": "label_smoothing", "discopop_tau": "tau",
    "ld_alpha": "ld_alpha", "use_weighting": "wpo", "desirable_weight": "desirable_weight",
    "undesirable_weight": "undesirable_weight", "simpo_gamma": "gamma", "alpha": "alpha",
    "cpo_alpha": "sft_weight", "f_divergence_type": "divergence", "f_alpha_divergence_coef": "alpha",
}

DPO_CASES = [
    ("dpo", "sigmoid", {}, ALL),
    ("dpo", "sigmoid", {"beta": 1.0}, ["ordinary"]),
    ("hinge", "hinge", {}, ALL),
    ("hinge", "hinge", {"beta": 0.5}, ["ordinary"]),
    ("ipo-mean", "ipo", {}, ALL),
    ("ipo-mean", "ipo", {"beta": 0.5}, ["ordinary", "lengths"]),
    ("dpo-norm", "sigmoid_norm", {"beta": 5.0}, ALL),
    ("exo", "exo_pair", {"label_smoothing": 1e-3}, ALL),
    ("exo", "exo_pair", {"beta": 0.5, "label_smoothing": 0.2}, ["ordinary"]),
    ("nca", "nca_pair", {}, ALL),
    ("robust", "robust", {"label_smoothing": 0.0}, ["ordinary"]),
    ("robust", "robust", {"label_smoothing": 0.1}, ALL),
    ("robust", "robust", {"beta": 0.5, "label_smoothing": 0.4}, ["ordinary"]),
    ("bco-pair", "bco_pair", {}, ALL),
    ("sppo-hard", "sppo_hard", {}, ALL),
    ("sppo-hard", "sppo_hard", {"beta": 1e-3}, ["ordinary"]),
    ("aot", "aot", {}, ALL),
    ("aot", "aot", {"label_smoothing": 0.1}, USUAL),
    ("aot-unpaired", "aot_unpaired", {}, ALL),
    ("aot-unpaired", "aot_unpaired", {"label_smoothing": 0.1}, USUAL),
    ("apo-zero", "apo_zero", {}, ALL),
    ("apo-down", "apo_down", {}, ALL),
    ("discopop", "discopop", {}, ALL),
    ("discopop", "discopop", {"beta": 0.5, "discopop_tau": 0.5}, ["ordinary"]),
    ("sft", "sft", {}, USUAL),
]
DIVERGENT = [
    ("dpo", "sigmoid", {}), ("dpo-norm", "sigmoid_norm", {"beta": 5.0}), ("hinge", "hinge", {}),
    ("ipo-mean", "ipo", {}), ("exo", "exo_pair", {"label_smoothing": 1e-3}),
    ("robust", "robust", {"label_smoothing": 0.1}), ("discopop", "discopop", {"beta": 0.01}),
]
DIVERGENCES = [
    {"f_divergence_type": "forward_kl"}, {"f_divergence_type": "js_divergence"},
    {"f_divergence_type": "alpha_divergence", "f_alpha_divergence_coef": 0.5},
    {"f_divergence_type": "alpha_divergence", "f_alpha_divergence_coef": 1.5},
]
SUMS = [
    ([("dpo", "sigmoid", 1.0), ("sft", "sft", 0.2)], {}),
    ([("dpo", "sigmoid", 0.8), ("bco-pair", "bco_pair", 0.2), ("sft", "sft", 1.0)], {}),
    ([("hinge", "hinge", 1.0), ("ipo-mean", "ipo", 0.5), ("aot", "aot", 2.0)], {}),
]
TOKEN_CASES = [
    *(("dpo", "sigmoid", {"ld_alpha": alpha}) for alpha in (0.0, 0.3, 1.0)),
    ("hinge", "hinge", {"ld_alpha": 0.3}), ("ipo-mean", "ipo", {"ld_alpha": 0.3}),
    ("aot", "aot", {"ld_alpha": 0.3}),
    *((ours, theirs, {"use_weighting": True}) for ours, theirs in (
        ("dpo", "sigmoid"), ("ipo-mean", "ipo"), ("nca", "nca_pair"), ("apo-zero", "apo_zero"),
        ("robust", "robust"))),
    ("dpo", "sigmoid", {"ld_alpha": 0.3, "use_weighting": True}),
]
KTO_CASES = [
    ("kto", {}, UNPAIRED),
    ("kto", {"beta": 0.5, "desirable_weight": 1.33, "undesirable_weight": 0.75}, ["mixed", "clamped"]),
    ("apo-zero-unpaired", {"loss_type": "apo_zero_unpaired"}, UNPAIRED),
    ("apo-zero-unpaired", {"loss_type": "apo_zero_unpaired", "beta": 0.5, "undesirable_weight": 0.75},
     ["mixed"]),
]
CPO_CASES = [
    ("cpo", {"cpo_alpha": 0.0}, ALL),
    ("cpo", {"cpo_alpha": 1.0}, USUAL),
    ("cpo", {"cpo_alpha": 0.5, "beta": 0.5, "label_smoothing": 0.1}, ["ordinary"]),
    ("cpo-hinge", {"loss_type": "hinge", "cpo_alpha": 0.0}, ALL),
    ("cpo-hinge", {"loss_type": "hinge", "cpo_alpha": 1.0}, ["ordinary"]),
    ("cpo-ipo", {"loss_type": "ipo", "cpo_alpha": 0.0}, ALL),
    ("cpo-ipo", {"loss_type": "ipo", "cpo_alpha": 1.0}, ["ordinary"]),
    ("simpo", {"loss_type": "simpo", "cpo_alpha": 0.0, "beta": 2.0, "simpo_gamma": 0.5},
     [*ALL, "sure"]),
    ("simpo", {"loss_type": "simpo", "cpo_alpha": 0.0, "beta": 10.0, "simpo_gamma": 3.0}, ["ordinary"]),
    ("simpo", {"loss_type": "simpo", "cpo_alpha": 1.0, "beta": 2.0, "simpo_gamma": 0.5,
               "label_smoothing": 0.1}, ["ordinary"]),
    *(("alphapo", {"loss_type": "alphapo", "alpha": alpha, "beta": 2.0, "simpo_gamma": 0.5},
       ["ordinary", "lengths"]) for alpha in (0.25, -0.5)),
]
ORPO_CASES = [("orpo", {"beta": beta}, ["ordinary", "lengths", "single", "sure"]) for beta in (0.1, 0.5)]
