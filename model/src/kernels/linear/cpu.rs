//! The product with a backward pass that makes `dW` in the weight's own layout: candle's own makes
//! the transpose and copies it element by element.

use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};

struct LinearOp;

/// `x` `[tokens, in]`, `weight` `[out, in]` → `[tokens, out]`.
pub fn fused(x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    x.apply_op2(weight, LinearOp)
}

impl CustomOp2 for LinearOp {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (tokens, width) = x_layout.shape().dims2()?;
        let (outputs, weight_width) = weight_layout.shape().dims2()?;
        if width != weight_width {
            candle_core::bail!("linear: {width} inputs for a weight of {weight_width}");
        }
        let sizes = (1, tokens, outputs, width);
        let y = x.matmul(weight, sizes, x_layout, &weight_layout.transpose(0, 1)?)?;
        Ok((y, (tokens, outputs).into()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        // Detached: the backward pass builds no graph of its own. A product that nothing asks for, of a
        // weight that is not trained or below the first one that is, is not made.
        let dx = x.track_op().then(|| dy.matmul(&weight.detach())).transpose()?;
        let dw = weight.track_op().then(|| dy.t()?.matmul(&x.detach())).transpose()?;
        Ok((dx, dw))
    }
}
