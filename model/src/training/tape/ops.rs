//! Every op as its fused kernel computes it, and its step back. Formulas and derivations stand in
//! `kernels/<op>/`.

use candle_core::{Tensor, TensorId, Var};

use super::{Gradient, Tape};
use crate::Result;
use crate::kernels::linear::cpu::{add_weight_gradient, bias_gradient, input_gradient};
use crate::kernels::{causal_attention, embedding, gelu, layer_norm, rms_norm, rope, swiglu};
use crate::ops::{AttentionShape, Embedding, Linear, Ops, RotaryAngles, Segment};
use crate::training::recompute::backward;

impl<'a> Tape<'a> {
    /// An op without a step of its own: one op is one graph of candle's. It copies what it is given.
    fn by_graph(&self, inputs: &[&Tensor], op: impl Fn(&[Tensor]) -> Result<Tensor>) -> Result<Tensor> {
        let of: Vec<Option<TensorId>> = inputs.iter().map(|input| self.wanted(input)).collect();
        let leaf = |(input, of): (&&Tensor, &Option<TensorId>)| -> Result<Tensor> {
            Ok(match of {
                Some(_) if !input.is_variable() => Var::from_tensor(input)?.into_inner(),
                _ => (*input).clone(),
            })
        };
        let leaves = inputs.iter().zip(&of).map(leaf).collect::<Result<Vec<_>>>()?;
        let y = op(&leaves)?;
        let graph = y.clone();
        let forms = self.ops.forms();
        Ok(self.record(&of.clone(), &y, move |dy, gradients| {
            let mut found = backward(&graph, dy.into_tensor(), forms)?;
            for (of, leaf) in of.into_iter().zip(&leaves) {
                if let Some(gradient) = found.remove(leaf) {
                    gradients.add(of, Gradient::Own(gradient))?;
                }
            }
            Ok(())
        }))
    }
}

impl Ops for Tape<'_> {
    type Tensor = Tensor;

    fn embedding(&self, ids: &[u32], table: &Embedding<Tensor>) -> Result<Tensor> {
        let y = self.ops.embedding(ids, table)?;
        let Embedding::Dense { weight } = table else { return Ok(y.detach()) };
        let (of_weight, shape, ids) = (self.wanted(weight), weight.shape().clone(), ids.to_vec());
        Ok(self.record(&[of_weight], &y, move |dy, gradients| {
            let Some(of) = of_weight else { return Ok(()) };
            let dy = dy.into_tensor();
            gradients.write(of, &shape, |dw, _| embedding::cpu::add_gradient(&ids, &dy, dw))
        }))
    }

    fn linear(&self, x: &Tensor, linear: &Linear<Tensor>) -> Result<Tensor> {
        let Linear::Dense { weight, bias } = linear else {
            return self.by_graph(&[x], |x| self.ops.linear(&x[0], linear));
        };
        let y = self.ops.linear(x, linear)?;
        let (of_x, of_weight) = (self.wanted(x), self.wanted(weight));
        let of_bias = bias.as_ref().and_then(|bias| self.wanted(bias));
        let saved = of_weight.map(|of| (of, self.saved(x)));
        let (weight, precision) = (weight.clone(), self.ops.forms().precision());
        Ok(self.record(&[of_x, of_weight, of_bias], &y, move |dy, gradients| {
            let dy = dy.into_tensor();
            if let Some((of, x)) = saved {
                let x = x.take()?;
                gradients.write(of, weight.shape(), |dw, mode| {
                    add_weight_gradient(&x, &dy, precision, dw, mode)
                })?;
            }
            if of_bias.is_some() {
                gradients.add(of_bias, Gradient::Own(bias_gradient(&dy)?))?;
            }
            if of_x.is_some() {
                gradients.add(of_x, Gradient::Own(input_gradient(&weight, &dy, precision)?))?;
            }
            Ok(())
        }))
    }

    fn rms_norm(&self, x: &Tensor, weight: &Tensor, epsilon: f64) -> Result<Tensor> {
        let y = self.ops.rms_norm(x, weight, epsilon)?;
        let of = [x, weight].map(|tensor| self.wanted(tensor));
        let (x, weight, ops) = (x.detach(), weight.detach(), self.ops);
        let input = (x.clone(), weight.clone());
        let y = self.record(&of, &y, move |dy, gradients| {
            let found = rms_norm::cpu::gradients(&x, &weight, &dy.into_tensor(), epsilon as f32)?;
            of.into_iter().zip(found).try_for_each(|(of, found)| gradients.add(of, Gradient::Own(found)))
        });
        self.make_again(&y, move || ops.rms_norm(&input.0, &input.1, epsilon));
        Ok(y)
    }

    fn layer_norm(&self, x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
        let y = self.ops.layer_norm(x, weight, bias, epsilon)?;
        let of = [x, weight, bias].map(|tensor| self.wanted(tensor));
        let (x, weight, bias, ops) = (x.detach(), weight.detach(), bias.detach(), self.ops);
        let input = (x.clone(), weight.clone(), bias.clone());
        let y = self.record(&of, &y, move |dy, gradients| {
            let found = layer_norm::cpu::gradients(&x, &weight, &bias, &dy.into_tensor(), epsilon as f32)?;
            of.into_iter().zip(found).try_for_each(|(of, found)| gradients.add(of, Gradient::Own(found)))
        });
        self.make_again(&y, move || ops.layer_norm(&input.0, &input.1, &input.2, epsilon));
        Ok(y)
    }

    fn rotary_angles(&self, positions: &[u32], frequencies: &[f64]) -> Result<RotaryAngles<Tensor>> {
        self.ops.rotary_angles(positions, frequencies)
    }

    fn rope(&self, x: &Tensor, angles: &RotaryAngles<Tensor>) -> Result<Tensor> {
        let y = self.ops.rope(x, angles)?;
        let (of_x, angles) = (self.wanted(x), angles.clone());
        Ok(self.record(&[of_x], &y, move |dy, gradients| {
            let dx = rope::cpu::gradient(&angles.cosines, &angles.sines, &dy.into_tensor())?;
            gradients.add(of_x, Gradient::Own(dx))
        }))
    }

    fn causal_attention(
        &self,
        queries: &Tensor,
        keys: &Tensor,
        values: &Tensor,
        shape: AttentionShape,
        segments: &[Segment],
    ) -> Result<Tensor> {
        let y = self.ops.causal_attention(queries, keys, values, shape, segments)?;
        let inputs = [queries, keys, values];
        let (of, segments) = (inputs.map(|input| self.wanted(input)), segments.to_vec());
        let [queries, keys, values] = inputs.map(|input| self.saved(input));
        Ok(self.record(&of, &y, move |dy, gradients| {
            let (queries, keys, values) = (queries.take()?, keys.take()?, values.take()?);
            let inputs = (&queries, &keys, &values);
            let found = causal_attention::cpu::gradients(inputs, shape, &segments, &dy.into_tensor())?;
            of.into_iter().zip(found).try_for_each(|(of, found)| gradients.add(of, Gradient::Own(found)))
        }))
    }

    fn self_attention(
        &self,
        together: &Tensor,
        shape: AttentionShape,
        segments: &[Segment],
    ) -> Result<Tensor> {
        let y = self.ops.self_attention(together, shape, segments)?;
        let (of, segments, together) = (self.wanted(together), segments.to_vec(), self.saved(together));
        Ok(self.record(&[of], &y, move |dy, gradients| {
            let together = together.take()?;
            let found =
                causal_attention::cpu::gradient_together(&together, shape, &segments, &dy.into_tensor())?;
            gradients.add(of, Gradient::Own(found))
        }))
    }

    fn swiglu(&self, gate: &Tensor, up: &Tensor) -> Result<Tensor> {
        let y = self.ops.swiglu(gate, up)?;
        let of = [gate, up].map(|tensor| self.wanted(tensor));
        let (gate, up, ops) = (gate.detach(), up.detach(), self.ops);
        let input = (gate.clone(), up.clone());
        let y = self.record(&of, &y, move |dy, gradients| {
            let (dgate, dup) = swiglu::cpu::gradients(&gate, &up, &dy.into_tensor())?;
            gradients.add(of[0], Gradient::Own(dgate))?;
            gradients.add(of[1], Gradient::Own(dup))
        });
        self.make_again(&y, move || ops.swiglu(&input.0, &input.1));
        Ok(y)
    }

    fn gelu(&self, x: &Tensor) -> Result<Tensor> {
        let y = self.ops.gelu(x)?;
        let (of, x, input, ops) = (self.wanted(x), x.detach(), x.detach(), self.ops);
        let y = self.record(&[of], &y, move |dy, gradients| {
            gradients.add(of, Gradient::Own(gelu::cpu::gradient(&x, &dy.into_tensor())?))
        });
        self.make_again(&y, move || ops.gelu(&input));
        Ok(y)
    }

    fn add(&self, left: &Tensor, right: &Tensor) -> Result<Tensor> {
        let y = self.ops.add(left, right)?;
        let of = [left, right].map(|tensor| self.wanted(tensor));
        Ok(self.record(&of, &y, move |dy, gradients| {
            let dy = dy.into_tensor();
            gradients.add(of[0], Gradient::Shared(dy.clone()))?;
            gradients.add(of[1], Gradient::Shared(dy))
        }))
    }

    fn select_rows(&self, x: &Tensor, indices: &[u32]) -> Result<Tensor> {
        self.by_graph(&[x], |x| self.ops.select_rows(&x[0], indices))
    }

    fn narrow_rows(&self, x: &Tensor, start: usize, length: usize) -> Result<Tensor> {
        self.by_graph(&[x], |x| self.ops.narrow_rows(&x[0], start, length))
    }

    fn narrow_columns(&self, x: &Tensor, start: usize, width: usize) -> Result<Tensor> {
        self.by_graph(&[x], |x| self.ops.narrow_columns(&x[0], start, width))
    }

    fn concatenate_rows(&self, parts: &[&Tensor]) -> Result<Tensor> {
        self.by_graph(parts, |parts| self.ops.concatenate_rows(&parts.iter().collect::<Vec<_>>()))
    }
}
