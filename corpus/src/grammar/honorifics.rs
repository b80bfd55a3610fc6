//! Words that change as a whole when the person is honoured.

use super::{Class, Kind, Predicate};

/// Verbs with an honorific of their own: (plain, honorific).
pub const VERBS: &[(&str, &str)] = &[
    ("먹다", "드시다"),
    ("마시다", "드시다"),
    ("자다", "주무시다"),
    ("있다", "계시다"),
    ("말하다", "말씀하시다"),
    ("아프다", "편찮으시다"),
    ("죽다", "돌아가시다"),
];

/// Verbs that lower the doer before an honoured person: (plain, humble).
pub const HUMBLE: &[(&str, &str)] =
    &[("주다", "드리다"), ("묻다", "여쭈다"), ("보다", "뵙다"), ("데리다", "모시다")];

/// Nouns: (plain, honorific).
pub const NOUNS: &[(&str, &str)] = &[
    ("밥", "진지"),
    ("집", "댁"),
    ("나이", "연세"),
    ("생일", "생신"),
    ("말", "말씀"),
    ("이름", "성함"),
    ("병", "병환"),
];

/// The predicate as it is said of an honoured subject: the verb's own honorific, or -(으)시-.
pub fn honorific(dictionary_form: &str, plain: &Predicate) -> Predicate {
    match VERBS.iter().find(|(word, _)| *word == dictionary_form) {
        Some((_, honored)) => {
            let kind = if plain.kind() == Kind::Existence { Kind::Verb } else { plain.kind() };
            Predicate::new(honored, Class::Regular, kind).with_contraction(plain.contraction)
        }
        None => plain.honorific(),
    }
}

/// The particle for an honoured person where there is one: 이 → 께서, 은 → 께서는, 에게 → 께.
pub fn particle(form: &str) -> Option<&'static str> {
    match form {
        "이" => Some("께서"),
        "은" => Some("께서는"),
        "도" => Some("께서도"),
        "만" => Some("께서만"),
        "에게" | "에게서" | "한테" => Some("께"),
        _ => None,
    }
}
