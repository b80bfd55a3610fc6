//! Rows copied over all threads, and gradients added to the rows that they belong to: candle makes a table of
//! zeros and a second one with the sums in it.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use crate::kernels::slices::{
    ROWS_PER_CHUNK, VALUES_PER_CHUNK, chunk_of, f32_slice, tensor, with_slices, written_once,
};

struct EmbeddingOp {
    ids: Vec<u32>,
}

/// `weight` `[vocabulary, hidden]` → `[tokens, hidden]`.
pub fn fused(ids: &[u32], weight: &Tensor) -> Result<Tensor> {
    let rows = weight.dim(0)?;
    if let Some(id) = ids.iter().find(|id| **id as usize >= rows) {
        candle_core::bail!("there is no token {id} in a vocabulary of {rows}");
    }
    weight.contiguous()?.apply_op1(EmbeddingOp { ids: ids.to_vec() })
}

impl CustomOp1 for EmbeddingOp {
    fn name(&self) -> &'static str {
        "embedding"
    }

    fn cpu_fwd(&self, weight: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (weight, hidden) = (f32_slice(weight, layout)?, layout.shape().dims2()?.1);
        let tokens = self.ids.len();
        let y = written_once(tokens * hidden, ROWS_PER_CHUNK * hidden, |index, rows| {
            let ids = &self.ids[index * ROWS_PER_CHUNK..];
            for (row, id) in rows.chunks_exact_mut(hidden).zip(ids) {
                row.copy_from_slice(&weight[*id as usize * hidden..][..hidden]);
            }
        });
        Ok((CpuStorage::F32(y), (tokens, hidden).into()))
    }

    fn bwd(&self, weight: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        let mut sums = written_once(weight.elem_count(), VALUES_PER_CHUNK, |_, _| {});
        add_gradient(&self.ids, dy, &mut sums)?;
        Ok(Some(tensor(sums, weight.shape())?))
    }
}

/// `dW[id[t]] += dy[t]`, in the order of the tokens.
pub fn add_gradient(ids: &[u32], dy: &Tensor, dw: &mut [f32]) -> Result<()> {
    let hidden = dy.dim(1)?;
    with_slices([dy], |[dy]| {
        for (token, id) in ids.iter().enumerate() {
            let row = &mut dw[*id as usize * hidden..][..hidden];
            row.iter_mut().zip(chunk_of(dy, hidden, token)).for_each(|(sum, value)| *sum += value);
        }
        Ok(())
    })
}
