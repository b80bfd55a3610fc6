//! One pass over all threads. Candle wakes threads of its own for a sum, which then wait beside ours.

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};

use crate::kernels::slices::{f32_slice, sum_of};

struct AddOp;

/// Any equal shapes.
pub fn fused(left: &Tensor, right: &Tensor) -> Result<Tensor> {
    left.contiguous()?.apply_op2(&right.contiguous()?, AddOp)
}

impl CustomOp2 for AddOp {
    fn name(&self) -> &'static str {
        "add"
    }

    fn cpu_fwd(
        &self,
        left: &CpuStorage,
        left_layout: &Layout,
        right: &CpuStorage,
        right_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        if left_layout.shape() != right_layout.shape() {
            candle_core::bail!("add: {:?} and {:?}", left_layout.shape(), right_layout.shape());
        }
        let sum = sum_of(f32_slice(left, left_layout)?, f32_slice(right, right_layout)?);
        Ok((CpuStorage::F32(sum), left_layout.shape().clone()))
    }

    fn bwd(
        &self,
        _left: &Tensor,
        _right: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        Ok((Some(dy.clone()), Some(dy.clone())))
    }
}
