//! A course of two weeks, small enough to know by heart.

use std::fs;
use std::path::Path;

use shared::api::ErrorBody;
use shared::api::questions::{AnswerQuestion, AskedQuestion};
use shared::course::Given;
use shared::ids::CohortId;

use super::Person;

pub const LESSON: &str = r#"+++
week = 1
title = "바이트와 글자"
title_english = "Bytes and characters"
summary = "글자 하나가 몇 바이트인지 봅니다."
summary_english = "How many bytes a character takes."
goals = ["바이트 수 계산"]
prerequisites = ["덧셈"]
reading_minutes = 5
lab_minutes = 10

[[deliverables]]
name = "토크나이저"
artifact = "tokenizer"

[[in_the_field]]
name = "iconv"
address = "https://www.gnu.org/software/libiconv/"
does = "글자를 *바꿉니다*."
became = "그대로입니다."
exchange = "파일로 오갑니다."
+++

한글 한 글자는 $3$ 바이트입니다.

## 세어 보기 {#counting}

$$\sum_{i=1}^{n} b_i = \frac{3n}{1}$$

![바이트 세 개](figures/bytes.svg "한 글자의 바이트")

> [!WARNING]
> 자모로 풀면 다릅니다.

```lab tokenizer-training
vocabulary_size = 300
text = "가 나 <다>"
```

## 두 번째 절

| 글자 | 바이트 |
|---|---|
| 가 | 3 |

<details><summary>풀이</summary>

`가`는 3바이트입니다. [세어 보기](#counting)

</details>
"#;

pub const QUESTIONS: &str = r#"
[[question]]
id = "bytes-of-one"
kind = "choice"
section = "counting"
points = 2
text = "`가`는 UTF-8로 몇 바이트인가요?"
explanation = "U+AC00은 세 바이트입니다."
  [[question.options]]
  text = "3"
  correct = true
  why = "맞습니다."
  [[question.options]]
  text = "2"
  correct = false
  why = "EUC-KR이라면 그렇습니다."

[[question]]
id = "bytes-of-ten"
kind = "numeric"
section = "counting"
points = 4
text = "한글 열 글자는?"
explanation = "$3 \\times 10$"
answer = 30
tolerance = 0
unit = "바이트"

[[question]]
id = "why-three"
kind = "short"
section = "counting"
points = 3
text = "왜 세 바이트인가요?"
explanation = "자리가 열여섯 비트라서입니다."
model_answer = "U+0800 이상은 세 바이트로 적습니다."
  [[question.rubric]]
  points = 2
  text = "범위를 말함"
  [[question.rubric]]
  points = 1
  text = "비트 수를 말함"

[[question]]
id = "round-trip"
kind = "artifact"
section = "counting"
points = 1
text = "되돌아오는 토크나이저"
explanation = "바이트 단위라서 잃는 것이 없습니다."
check = "tokenizer-round-trip"
"#;

const FIGURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">
  <rect class="fill" x="0" y="0" width="40" height="40"/><text class="text" x="20" y="25" font-size="14">EA</text>
</svg>"#;

/// Writes the course into a folder.
pub fn write_course(folder: &Path) {
    write_week(folder, "01-bytes", LESSON, QUESTIONS);
    write_week(folder, "02-more", &LESSON.replacen("week = 1", "week = 2", 1), QUESTIONS);
}

pub fn write_week(folder: &Path, name: &str, lesson: &str, questions: &str) {
    let week = folder.join(name);
    fs::create_dir_all(week.join("figures")).unwrap();
    fs::write(week.join("lesson.md"), lesson).unwrap();
    fs::write(week.join("questions.toml"), questions).unwrap();
    fs::write(week.join("figures/bytes.svg"), FIGURE).unwrap();
}

impl Person {
    /// A new attempt at a question of the first week.
    pub async fn answer(
        &self,
        cohort_id: CohortId,
        question: &str,
        given: Given,
    ) -> Result<AskedQuestion, ErrorBody> {
        static KEY: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let key = KEY.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let request = AnswerQuestion {
            cohort_id,
            week: 1,
            question: question.into(),
            given,
            idempotency_key: format!("answer {key}"),
        };
        self.client.call(request).await
    }
}
