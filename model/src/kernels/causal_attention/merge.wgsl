// The parts p of one query and head, each with its largest score mₚ, total tₚ and sum sₚ (kernel.wgsl):
// with m = max mₚ, y = Σ exp(mₚ − m) sₚ / Σ exp(mₚ − m) tₚ. One thread per value of y.

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
@group(0) @binding(1) var<storage, read> partial: array<f32>;
@group(0) @binding(2) var<storage, read> seen: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

const KEYS_PER_PART = 64u;

@compute @workgroup_size(64)
fn merge(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.y * groups.x * 64u;
    let head_size = parameters.head_size;
    let width = parameters.heads * head_size;
    let token = parameters.first_token + index / width;
    if token >= parameters.first_token + parameters.tokens {
        return;
    }
    let i = index % head_size;
    let stride = head_size + 2u;
    let first = index / head_size * parameters.parts * stride;
    let parts = (seen[token].y + KEYS_PER_PART - 1u) / KEYS_PER_PART;

    // A query that sees nothing is in no segment: zero.
    var sum = 0.0;
    var total = 1.0;
    if parts > 0u {
        var largest = partial[first + head_size];
        for (var part = 1u; part < parts; part++) {
            largest = max(largest, partial[first + part * stride + head_size]);
        }
        total = 0.0;
        for (var part = 0u; part < parts; part++) {
            let start = first + part * stride;
            let weight = exp(partial[start + head_size] - largest);
            sum += weight * partial[start + i];
            total += weight * partial[start + head_size + 1u];
        }
    }
    y[parameters.first_token * width + index] = sum / total;
}
