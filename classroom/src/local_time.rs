//! Times as `<input type="datetime-local">` says them, in the reader's time zone.

use js_sys::Date;
use wasm_bindgen::JsValue;

/// `2026-12-01T09:30` → microseconds since 1970.
pub fn microseconds(text: &str) -> Option<i64> {
    let milliseconds = Date::parse(text);
    milliseconds.is_finite().then_some(milliseconds as i64 * 1000)
}

/// The other way round, to the minute.
pub fn text(at_microseconds: i64) -> String {
    let date = Date::new(&JsValue::from_f64(at_microseconds as f64 / 1e3));
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

/// So many days later at the same time of the day, also where clocks are changed in between.
pub fn days_later(text: &str, days: u32) -> Option<String> {
    let date = Date::new(&JsValue::from_f64(microseconds(text)? as f64 / 1e3));
    date.set_date(date.get_date() + days);
    Some(self::text(date.get_time() as i64 * 1000))
}

/// `UTC+9`, `UTC-3:30`: the reader's zone now.
pub fn zone() -> String {
    let minutes = -Date::new_0().get_timezone_offset() as i32;
    let (sign, hours, rest) = (if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60);
    if rest == 0 { format!("UTC{sign}{hours}") } else { format!("UTC{sign}{hours}:{rest:02}") }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_time_comes_back_as_it_was_typed() {
        for typed in ["2026-12-01T09:30", "2027-02-28T23:59", "2028-02-29T00:00"] {
            assert_eq!(text(microseconds(typed).unwrap()), typed);
        }
        assert_eq!(microseconds(""), None);
        assert_eq!(microseconds("내일"), None);
        assert_eq!(days_later("2027-02-25T10:00", 7).as_deref(), Some("2027-03-04T10:00"));
        assert_eq!(days_later("", 7), None);
    }
}
