//! One pass forward, one backward, with an exponential that vectorizes.

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};

use crate::kernels::slices::{
    VALUES_PER_CHUNK as CHUNK, chunk_of, exp, f32_slice, tensor, vectorized, with_slices, written,
    written_once,
};

struct SwiGluOp;

/// Equal shapes.
pub fn fused(gate: &Tensor, up: &Tensor) -> Result<Tensor> {
    gate.contiguous()?.apply_op2(&up.contiguous()?, SwiGluOp)
}

impl CustomOp2 for SwiGluOp {
    fn name(&self) -> &'static str {
        "swiglu"
    }

    fn cpu_fwd(
        &self,
        gate: &CpuStorage,
        gate_layout: &Layout,
        up: &CpuStorage,
        up_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (gate, up) = (f32_slice(gate, gate_layout)?, f32_slice(up, up_layout)?);
        if up.len() != gate.len() {
            candle_core::bail!("swiglu: a gate of {} values for {}", gate.len(), up.len());
        }
        let y = written_once(gate.len(), CHUNK, |index, y| {
            let of_chunk = |values| chunk_of(values, CHUNK, index);
            vectorized(|| forward(y, of_chunk(gate), of_chunk(up)));
        });
        Ok((CpuStorage::F32(y), gate_layout.shape().clone()))
    }

    fn bwd(
        &self,
        gate: &Tensor,
        up: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (dgate, dup) = gradients(gate, up, dy)?;
        Ok((Some(dgate), Some(dup)))
    }
}

/// `dgate` and `dup`.
pub fn gradients(gate: &Tensor, up: &Tensor, dy: &Tensor) -> Result<(Tensor, Tensor)> {
    with_slices([gate, up, dy], |[gates, ups, dys]| {
        let ([dgate, dup], _) = written(gates.len(), CHUNK, |index, [dgate, dup]| {
            let of_chunk = |values| chunk_of(values, CHUNK, index);
            vectorized(|| backward(dgate, dup, of_chunk(gates), of_chunk(ups), of_chunk(dys)));
        });
        Ok((tensor(dgate, gate.shape())?, tensor(dup, up.shape())?))
    })
}

#[inline(always)]
fn forward(y: &mut [f32], gate: &[f32], up: &[f32]) {
    for ((y, gate), up) in y.iter_mut().zip(gate).zip(up) {
        *y = gate / (1.0 + exp(-gate)) * up;
    }
}

#[inline(always)]
fn backward(dgate: &mut [f32], dup: &mut [f32], gate: &[f32], up: &[f32], dy: &[f32]) {
    let inputs = gate.iter().zip(up).zip(dy);
    for ((dgate, dup), ((gate, up), dy)) in dgate.iter_mut().zip(dup).zip(inputs) {
        let sigmoid = 1.0 / (1.0 + exp(-gate));
        *dgate = dy * up * sigmoid * (1.0 + gate * (1.0 - sigmoid));
        *dup = dy * gate * sigmoid;
    }
}
