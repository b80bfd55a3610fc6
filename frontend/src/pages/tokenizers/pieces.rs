//! The pieces of a text: beside each other as they stand in it, and one by one with their bytes.

use leptos::prelude::*;
use shared::engine::Piece;

use crate::components::TableBox;
use crate::format;
use crate::texts::{fill, texts};

/// More would make the page slow and nobody reads them.
const PIECES_LIMIT: usize = 1_000;
const ROWS_LIMIT: usize = 200;

#[component]
pub fn Pieces(pieces: RwSignal<Vec<Piece>>, text: RwSignal<String>) -> impl IntoView {
    let texts = &texts().tokenizers;
    let counts = move || {
        pieces.with(|pieces| {
            let bytes = pieces.last().map_or(0, |piece| piece.byte_end);
            let characters = text
                .with(|text| text.get(..(bytes as usize).min(text.len())).unwrap_or(text).chars().count());
            let number = |number: usize| format::count(number as f64);
            let counts = fill(
                texts.counts,
                &[
                    ("tokens", &number(pieces.len())),
                    ("characters", &number(characters)),
                    ("bytes", &number(bytes as usize)),
                ],
            );
            let per_token = characters as f64 / (pieces.len().max(1)) as f64;
            let per_token = fill(texts.per_token, &[("n", &format::significant(per_token, 3))]);
            format!("{counts} · {per_token}")
        })
    };
    let cut = move || {
        let is_cut = pieces.with(Vec::len) > PIECES_LIMIT;
        is_cut.then(|| fill(texts.cut, &[("n", &format::count(PIECES_LIMIT as f64))]))
    };
    let partial = move || {
        let has_parts = |piece: &Piece| piece.text.contains(char::REPLACEMENT_CHARACTER);
        pieces.with(|pieces| pieces.iter().any(has_parts)).then_some(texts.partial)
    };
    let line = move || pieces.with(|pieces| pieces.iter().take(PIECES_LIMIT).map(piece_view).collect_view());
    let rows = move || {
        text.with(|text| {
            pieces.with(|pieces| pieces.iter().take(ROWS_LIMIT).map(|piece| row(piece, text)).collect_view())
        })
    };
    view! {
        <p class="counts" role="status">{counts}</p>
        <p class="pieces playground-pieces">{line}</p>
        <p class="soft">{partial}" "{cut}</p>
        <details class="rule">
            <summary>{texts.show_ids}</summary>
            <TableBox label=texts.show_ids>
                <thead>
                    <tr>
                        <th scope="col" class="number">{texts.id}</th>
                        <th scope="col">{texts.piece}</th>
                        <th scope="col">{texts.token}</th>
                        <th scope="col">{texts.bytes}</th>
                        <th scope="col" class="number">{texts.offsets}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </details>
    }
}

fn piece_view(piece: &Piece) -> impl IntoView + use<> {
    let title = format!("{} · {}", piece.id, piece.token);
    view! { <span class="piece" title=title>{shown(piece)}</span> }
}

/// Spaces stay, so that the text can be read; what cannot be seen at all gets a sign.
fn shown(piece: &Piece) -> String {
    if piece.text.is_empty() {
        piece.token.clone()
    } else {
        piece.text.replace('\n', "↵\n").replace('\t', "⇥")
    }
}

fn row(piece: &Piece, text: &str) -> impl IntoView + use<> {
    let range = piece.byte_start as usize..piece.byte_end as usize;
    view! {
        <tr>
            <td class="number">{piece.id.to_string()}</td>
            <th scope="row"><span class="piece">{shown(piece)}</span></th>
            <td><code>{piece.token.clone()}</code></td>
            <td><code>{hexadecimal(text.as_bytes().get(range).unwrap_or_default())}</code></td>
            <td class="number">{format!("{}–{}", piece.byte_start, piece.byte_end)}</td>
        </tr>
    }
}

/// `가` → `ea b0 80`; the middle of what is long is left out.
fn hexadecimal(bytes: &[u8]) -> String {
    const SHOWN: usize = 12;
    let words = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    match bytes.len() {
        0..=SHOWN => words(bytes),
        length => format!("{} … {}", words(&bytes[..SHOWN / 2]), words(&bytes[length - SHOWN / 2..])),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::hexadecimal;

    #[wasm_bindgen_test]
    fn bytes_are_written_as_their_two_digits() {
        assert_eq!(hexadecimal("가".as_bytes()), "ea b0 80");
        assert_eq!(hexadecimal(&[0; 40]).matches("00").count(), 12);
    }
}
