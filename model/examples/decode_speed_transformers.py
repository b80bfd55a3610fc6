"""What decode_speed.rs measures, by transformers in f32: `python decode_speed_transformers.py FOLDER threads tokens`."""

import json
import os
import sys
import time
import warnings

# The cache is given by the name that older versions know, too.
warnings.simplefilter("ignore", FutureWarning)
os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import transformers

folder, threads, tokens = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
torch.set_num_threads(threads)
model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
prompt = torch.tensor([[place * 7 + 40 for place in range(32)]])
with torch.inference_mode():
    # The first call sets torch up, which would count as the prompt's.
    model(prompt[:, :2], use_cache=True)
    started = time.perf_counter()
    said = model(prompt, use_cache=True, logits_to_keep=1)
    prompt_seconds = time.perf_counter() - started
    kept = said.past_key_values
    started = time.perf_counter()
    # The tokens are given, as llama.cpp's are.
    for token in range(tokens):
        said = model(torch.tensor([[token % 1000 + 40]]), use_cache=True, past_key_values=kept)
        kept = said.past_key_values
    seconds = time.perf_counter() - started
print(
    json.dumps(
        {
            "tokens_per_second": round(tokens / seconds, 1),
            "prompt_tokens_per_second": round(prompt.shape[1] / prompt_seconds, 1),
        }
    )
)
