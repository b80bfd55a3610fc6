"""What decode_speed.rs measures, by llama.cpp: `python decode_speed.py FILE threads tokens`."""

import json
import sys
import time

import llama_cpp

path, threads, tokens = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
model = llama_cpp.Llama(
    path, n_ctx=512, n_threads=threads, n_threads_batch=threads, logits_all=False, verbose=False
)
prompt = [place * 7 + 40 for place in range(32)]
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
