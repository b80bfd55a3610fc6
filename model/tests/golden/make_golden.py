"""Writes the golden files of this folder with PyTorch and transformers, which our Rust never touches.

    pip install torch transformers numpy safetensors
    python make_golden.py [VARIANT…]

Per variant (Llama and GPT-2, tied and untied head, Llama with the scaled positions of Llama 3): `config.json` as transformers writes it, `initial.safetensors`,
`gradients.safetensors` (of the mean loss over the first batch, unclipped), `final.safetensors` (after
ten AdamW steps with warm-up, cosine and clipping) and `golden.json` (batches, logits of the first
batch, loss and gradient norm of every step).
"""

import json
import math
import pathlib
import sys

import torch
import transformers
from safetensors.torch import save_file

STEPS, ROWS, CONTEXT, VOCABULARY = 10, 3, 16, 97
PEAK, WARMUP, FINAL_RATIO = 3e-3, 3, 0.1
BETAS, DECAY, CLIP = (0.9, 0.95), 0.1, 1.0


def learning_rate(step):
    if step <= WARMUP:
        return PEAK * step / WARMUP
    progress = (step - WARMUP) / (STEPS - WARMUP)
    return PEAK * (FINAL_RATIO + (1 - FINAL_RATIO) * 0.5 * (1 + math.cos(math.pi * progress)))


def parameters_of(model):
    return {name: value.detach().clone().contiguous() for name, value in model.named_parameters()}


def llama(tied, rope_parameters=None):
    config = transformers.LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=CONTEXT,
        rms_norm_eps=1e-5, tie_word_embeddings=tied, bos_token_id=0, eos_token_id=0,
        # No pad_token_id: transformers would keep that row's embedding from learning.
        attn_implementation="eager", rope_parameters=rope_parameters,
    )
    return transformers.LlamaForCausalLM(config)


def llama3_scaled(tied):
    # Waves of 6, 63, 628 and 6283 tokens: one that stays, one between, two that are stretched. From the
    # second position on, every angle is another one than without.
    return llama(tied, {
        "rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
        "high_freq_factor": 4.0, "original_max_position_embeddings": 128,
    })


def gpt2(tied):
    config = transformers.GPT2Config(
        vocab_size=VOCABULARY, n_embd=32, n_inner=64, n_layer=2, n_head=4, n_positions=CONTEXT,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, tie_word_embeddings=tied,
        bos_token_id=0, eos_token_id=0, attn_implementation="eager",
    )
    return transformers.GPT2LMHeadModel(config)


def make(folder, build, tied, epsilon=1e-8):
    torch.manual_seed(20261123 + tied)
    model = build(tied).float().train()
    with torch.no_grad():
        # Wide enough that attention is far from uniform and no norm is exactly one.
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    folder.mkdir(exist_ok=True)
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    save_file(parameters_of(model), folder / "initial.safetensors")

    batches = torch.randint(0, VOCABULARY, (STEPS, ROWS, CONTEXT + 1))
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": DECAY}, {"params": vectors, "weight_decay": 0.0}],
        betas=BETAS, eps=epsilon,
    )
    losses, norms = [], []
    for step, batch in enumerate(batches, start=1):
        logits = model(input_ids=batch[:, :-1], use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        if step == 1:
            first_logits = logits.detach().flatten(0, 1)
            gradients = {name: p.grad.clone().contiguous() for name, p in model.named_parameters()}
            save_file(gradients, folder / "gradients.safetensors")
        norms.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)))
        losses.append(float(loss.detach()))
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step)
        optimizer.step()
    save_file(parameters_of(model), folder / "final.safetensors")
    golden = {
        "torch": torch.__version__, "transformers": transformers.__version__,
        "steps": STEPS, "rows": ROWS, "context_length": CONTEXT,
        "optimizer": {"learning_rate": PEAK, "beta1": BETAS[0], "beta2": BETAS[1], "epsilon": epsilon,
                      "weight_decay": DECAY, "gradient_clip_norm": CLIP},
        "schedule": {"warmup_steps": WARMUP, "final_learning_rate_ratio": FINAL_RATIO},
        "batches": batches.tolist(), "losses": losses, "gradient_norms": norms,
        "logits": [[round(value, 6) for value in row] for row in first_logits.tolist()],
    }
    (folder / "golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    torch.set_num_threads(1)
    variants = {
        "llama_tied": (llama, True),
        "llama_untied": (llama, False),
        "llama_scaled": (llama3_scaled, True),
        # A bias of the keys has no gradient but rounding, which a small epsilon would make into steps.
        "gpt2_tied": (gpt2, True, 1e-5),
        "gpt2_untied": (gpt2, False, 1e-5),
    }
    for name in sys.argv[1:] or variants:
        make(here / name, *variants[name])
