//! The pieces of a text: beside each other as they stand in it, and one by one with their bytes.

use leptos::prelude::*;
use shared::engine::Piece;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::side::Cut;
use crate::components::TableBox;
use crate::format;
use crate::texts::{fill, texts};

/// More would make the page slow and nobody reads them.
const PIECES_LIMIT: usize = 1_000;
const ROWS_LIMIT: usize = 200;

#[component]
pub fn Pieces(
    cut: RwSignal<Cut>,
    /// Whose pieces: there are two such tables on the page.
    of: &'static str,
) -> impl IntoView {
    let texts = &texts().tokenizers;
    let shows_rows = RwSignal::new(false);
    let limited = move |words: &str, limit: usize| {
        let is_cut = cut.with(|cut| cut.pieces.len() > limit);
        is_cut.then(|| fill(words, &[("n", &format::count(limit as f64))]))
    };
    let partial = move || {
        let has_parts = |piece: &Piece| piece.text.contains(char::REPLACEMENT_CHARACTER);
        cut.with(|cut| cut.pieces.iter().any(has_parts)).then_some(texts.partial)
    };
    let line = move || cut.with(|cut| cut.pieces.iter().take(PIECES_LIMIT).map(piece_view).collect_view());
    // Two hundred rows that nobody sees would be drawn anew with every key.
    let rows = move || {
        let shown = if shows_rows.get() { ROWS_LIMIT } else { 0 };
        cut.with(|cut| cut.pieces.iter().take(shown).map(|piece| row(piece, &cut.text)).collect_view())
    };
    let toggle = move |event: web_sys::Event| {
        let details = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        shows_rows.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    view! {
        <p class="counts" role="status">{move || cut.with(counts)}</p>
        <p class="pieces playground-pieces">{line}</p>
        <p class="soft">{partial}" "{move || limited(texts.cut, PIECES_LIMIT)}</p>
        <details class="rule" on:toggle=toggle>
            <summary>{texts.show_ids}</summary>
            <TableBox label=format!("{of} · {}", texts.show_ids)>
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
            <p class="soft">{move || limited(texts.rows_cut, ROWS_LIMIT)}</p>
        </details>
    }
}

fn counts(cut: &Cut) -> String {
    let texts = &texts().tokenizers;
    let (tokens, characters) = (cut.pieces.len(), cut.text.chars().count());
    let number = |number: usize| format::count(number as f64);
    let counts = fill(
        texts.counts,
        &[
            ("tokens", &number(tokens)),
            ("characters", &number(characters)),
            ("bytes", &number(cut.text.len())),
        ],
    );
    if tokens == 0 {
        return counts;
    }
    let per_token = format::significant(characters as f64 / tokens as f64, 3);
    format!("{counts} · {}", fill(texts.per_token, &[("n", &per_token)]))
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

    use super::{Cut, Piece, counts, hexadecimal};

    #[wasm_bindgen_test]
    fn a_text_is_counted_in_tokens_characters_and_bytes() {
        let piece = Piece {
            id: 1,
            token: String::new(),
            text: String::new(),
            byte_start: 0,
            byte_end: 3,
            text_start: 0,
            text_end: 1,
        };
        let cut = Cut { text: "가나다".to_owned(), pieces: vec![piece.clone(), piece] };
        assert_eq!(counts(&cut), "2토큰 · 3자 · 9바이트 · 토큰 하나에 1.50자");
        assert_eq!(counts(&Cut::default()), "0토큰 · 0자 · 0바이트");
    }

    #[wasm_bindgen_test]
    fn bytes_are_written_as_their_two_digits() {
        assert_eq!(hexadecimal("가".as_bytes()), "ea b0 80");
        assert_eq!(hexadecimal(&[0; 40]).matches("00").count(), 12);
    }
}
