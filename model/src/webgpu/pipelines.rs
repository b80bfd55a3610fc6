//! The compiled kernels.

use super::device::{Gpu, checked};
use crate::Result;

/// Threads per workgroup of every kernel.
pub(super) const WORKGROUP_SIZE: u32 = 64;
/// Workgroups per dimension that every GPU takes.
const WORKGROUPS_LIMIT: u32 = 65_535;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kernel {
    Embedding,
    Linear,
    RmsNorm,
    LayerNorm,
    Rope,
    CausalAttention,
    CausalAttentionMerge,
    Swiglu,
    Gelu,
    Add,
    NarrowColumns,
}

impl Kernel {
    const ALL: [Self; 11] = [
        Self::Embedding,
        Self::Linear,
        Self::RmsNorm,
        Self::LayerNorm,
        Self::Rope,
        Self::CausalAttention,
        Self::CausalAttentionMerge,
        Self::Swiglu,
        Self::Gelu,
        Self::Add,
        Self::NarrowColumns,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Embedding => "embedding",
            Self::Linear => "linear",
            Self::RmsNorm => "rms_norm",
            Self::LayerNorm => "layer_norm",
            Self::Rope => "rope",
            Self::CausalAttention => "causal_attention",
            Self::CausalAttentionMerge => "causal_attention, merge",
            Self::Swiglu => "swiglu",
            Self::Gelu => "gelu",
            Self::Add => "add",
            Self::NarrowColumns => "narrow_columns",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::Embedding => include_str!("../kernels/embedding/kernel.wgsl"),
            Self::Linear => include_str!("../kernels/linear/kernel.wgsl"),
            Self::RmsNorm => include_str!("../kernels/rms_norm/kernel.wgsl"),
            Self::LayerNorm => include_str!("../kernels/layer_norm/kernel.wgsl"),
            Self::Rope => include_str!("../kernels/rope/kernel.wgsl"),
            Self::CausalAttention => include_str!("../kernels/causal_attention/kernel.wgsl"),
            Self::CausalAttentionMerge => include_str!("../kernels/causal_attention/merge.wgsl"),
            Self::Swiglu => include_str!("../kernels/swiglu/kernel.wgsl"),
            Self::Gelu => include_str!("../kernels/gelu/kernel.wgsl"),
            Self::Add => include_str!("../kernels/add/kernel.wgsl"),
            Self::NarrowColumns => include_str!("../kernels/narrow_columns/kernel.wgsl"),
        }
    }
}

/// One pipeline per kernel, in the order of [`Kernel::ALL`].
#[derive(Debug)]
pub(super) struct Pipelines([Pipeline; Kernel::ALL.len()]);

#[derive(Debug)]
pub(super) struct Pipeline {
    pub compute: wgpu::ComputePipeline,
    pub layout: wgpu::BindGroupLayout,
}

impl Pipelines {
    /// # Errors
    /// [`crate::Error::Device`] with what the GPU's compiler said.
    pub async fn compile(gpu: &Gpu) -> Result<Self> {
        checked(gpu, || Self(Kernel::ALL.map(|kernel| pipeline(&gpu.device, kernel)))).await
    }

    pub fn get(&self, kernel: Kernel) -> &Pipeline {
        &self.0[kernel as usize]
    }
}

fn pipeline(device: &wgpu::Device, kernel: Kernel) -> Pipeline {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some(kernel.name()),
        source: wgpu::ShaderSource::Wgsl(kernel.source().into()),
    });
    let compute = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: Some(kernel.name()),
        layout: None,
        module: &module,
        entry_point: None,
        compilation_options: wgpu::PipelineCompilationOptions::default(),
        cache: None,
    });
    let layout = compute.get_bind_group_layout(0);
    Pipeline { compute, layout }
}

/// Workgroups in x and y that hold `threads` threads; the kernels number them x first.
pub(super) fn workgroups(threads: usize) -> (u32, u32) {
    let groups = (threads as u64).div_ceil(u64::from(WORKGROUP_SIZE));
    let y = groups.div_ceil(u64::from(WORKGROUPS_LIMIT)).max(1);
    (groups.div_ceil(y) as u32, y as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thread_has_a_workgroup_and_no_dimension_is_too_long() {
        for threads in [1, 64, 65, 64 * 65_535, 64 * 65_535 + 1, 400_000_000] {
            let (x, y) = workgroups(threads);
            assert!(x <= WORKGROUPS_LIMIT && y <= WORKGROUPS_LIMIT);
            assert!(x as usize * y as usize * WORKGROUP_SIZE as usize >= threads, "{threads}: {x} × {y}");
        }
    }

    #[test]
    fn a_kernel_is_found_at_its_own_place() {
        for (index, kernel) in Kernel::ALL.into_iter().enumerate() {
            assert_eq!(kernel as usize, index);
            assert!(kernel.source().contains(&format!("@workgroup_size({WORKGROUP_SIZE})")), "{kernel:?}");
        }
    }
}
