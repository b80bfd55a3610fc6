"""Writes gguf/greedy.json with llama.cpp, which our Rust never touches.

    pip install llama-cpp-python
    MITBADAK_WRITE_GGUF=DIR cargo test -p model --test gguf_golden
    python make_gguf_golden.py DIR

The test writes its tiny models to DIR as an export would, and prompts.json. Here llama.cpp continues every
prompt greedily, with keys and values in f32 (its default, f16, rounds away what is to be compared), and
says how it cuts each prompt's text itself. `decided` counts the tokens before the first one whose lead over
the next likeliest is so small that rounding on another processor may turn it.
"""

import json
import pathlib
import sys

import llama_cpp
import numpy

folder = pathlib.Path(sys.argv[1])
prompts = json.loads((folder / "prompts.json").read_text())
NEW_TOKENS = 24
F32 = 0
LEAD = 2e-3


def greedy(model, ids):
    model.reset()
    written, decided = [], None
    model.eval(ids)
    for _ in range(NEW_TOKENS):
        logits = numpy.array(model.scores[model.n_tokens - 1], dtype=numpy.float64)
        second, first = numpy.sort(logits)[-2:]
        if decided is None and first - second < LEAD:
            decided = len(written)
        written.append(int(logits.argmax()))
        model.eval(written[-1:])
    return written, NEW_TOKENS if decided is None else decided


models = {}
for path in sorted(folder.glob("*.gguf")):
    model = llama_cpp.Llama(
        str(path), n_ctx=64, n_threads=1, logits_all=True, type_k=F32, type_v=F32, verbose=False
    )
    rows = []
    for prompt in prompts:
        written, decided = greedy(model, prompt["ids"])
        own = model.tokenize(prompt["text"].encode(), add_bos=False, special=False)
        text = model.detokenize(written).decode(errors="replace")
        rows.append({"prompt": prompt["text"], "written": written, "decided": decided, "text": text, "own_ids": own})
        print(path.name, decided, written[:8])
    models[path.stem] = rows

target = pathlib.Path(__file__).parent / "gguf" / "greedy.json"
value = {"llama_cpp_python": llama_cpp.__version__, "models": models}
lines = json.dumps(value, ensure_ascii=False, indent=1)
target.write_text(lines + "\n")
