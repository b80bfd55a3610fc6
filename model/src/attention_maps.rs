//! What each head of a model looks at, for people: the queries and keys that its blocks attend with, taken out of an
//! ordinary forward pass by its probe, and the weights that follow from them.

use crate::architectures::Model;
use crate::batch::Batch;
pub use crate::kernels::causal_attention::weights::weights;
use crate::ops::Ops;
use crate::state::State;
use crate::{Error, Result};

/// Of one block: `queries` `[tokens, heads · head_size]`, `keys` `[tokens, key_value_heads · head_size]`, turned by
/// their positions where the architecture does that.
#[derive(Debug, Clone)]
pub struct QueriesAndKeys<T> {
    pub queries: T,
    pub keys: T,
}

/// Of every block, for one text. They lie where the model runs; [`weights`] takes their values.
///
/// # Errors
/// If the text is empty or longer than the context.
pub fn queries_and_keys<O: Ops>(
    model: &Model<O::Tensor>,
    ops: &O,
    tokens: &[u32],
) -> Result<Vec<QueriesAndKeys<O::Tensor>>>
where
    O::Tensor: Clone,
{
    if tokens.is_empty() {
        return Err(Error::Input("there is no token to look at; write a text".to_owned()));
    }
    let (mut queries, mut keys, mut together) = (Vec::new(), Vec::new(), Vec::new());
    let mut probe = |name: &str, tensor: &O::Tensor| {
        let list = match name.rsplit('.').next() {
            Some("queries") => &mut queries,
            Some("keys") => &mut keys,
            Some("queries_keys_values") => &mut together,
            _ => return,
        };
        list.push(tensor.clone());
    };
    model.hidden(ops, &Batch::stateless([tokens]), &mut State::none(), &mut probe)?;
    if together.is_empty() {
        let both = queries.into_iter().zip(keys);
        return Ok(both.map(|(queries, keys)| QueriesAndKeys { queries, keys }).collect());
    }
    let shape = model.attention_shape();
    let width = shape.heads * shape.head_size;
    let third = |tensor: &O::Tensor, index: usize| ops.narrow_columns(tensor, index * width, width);
    together.iter().map(|it| Ok(QueriesAndKeys { queries: third(it, 0)?, keys: third(it, 1)? })).collect()
}
