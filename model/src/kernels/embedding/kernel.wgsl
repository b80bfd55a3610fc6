// y[t] = W[id[t]]: rows of a table, W [vocabulary, width], y [tokens, width].
// One thread per value. Selecting rows of any tensor is the same.

struct Parameters {
    tokens: u32,
    width: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn embedding(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.y * groups.x * 64u;
    if index >= parameters.tokens * parameters.width {
        return;
    }
    let token = index / parameters.width;
    let column = index % parameters.width;
    y[index] = table[ids[token] * parameters.width + column];
}
