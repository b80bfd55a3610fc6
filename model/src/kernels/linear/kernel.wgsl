// y = x Wᵀ + b: x [rows, inputs], W [outputs, inputs], b [outputs], y [rows, outputs].
// One thread per output column and tile of four rows: a weight is read once for the four.
// Decoding has one row, and a loop of its own for it.

struct Parameters {
    rows: u32,
    inputs: u32,
    outputs: u32,
    has_bias: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

const ROWS_PER_THREAD = 4u;

@compute @workgroup_size(64)
fn linear(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.y * groups.x * 64u;
    let column = index % parameters.outputs;
    let first_row = index / parameters.outputs * ROWS_PER_THREAD;
    if first_row >= parameters.rows {
        return;
    }
    let inputs = parameters.inputs;
    let weight_start = column * inputs;
    let rows = min(ROWS_PER_THREAD, parameters.rows - first_row);
    let last = rows - 1u;

    // Rows that are not there repeat the last one and are not written.
    let start = vec4<u32>(
        first_row,
        first_row + min(1u, last),
        first_row + min(2u, last),
        first_row + last,
    ) * inputs;
    var sums = vec4<f32>();
    if rows == 1u {
        for (var i = 0u; i < inputs; i++) {
            sums.x += weight[weight_start + i] * x[start.x + i];
        }
    } else {
        for (var i = 0u; i < inputs; i++) {
            let values = vec4<f32>(x[start.x + i], x[start.y + i], x[start.z + i], x[start.w + i]);
            sums += weight[weight_start + i] * values;
        }
    }
    if parameters.has_bias != 0u {
        sums += bias[column];
    }
    for (var row = 0u; row < rows; row++) {
        y[(first_row + row) * parameters.outputs + column] = sums[row];
    }
}
