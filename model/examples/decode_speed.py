"""What decode_speed.rs measures, by llama.cpp: `python decode_speed.py FILE threads tokens`."""

import json
import sys
import time

import llama_cpp

path, threads, tokens = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
PROMPT_TOKENS = 32
# As long as needed: a context beyond the model's own makes llama.cpp warn.
context = PROMPT_TOKENS + tokens
model = llama_cpp.Llama(
    path, n_ctx=context, n_threads=threads, n_threads_batch=threads, logits_all=False, verbose=False
)
prompt = [place * 7 + 40 for place in range(PROMPT_TOKENS)]
started = time.perf_counter()
model.eval(prompt)
prompt_seconds = time.perf_counter() - started
started = time.perf_counter()
# The tokens are given: choosing them in Python would cost time that is not llama.cpp's.
for token in range(tokens):
    model.eval([token % 1000 + 40])
seconds = time.perf_counter() - started
print(
    json.dumps(
        {
            "tokens_per_second": round(tokens / seconds, 1),
            "prompt_tokens_per_second": round(len(prompt) / prompt_seconds, 1),
            "version": "llama-cpp-python " + llama_cpp.__version__,
        }
    )
)
