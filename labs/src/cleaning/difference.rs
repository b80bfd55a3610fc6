//! What stands in one text and not in the other (Myers, *An O(ND) Difference Algorithm*, 1986), by words.

/// A stretch of the two texts together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Same(String),
    Removed(String),
    Added(String),
}

/// More changes than that and the middle is shown as replaced: nobody reads them one by one.
const CHANGES_LIMIT: usize = 1_200;

/// Removed stands before added; neighbours of one kind are one part.
pub fn difference(before: &str, after: &str) -> Vec<Part> {
    let (old, new) = (words(before), words(after));
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    let (middle_old, middle_new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut parts = Parts::default();
    old[..head].iter().for_each(|word| parts.same(word));
    match path(middle_old, middle_new) {
        Some(moves) => {
            let (mut x, mut y) = (0, 0);
            for step in moves {
                match step {
                    Move::Both => {
                        parts.same(middle_old[x]);
                        (x, y) = (x + 1, y + 1);
                    }
                    Move::Old => {
                        parts.removed.push_str(middle_old[x]);
                        x += 1;
                    }
                    Move::New => {
                        parts.added.push_str(middle_new[y]);
                        y += 1;
                    }
                }
            }
        }
        None => {
            middle_old.iter().for_each(|word| parts.removed.push_str(word));
            middle_new.iter().for_each(|word| parts.added.push_str(word));
        }
    }
    old[old.len() - tail..].iter().for_each(|word| parts.same(word));
    parts.finish()
}

/// Letters and digits that belong together; every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut inside = false;
    for (at, character) in text.char_indices() {
        let is_letter = character.is_alphanumeric();
        if at > start && !(inside && is_letter) {
            words.push(&text[start..at]);
            start = at;
        }
        inside = is_letter;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    Both,
    Old,
    New,
}

/// The fewest moves from the one to the other; `None` when they are too many.
fn path(old: &[&str], new: &[&str]) -> Option<Vec<Move>> {
    let (width, height) = (old.len() as isize, new.len() as isize);
    let limit = (old.len() + new.len()).min(CHANGES_LIMIT) as isize;
    // `reached[limit + k]`: how far into `old` one gets on diagonal k.
    let mut reached = vec![0_isize; 2 * limit as usize + 2];
    let mut rounds = Vec::new();
    for changes in 0..=limit {
        rounds.push(reached.clone());
        for diagonal in (-changes..=changes).step_by(2) {
            let at = |k: isize| (limit + k) as usize;
            let down = diagonal == -changes
                || (diagonal != changes && reached[at(diagonal - 1)] < reached[at(diagonal + 1)]);
            let mut x = if down { reached[at(diagonal + 1)] } else { reached[at(diagonal - 1)] + 1 };
            let mut y = x - diagonal;
            while x < width && y < height && old[x as usize] == new[y as usize] {
                (x, y) = (x + 1, y + 1);
            }
            reached[at(diagonal)] = x;
            if x >= width && y >= height {
                return Some(walk_back(&rounds, limit, width, height));
            }
        }
    }
    None
}

fn walk_back(rounds: &[Vec<isize>], limit: isize, width: isize, height: isize) -> Vec<Move> {
    let mut moves = Vec::new();
    let (mut x, mut y) = (width, height);
    for (changes, reached) in rounds.iter().enumerate().rev() {
        let changes = changes as isize;
        let diagonal = x - y;
        let at = |k: isize| reached[(limit + k) as usize];
        let down = diagonal == -changes || (diagonal != changes && at(diagonal - 1) < at(diagonal + 1));
        let from = if down { diagonal + 1 } else { diagonal - 1 };
        let (from_x, from_y) = if changes == 0 { (0, 0) } else { (at(from), at(from) - from) };
        let (edge_x, edge_y) = match (changes, down) {
            (0, _) => (0, 0),
            (_, true) => (from_x, from_y + 1),
            (_, false) => (from_x + 1, from_y),
        };
        while x > edge_x && y > edge_y {
            moves.push(Move::Both);
            (x, y) = (x - 1, y - 1);
        }
        if changes > 0 {
            moves.push(if down { Move::New } else { Move::Old });
        }
        (x, y) = (from_x, from_y);
    }
    moves.reverse();
    moves
}

#[derive(Default)]
struct Parts {
    done: Vec<Part>,
    same: String,
    removed: String,
    added: String,
}

impl Parts {
    fn same(&mut self, word: &str) {
        self.end_change();
        self.same.push_str(word);
    }

    fn end_change(&mut self) {
        if self.removed.is_empty() && self.added.is_empty() {
            return;
        }
        self.end_same();
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        self.done.extend((!removed.is_empty()).then_some(Part::Removed(removed)));
        self.done.extend((!added.is_empty()).then_some(Part::Added(added)));
    }

    fn end_same(&mut self) {
        if !self.same.is_empty() {
            self.done.push(Part::Same(std::mem::take(&mut self.same)));
        }
    }

    fn finish(mut self) -> Vec<Part> {
        self.end_change();
        self.end_same();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Part, difference};

    fn sides(parts: &[Part]) -> (String, String) {
        let (mut before, mut after) = (String::new(), String::new());
        for part in parts {
            match part {
                Part::Same(text) => {
                    before.push_str(text);
                    after.push_str(text);
                }
                Part::Removed(text) => before.push_str(text),
                Part::Added(text) => after.push_str(text),
            }
        }
        (before, after)
    }

    #[wasm_bindgen_test]
    fn both_texts_can_be_read_from_their_difference() {
        let texts = [
            "",
            "가",
            "<p>안녕, <b>세상</b>!</p>",
            "안녕, 세상!",
            "안녕, 온 세상!\n\n또 만나요.",
            "하나 둘 셋 넷 다섯 여섯",
            "여섯 다섯 넷 셋 둘 하나",
        ];
        for before in texts {
            for after in texts {
                assert_eq!(sides(&difference(before, after)), (before.to_owned(), after.to_owned()));
            }
        }
        let long: String = (0..4_000).map(|n| format!("{n} ")).collect();
        let other: String = (0..4_000).map(|n| format!("{} ", n * 7 + 1)).collect();
        assert_eq!(sides(&difference(&long, &other)), (long, other));
    }

    #[wasm_bindgen_test]
    fn only_what_went_is_marked() {
        let parts = difference("<p>안녕, <b>세상</b>!</p>", "안녕, 세상!");
        let same = |text: &str| Part::Same(text.to_owned());
        let removed = |text: &str| Part::Removed(text.to_owned());
        assert_eq!(
            parts,
            [
                removed("<p>"),
                same("안녕, "),
                removed("<b>"),
                same("세상"),
                removed("</b>"),
                same("!"),
                removed("</p>"),
            ]
        );
    }
}
