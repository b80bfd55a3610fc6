//! `y[t] = W[id[t]]`, W `[vocabulary, hidden]`. Backward: `dW[v] = Σ_{t: id[t] = v} dy[t]`.

pub mod cpu;

use candle_core::{Result, Tensor};

/// Plain rows of the table.
pub fn reference(ids: &[u32], weight: &[f64], hidden: usize) -> Vec<f64> {
    ids.iter().flat_map(|id| &weight[*id as usize * hidden..][..hidden]).copied().collect()
}

/// `ids` `[tokens]` of u32, `weight` `[vocabulary, hidden]` → `[tokens, hidden]`.
pub fn composed(ids: &Tensor, weight: &Tensor) -> Result<Tensor> {
    weight.index_select(ids, 0)
}
