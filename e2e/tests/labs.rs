//! The labs of the lessons, each used as a learner uses it, on the page that shows them all.

#![allow(clippy::unwrap_used)]

use e2e::browser::{Browser, Setting, Wishes};
use e2e::databases::Kind;
use e2e::platform::Platform;
use serde_json::json;

/// Chromium's own word on a machine without a GPU when a page asks for one.
const WITHOUT_GPU: &str = "No available adapters";

struct Lab<'a> {
    browser: &'a Browser,
    place: String,
}

impl<'a> Lab<'a> {
    fn named(browser: &'a Browser, name: &str) -> Self {
        let place = format!("lab-{name}");
        browser.wait_for(&format!("#{place} .lab"));
        Self { browser, place }
    }

    fn at(&self, css: &str) -> String {
        format!("#{} {css}", self.place)
    }

    fn press(&self, words: &str) {
        self.browser.press_in(&format!("*[@id='{}']", self.place), words);
    }

    fn says(&self, words: &str) {
        self.browser.wait_for_text(&format!("#{}", self.place), words);
    }

    fn fill(&self, css: &str, text: &str) {
        self.browser.replace(&self.at(css), text);
    }

    /// As moving a slider does.
    fn slide(&self, css: &str, value: &str) {
        let script = "
            const slider = document.querySelector(arguments[0]);
            slider.value = arguments[1];
            slider.dispatchEvent(new Event('input', { bubbles: true }));";
        self.browser.run(script, vec![json!(self.at(css)), json!(value)]);
    }
}

#[test]
fn every_lab_is_used_as_a_learner_uses_it() {
    let Some(setting) = Setting::find() else { return };
    let platform = Platform::start(Kind::Sqlite, &[("--front-end", setting.page())]);
    let browser = Browser::open(&setting, Wishes::default());
    browser.go(&format!("{}/gallery", platform.client.address));

    let cleaning = Lab::named(&browser, "cleaning-playground");
    cleaning.says("문서 3개 가운데 1개가 남았습니다.");
    cleaning.press("댓글");
    cleaning.says("문서 5개 가운데");
    cleaning.fill("textarea", "<p>할머니는 <b>밥</b>을 지었습니다.</p>");
    cleaning.says("문서 1개 가운데 1개가 남았습니다.");
    cleaning.says("16자를 빼고 4자를 넣었습니다.");
    assert_eq!(browser.text(&cleaning.at(".clean-text")), "할머니는 밥을 지었습니다.");
    // Without the rule that takes the tags, more than half of the letters are still Korean.
    browser.click(&cleaning.at(".rule-row:nth-child(3) input"));
    cleaning.says("<p>할머니는 <b>밥</b>을 지었습니다.</p>");
    browser.click(&cleaning.at(".rule-row:nth-child(8) .rule-move"));
    let order = "return [...document.querySelectorAll(arguments[0])].map(row => row.textContent.trim())";
    let names = browser.run(order, vec![json!(cleaning.at(".rule-name"))]);
    assert_eq!(names[6], "똑같은 글", "the last rule has moved up: {names}");
    cleaning.fill("textarea", "짧다");
    cleaning.says("2자라서 빠집니다. 최소 10자여야 합니다.");

    let training = Lab::named(&browser, "tokenizer-training");
    training.says("병합 158개를 배웠습니다.");
    training.press("끝");
    training.says("158단계 가운데 158");
    training.press("처음");
    training.says("아직 합친 것이 없습니다.");
    training.press("다음");
    training.says("158단계 가운데 1");
    training.says("군데에서 합쳐 토큰 262번이 되었습니다.");
    training.fill("input[type=text]", "밥");
    training.says("3토큰 · 3바이트 · 토큰 하나에 1.00바이트");

    let sweep = Lab::named(&browser, "vocabulary-sweep");
    sweep.says("두 선이 벌어지면");
    sweep.fill("input[type=text]", "300, 500");
    browser.wait_for(&sweep.at("tbody tr:nth-child(2):last-child"));

    let calculator = Lab::named(&browser, "model-calculator");
    calculator.press("DeepSeek-V3 671B");
    calculator.says("671,026,404,352");
    calculator.press("GPT-2");
    calculator.press("GPT-2 124M");
    calculator.says("124,439,808");
    calculator.slide(".knobs input", "13");
    calculator.says("131,527,680");

    let scan = Lab::named(&browser, "scan-figure");
    scan.says("‘먹었다’까지 읽고");
    scan.press("고르게 (RNN처럼)");
    scan.press("이전");
    scan.says("‘막’까지 읽고");

    let routing = Lab::named(&browser, "routing-figure");
    routing.says("1번 보냈습니다.");
    routing.press("50번 보내기");
    routing.says("51번 보냈습니다.");

    let quantization = Lab::named(&browser, "quantization");
    quantization.says("q4_0: 가중치 하나에 4.5비트");
    quantization.press("q8_0");
    quantization.says("q8_0: 가중치 하나에 8.5비트");
    quantization.press("직접 넣기");
    quantization.fill("textarea", "1 둘 3");
    quantization.says("수로 읽을 수 없는 것이 있습니다: 둘");

    let adapters = Lab::named(&browser, "adapter-calculator");
    adapters.says("294,912");
    adapters.press("DoRA");
    adapters.says("313,344");

    let metrics = Lab::named(&browser, "metric-workbench");
    metrics.fill(".field:nth-child(2) textarea", "할머니는 따뜻한 밥을 지었습니다.");
    metrics.says("글자 단위로 BLEU 100.0, chrF 100.0, ROUGE-L 100.0.");
    metrics.press("분류");
    metrics.press("늘 같은 답만 하는 모델");
    metrics.says("정확도는 90.0%인데 macro F1은 47.4%");

    let doctor = Lab::named(&browser, "environment-doctor");
    doctor.says("WASM SIMD");
    doctor.says("GFLOP/s");

    browser.assert_accessible_everywhere("the labs");
    browser.assert_quiet(&[WITHOUT_GPU]);
}

#[test]
fn a_lab_that_does_not_come_is_asked_for_again() {
    let Some(setting) = Setting::find() else { return };
    let platform = Platform::start(Kind::Sqlite, &[("--front-end", setting.page())]);
    let browser = Browser::open(&setting, Wishes::default());
    browser.cdp("Network.enable", json!({}));
    browser.cdp("Network.setBlockedURLs", json!({ "urls": ["*/labs.js*"] }));
    browser.go(&format!("{}/gallery", platform.client.address));
    browser.wait_for_text("#lab-cleaning-playground", "실습을 불러오지 못했습니다.");
    browser.cdp("Network.setBlockedURLs", json!({ "urls": [] }));
    browser.press_in("*[@id='lab-cleaning-playground']", "다시 시도");
    browser.wait_for("#lab-cleaning-playground .rule-row");
    browser.assert_quiet(&["ERR_BLOCKED_BY_CLIENT", "Failed to fetch", "does not start"]);
}
