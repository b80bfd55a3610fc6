// y[t, i] = x[t, start + i] for i < width: x [rows, columns], y [rows, width]. One thread per value of y.

struct Parameters {
    rows: u32,
    columns: u32,
    start: u32,
    width: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn narrow_columns(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.y * groups.x * 64u;
    if index >= parameters.rows * parameters.width {
        return;
    }
    let row = index / parameters.width;
    y[index] = x[row * parameters.columns + parameters.start + index % parameters.width];
}
