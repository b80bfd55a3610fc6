//! Native Korean numerals before counters: 한 개, 두 마리, 세 권, 스무 살, 스물한 명.

const ONES: [&str; 10] = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"];
const TENS: [&str; 10] = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"];

/// The native numeral of 1–99 as it stands before a counter, `None` outside that range.
pub fn before_counter(number: u32) -> Option<String> {
    match number {
        1..=99 if number == 20 => Some("스무".into()),
        1..=99 => Some(format!("{}{}", TENS[(number / 10) as usize], ONES[(number % 10) as usize])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_before_counters() {
        for (number, expected) in [
            (1, "한"),
            (3, "세"),
            (5, "다섯"),
            (10, "열"),
            (11, "열한"),
            (20, "스무"),
            (24, "스물네"),
            (99, "아흔아홉"),
        ] {
            assert_eq!(before_counter(number).as_deref(), Some(expected));
        }
        assert_eq!(before_counter(0), None);
        assert_eq!(before_counter(100), None);
    }
}
