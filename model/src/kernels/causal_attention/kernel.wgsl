// Per query and head: Sⱼ = scale · q·kⱼ for the keys j that the query sees, P = softmax(S), y = Σⱼ Pⱼ vⱼ.
// queries and y [tokens, heads · head_size], keys and values [key tokens, key_value_heads · head_size];
// heads / key_value_heads query heads share one key-value head.
// One thread per query, head and part of 64 keys, so that a single query is work for many threads
// (Dao et al. 2023, Flash-Decoding); merge.wgsl puts the parts together. There is no table of scores:
// the softmax is kept up to date key by key (Milakov & Gimelshein 2018). With the largest score m so
// far, the total Σ exp(Sⱼ − m) and the sum Σ exp(Sⱼ − m) vⱼ, a larger score m′ multiplies both by exp(m − m′).

struct Parameters {
    first_token: u32,
    tokens: u32,
    heads: u32,
    key_value_heads: u32,
    head_size: u32,
    parts: u32,
    scale: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> queries: array<f32>;
@group(0) @binding(2) var<storage, read> keys: array<f32>;
@group(0) @binding(3) var<storage, read> values: array<f32>;
// For every query the first key that it sees and how many.
@group(0) @binding(4) var<storage, read> seen: array<vec2<u32>>;
// [tokens, heads, parts, head_size + 2]: the sum, then m, then the total.
@group(0) @binding(5) var<storage, read_write> partial: array<f32>;

const KEYS_PER_PART = 64u;

fn score(query: u32, key: u32) -> f32 {
    var dot = 0.0;
    for (var i = 0u; i < parameters.head_size; i++) {
        dot += queries[query + i] * keys[key + i];
    }
    return dot * parameters.scale;
}

@compute @workgroup_size(64)
fn causal_attention(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.y * groups.x * 64u;
    let part = index % parameters.parts;
    let head = index / parameters.parts % parameters.heads;
    let token = parameters.first_token + index / parameters.parts / parameters.heads;
    if token >= parameters.first_token + parameters.tokens {
        return;
    }
    let begin = part * KEYS_PER_PART;
    let end = min(begin + KEYS_PER_PART, seen[token].y);
    if begin >= end {
        return;
    }
    let head_size = parameters.head_size;
    let query = (token * parameters.heads + head) * head_size;
    let group_size = parameters.heads / parameters.key_value_heads;
    let key_width = parameters.key_value_heads * head_size;
    let first_key = seen[token].x * key_width + head / group_size * head_size;
    let sum = index * (head_size + 2u);

    var largest = score(query, first_key + begin * key_width);
    var total = 0.0;
    for (var i = 0u; i < head_size; i++) {
        partial[sum + i] = 0.0;
    }
    for (var j = begin; j < end; j++) {
        let key = first_key + j * key_width;
        let s = score(query, key);
        if s > largest {
            let correction = exp(largest - s);
            total *= correction;
            for (var i = 0u; i < head_size; i++) {
                partial[sum + i] *= correction;
            }
            largest = s;
        }
        let weight = exp(s - largest);
        total += weight;
        for (var i = 0u; i < head_size; i++) {
            partial[sum + i] += weight * values[key + i];
        }
    }
    partial[sum + head_size] = largest;
    partial[sum + head_size + 1u] = total;
}
