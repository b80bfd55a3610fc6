// y = (x − μ) · r ⊙ w + b, μ = mean(x), r = 1 / √(mean((x − μ)²) + ε), per row: x and y [rows, width],
// w and b [width]. One thread per row.

struct Parameters {
    rows: u32,
    width: u32,
    epsilon: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn layer_norm(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let row = id.x + id.y * groups.x * 64u;
    if row >= parameters.rows {
        return;
    }
    let start = row * parameters.width;
    var sum = 0.0;
    for (var i = 0u; i < parameters.width; i++) {
        sum += x[start + i];
    }
    let mean = sum / f32(parameters.width);
    var squares = 0.0;
    for (var i = 0u; i < parameters.width; i++) {
        let centered = x[start + i] - mean;
        squares += centered * centered;
    }
    let scale = 1.0 / sqrt(squares / f32(parameters.width) + parameters.epsilon);
    for (var i = 0u; i < parameters.width; i++) {
        y[start + i] = (x[start + i] - mean) * scale * weight[i] + bias[i];
    }
}
