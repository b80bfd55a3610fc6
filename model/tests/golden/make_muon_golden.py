"""Writes the `muon.json` beside two of the models that make_golden.py made, with PyTorch's own Muon.

    pip install torch transformers numpy safetensors
    python make_muon_golden.py

The same initial weights, batches, schedule and clipping as there; the matrices inside of the blocks are
moved by `torch.optim.Muon`, the rest by AdamW. torch.optim.Muon rounds its Newton-Schulz iteration to
bf16, so the ten steps are made twice: with that iteration written out again in float32 (`losses`, and of
every final parameter its norm and a few values), and as PyTorch has it (`losses_in_bfloat16`).

GPT-2 keeps its matrices as `[in, out]` and queries, keys and values in one of them: Muon gets them as
`[out, in]`, and that one in thirds.
"""

import json
import pathlib

import torch
import torch.optim._muon as torch_muon
import transformers
from safetensors.torch import load_file

RATE, MOMENTUM, DECAY, ITERATIONS = 0.02, 0.95, 0.05, 5
VALUES = 16

ROUNDED = torch_muon._zeropower_via_newtonschulz


def in_float32(gradient, coefficients, iterations, epsilon):
    a, b, c = coefficients
    x = gradient.clone()
    if x.size(0) > x.size(1):
        x = x.T
    x = x / x.norm().clamp(min=epsilon)
    for _ in range(iterations):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if gradient.size(0) > gradient.size(1) else x


def matrices_of(name, tensor):
    """The `[out, in]` matrices of a parameter, as views; none of what AdamW moves."""
    in_block = name.startswith(("model.layers.", "transformer.h."))
    if not in_block or tensor.dim() != 2:
        return []
    if not name.startswith("transformer."):
        return [tensor]
    return list(tensor.T.chunk(3)) if "c_attn" in name else [tensor.T]


def train(folder, golden, newton_schulz):
    torch_muon._zeropower_via_newtonschulz = newton_schulz
    config = transformers.AutoConfig.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().train()
    with torch.no_grad():
        initial = load_file(folder / "initial.safetensors")
        for name, parameter in model.named_parameters():
            parameter.copy_(initial[name])
    named = dict(model.named_parameters())
    moved = {name: [torch.nn.Parameter(part.detach().clone().contiguous()) for part in matrices_of(name, p)]
             for name, p in named.items()}
    others = [p for name, p in named.items() if not moved[name]]
    settings = golden["optimizer"]
    adamw = torch.optim.AdamW(
        [{"params": [p for p in others if p.dim() >= 2], "weight_decay": settings["weight_decay"]},
         {"params": [p for p in others if p.dim() < 2], "weight_decay": 0.0}],
        betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"])
    muon = torch.optim.Muon([part for parts in moved.values() for part in parts],
                            momentum=MOMENTUM, weight_decay=DECAY, ns_steps=ITERATIONS)
    losses = []
    for step, batch in enumerate(torch.tensor(golden["batches"]), start=1):
        logits = model(input_ids=batch[:, :-1], use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), settings["gradient_clip_norm"])
        losses.append(float(loss.detach()))
        factor = schedule_factor(golden, step)
        for group in adamw.param_groups:
            group["lr"] = settings["learning_rate"] * factor
        for group in muon.param_groups:
            group["lr"] = RATE * factor
        for name, parts in moved.items():
            if parts:
                for part, gradient in zip(parts, matrices_of(name, named[name].grad)):
                    part.grad = gradient.contiguous()
        adamw.step()
        muon.step()
        with torch.no_grad():
            for name, parts in moved.items():
                for part, view in zip(parts, matrices_of(name, named[name].data)):
                    view.copy_(part)
    return losses, {name: p.detach() for name, p in named.items()}


def schedule_factor(golden, step):
    from make_golden import PEAK, learning_rate
    assert golden["optimizer"]["learning_rate"] == PEAK
    return learning_rate(step) / PEAK


def make(folder):
    golden = json.loads((folder / "golden.json").read_text())
    losses, final = train(folder, golden, in_float32)
    rounded, rounded_final = train(folder, golden, ROUNDED)
    largest = max(float((final[name] - rounded_final[name]).abs().max() / final[name].abs().max()) for name in final)
    print(folder.name, losses[0], losses[-1], rounded[-1], "weights differ by", largest)
    parameters = {}
    for name, value in final.items():
        # In the layout of the file, as initial.safetensors has it.
        flat = value.flatten()
        parameters[name] = {"norm": float(flat.norm()), "values": flat[:: max(1, len(flat) // VALUES)][:VALUES].tolist()}
    written = {
        "torch": torch.__version__, "transformers": transformers.__version__,
        "muon": {"learning_rate": RATE, "momentum": MOMENTUM, "weight_decay": DECAY, "iterations": ITERATIONS},
        "losses": losses, "losses_in_bfloat16": rounded, "parameters": parameters,
    }
    (folder / "muon.json").write_text(json.dumps(written) + "\n")


if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    torch.set_num_threads(1)
    make(here / "llama_untied")
    make(here / "gpt2_tied")
