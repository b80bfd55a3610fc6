// y = silu(g) ⊙ u, silu(g) = g / (1 + e⁻ᵍ): g, u and y of `count` values. One thread per value.

struct Parameters {
    count: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> gate: array<f32>;
@group(0) @binding(2) var<storage, read> up: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn swiglu(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let index = id.x + id.y * groups.x * 64u;
    if index >= parameters.count {
        return;
    }
    let g = gate[index];
    // What exp does beyond its range is up to the driver.
    y[index] = g / (1.0 + exp(min(-g, 87.0))) * up[index];
}
