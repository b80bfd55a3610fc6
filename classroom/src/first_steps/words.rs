//! What the first steps say.

use shared::api::first_steps::FirstStep;

pub struct Words {
    pub title: &'static str,
    pub lead: &'static str,
    pub count: &'static str,
    pub close: &'static str,
    pub done: &'static str,
    pub next: &'static str,
}

pub const FIRST_STEPS: Words = Words {
    title: "첫걸음",
    lead: "처음이라면 이 순서로 해 보세요. 마친 일은 저절로 표시됩니다.",
    count: "{all}가지 중 {done}가지를 마쳤습니다.",
    close: "첫걸음 닫기",
    done: "마침",
    next: "다음 할 일",
};

/// What is to be done, and why.
pub fn step(step: FirstStep) -> (&'static str, &'static str) {
    match step {
        FirstStep::SetPassword => {
            ("비밀번호 정하기", "정해 두면 링크를 새로 받지 않아도 다시 들어올 수 있습니다.")
        }
        FirstStep::ReadSection => {
            ("1주 강의 읽기", "언어 모델이 무엇을 계산하는지부터 봅니다. 읽은 데까지 진도에 남습니다.")
        }
        FirstStep::AnswerQuestion => {
            ("확인 문제 하나 풀기", "강의 끝에 있습니다. 답하면 바로 채점되고 풀이가 보입니다.")
        }
        FirstStep::SubmitJob => {
            ("첫 작업 보내기", "2주 실습에서 말뭉치를 만듭니다. 서버의 워커가 하므로 창을 닫아도 이어집니다.")
        }
        FirstStep::InvitePeople => ("수강생 초대하기", "초대 링크를 나눠 주거나 명단(CSV)을 올립니다."),
        FirstStep::SetSchedule => {
            ("주차 일정 정하기", "여는 때와 답 기한을 정합니다. 정하지 않은 주는 늘 열려 있습니다.")
        }
        FirstStep::ConnectWorker => (
            "워커 연결 확인하기",
            "이 반의 작업을 맡을 워커가 있어야 학습을 돌릴 수 있습니다. 없으면 운영자에게 알려 주세요.",
        ),
        FirstStep::PublishModel => {
            ("모델 하나 공개하기", "1주 실습에서 첫 글을 쓸 모델입니다. 하나만 공개해도 모두가 씁니다.")
        }
    }
}
