//! Which parts of a text the model wrote, while a person goes on editing it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What a person changed: `start..old_end` of the old text became `start..new_end` of the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    start: usize,
    old_end: usize,
    new_end: usize,
}

impl Change {
    pub fn between(old: &str, new: &str) -> Self {
        let start = common_start(old, new);
        let same_end = common_start_reversed(&old[start..], &new[start..]);
        Self { start, old_end: old.len() - same_end, new_end: new.len() - same_end }
    }

    /// Where a place of the old text is in the new one; behind the change if it was inside.
    pub fn moved(self, place: usize) -> usize {
        match place {
            _ if place <= self.start => place,
            _ if place < self.old_end => self.new_end,
            _ => place - self.old_end + self.new_end,
        }
    }
}

/// Byte ranges of a text, in order and apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks(Vec<Range<usize>>);

impl Marks {
    /// The model wrote `range`, behind everything before.
    pub fn add(&mut self, range: Range<usize>) {
        match self.0.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ if range.is_empty() => {}
            _ => self.0.push(range),
        }
    }

    /// A person changed the text: what lies before and behind the change keeps its mark, what is new
    /// is the person's.
    pub fn edit(&mut self, change: Change) {
        let mut kept = Vec::with_capacity(self.0.len() + 1);
        for mark in &self.0 {
            let before = mark.start..mark.end.min(change.start);
            let behind = mark.start.max(change.old_end)..mark.end;
            if !before.is_empty() {
                kept.push(before);
            }
            if !behind.is_empty() {
                let moved = |place: usize| place - change.old_end + change.new_end;
                kept.push(moved(behind.start)..moved(behind.end));
            }
        }
        self.0 = kept;
        self.join();
    }

    /// Nothing is behind `end` any more.
    pub fn cut(&mut self, end: usize) {
        self.0.retain_mut(|mark| {
            mark.end = mark.end.min(end);
            mark.start < mark.end
        });
    }

    /// Where the model's words begin that a text of this length ends with; its end if a person's do.
    pub fn last_start(&self, length: usize) -> usize {
        self.0.last().filter(|mark| mark.end == length).map_or(length, |mark| mark.start)
    }

    /// Something was only taken away: what touches now is one.
    fn join(&mut self) {
        let mut joined: Vec<Range<usize>> = Vec::with_capacity(self.0.len());
        for mark in self.0.drain(..) {
            match joined.last_mut() {
                Some(last) if last.end == mark.start => last.end = mark.end,
                _ => joined.push(mark),
            }
        }
        self.0 = joined;
    }

    /// The whole text in parts, and whether the model wrote each.
    pub fn parts<'a>(&self, text: &'a str) -> Vec<(bool, &'a str)> {
        let mut parts = Vec::with_capacity(2 * self.0.len() + 1);
        let mut at = 0;
        for mark in &self.0 {
            parts.push((false, text.get(at..mark.start).unwrap_or_default()));
            parts.push((true, text.get(mark.clone()).unwrap_or_default()));
            at = mark.end;
        }
        parts.push((false, text.get(at..).unwrap_or_default()));
        parts.retain(|(_, part)| !part.is_empty());
        parts
    }
}

/// Bytes of the whole characters that both begin with.
fn common_start(left: &str, right: &str) -> usize {
    let same = left.chars().zip(right.chars()).take_while(|(left, right)| left == right);
    same.map(|(character, _)| character.len_utf8()).sum()
}

fn common_start_reversed(left: &str, right: &str) -> usize {
    let same = left.chars().rev().zip(right.chars().rev()).take_while(|(left, right)| left == right);
    same.map(|(character, _)| character.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// `옛날 [호랑이가] 살았다`: what stands in brackets is the model's.
    fn read(written: &str) -> (String, Marks) {
        let (mut text, mut marks, mut start) = (String::new(), Marks::default(), 0);
        for character in written.chars() {
            match character {
                '[' => start = text.len(),
                ']' => marks.add(start..text.len()),
                other => text.push(other),
            }
        }
        (text, marks)
    }

    fn written(text: &str, marks: &Marks) -> String {
        let parts = marks.parts(text).into_iter();
        parts.map(|(is_model, part)| if is_model { format!("[{part}]") } else { part.to_owned() }).collect()
    }

    #[wasm_bindgen_test]
    fn what_a_person_changes_is_the_persons() {
        let cases = [
            ("옛날에[ 호랑이가 살았다]", "아주 옛날에 호랑이가 살았다", "아주 옛날에[ 호랑이가 살았다]"),
            ("옛날에[ 호랑이가 살았다]", "옛날에 큰 호랑이가 살았다", "옛날에[ ]큰 [호랑이가 살았다]"),
            ("옛날에[ 호랑이가 살았다]", "옛날에 호랑이가", "옛날에[ 호랑이가]"),
            ("옛날에[ 호랑이가 살았다]", "", ""),
            ("[가나다라]", "가라", "[가라]"),
            ("[가]나[다]", "가다", "[가다]"),
            ("[가나]", "가나다", "[가나]다"),
        ];
        for (before, after, expected) in cases {
            let (text, mut marks) = read(before);
            marks.edit(Change::between(&text, after));
            assert_eq!(written(after, &marks), expected, "{before} → {after}");
        }
    }

    #[wasm_bindgen_test]
    fn a_place_moves_with_the_words_around_it() {
        for (old, new, place, moved) in [
            ("가나", "다가나", 3, 6),
            ("가나", "가나다", 3, 3),
            ("가나다", "가다", 6, 3),
            ("가나다", "가라라다", 3, 3),
            ("가나나다", "가라다", 6, 6),
        ] {
            assert_eq!(Change::between(old, new).moved(place), moved, "{old} → {new}");
        }
    }

    #[wasm_bindgen_test]
    fn a_text_that_is_cut_ends_with_whoever_wrote_its_end() {
        let (text, mut marks) = read("가[나다]라[마바]");
        assert_eq!(marks.last_start(text.len()), 12);
        assert_eq!(marks.last_start(text.len() + 3), text.len() + 3);
        marks.cut(15);
        assert_eq!(written("가나다라마", &marks), "가[나다]라[마]");
        marks.cut(12);
        assert_eq!(written("가나다라", &marks), "가[나다]라");
    }

    #[wasm_bindgen_test]
    fn words_that_follow_each_other_are_one_part() {
        let mut marks = Marks::default();
        marks.add(3..6);
        marks.add(6..9);
        marks.add(9..9);
        assert_eq!(marks.parts("가나다라"), [(false, "가"), (true, "나다"), (false, "라")]);
    }
}
