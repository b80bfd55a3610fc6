//! One pass forward, one backward, with an exponential that vectorizes.

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

use crate::kernels::slices::{exp, f32_slice, tensor, vectorized, with_slices};

const CHUNK: usize = 1 << 14;

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
        let mut y = vec![0.0; gate.len()];
        let inputs = gate.par_chunks(CHUNK).zip(up.par_chunks(CHUNK));
        y.par_chunks_mut(CHUNK).zip(inputs).for_each(|(y, (gate, up))| {
            vectorized(|| forward(y, gate, up));
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
        with_slices([gate, up, dy], |[gates, ups, dys]| {
            let (mut dgate, mut dup) = (vec![0.0; gates.len()], vec![0.0; gates.len()]);
            let inputs = gates.par_chunks(CHUNK).zip(ups.par_chunks(CHUNK)).zip(dys.par_chunks(CHUNK));
            dgate.par_chunks_mut(CHUNK).zip(dup.par_chunks_mut(CHUNK)).zip(inputs).for_each(
                |((dgate, dup), ((gate, up), dy))| vectorized(|| backward(dgate, dup, gate, up, dy)),
            );
            Ok((Some(tensor(dgate, gate.shape())?), Some(tensor(dup, up.shape())?)))
        })
    }
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
