// y = ½ x (1 + tanh(u)) = x / (1 + e⁻²ᵘ), u = √(2/π) (x + 0.044715 x³): x and y of `count` values.
// One thread per value. Drivers give no number for the tanh or the exponential of a large one, so what
// goes into it is held where the result no longer changes.

struct Parameters {
    count: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn gelu(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.y * groups.x * 64u;
    if index >= parameters.count {
        return;
    }
    let value = x[index];
    let u = 0.7978845608 * (value + 0.044715 * value * value * value);
    y[index] = value / (1.0 + exp(clamp(-2.0 * u, -80.0, 80.0)));
}
