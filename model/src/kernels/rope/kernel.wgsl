// Per head of width n = 2 · half, for i < half, with the token's angles aᵢ:
//   y[i]        = x[i] cos(aᵢ) − x[i + half] sin(aᵢ)
//   y[i + half] = x[i + half] cos(aᵢ) + x[i] sin(aᵢ)
// x and y [tokens, heads · n], cosines and sines [tokens, half]. One thread per pair.

struct Parameters {
    tokens: u32,
    width: u32,
    half_size: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> cosines: array<f32>;
@group(0) @binding(3) var<storage, read> sines: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn rope(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.y * groups.x * 64u;
    let half_size = parameters.half_size;
    let pairs_per_token = parameters.width / 2u;
    let token = index / pairs_per_token;
    if token >= parameters.tokens {
        return;
    }
    let head = index % pairs_per_token / half_size;
    let i = index % half_size;
    let first = token * parameters.width + head * 2u * half_size + i;
    let second = first + half_size;
    let cosine = cosines[token * half_size + i];
    let sine = sines[token * half_size + i];
    y[first] = x[first] * cosine - x[second] * sine;
    y[second] = x[second] * cosine + x[first] * sine;
}
