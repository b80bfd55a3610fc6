// y = x · r ⊙ w, r = 1 / √(mean(x²) + ε), per row: x and y [rows, width], w [width].
// One thread per row.

struct Parameters {
    rows: u32,
    width: u32,
    epsilon: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn rms_norm(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let row = id.x + id.y * groups.x * 64u;
    if row >= parameters.rows {
        return;
    }
    let start = row * parameters.width;
    var squares = 0.0;
    for (var i = 0u; i < parameters.width; i++) {
        let value = x[start + i];
        squares += value * value;
    }
    let scale = 1.0 / sqrt(squares / f32(parameters.width) + parameters.epsilon);
    for (var i = 0u; i < parameters.width; i++) {
        y[start + i] = x[start + i] * scale * weight[i];
    }
}
