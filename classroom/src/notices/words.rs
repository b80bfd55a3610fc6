//! Words of what one is told.

pub struct Words {
    pub title: &'static str,
    pub lead: &'static str,
    pub read_all: &'static str,
    pub none_title: &'static str,
    pub none_words: &'static str,
    pub unread: &'static str,
    pub announced: &'static str,
    pub marked: &'static str,
    pub regraded: &'static str,
    pub failed: &'static str,
    pub succeeded: &'static str,
    pub time: &'static str,
    pub on_top: &'static str,
    pub by: &'static str,
    pub edited: &'static str,
}

pub const NOTICES: Words = Words {
    title: "알림",
    lead: "공지, 채점, 작업의 끝을 알려 줍니다. 여섯 달이 지난 알림은 지워집니다.",
    read_all: "모두 읽음으로",
    none_title: "알림이 없습니다",
    none_words: "새로운 일이 생기면 여기에 나타납니다.",
    unread: "읽지 않음",
    announced: "공지: {title}",
    marked: "{week}주 답이 채점되었습니다.",
    regraded: "{week}주 문제를 다시 채점해 점수가 바뀌었습니다.",
    failed: "{n}번 {kind} 작업이 실패했습니다.",
    succeeded: "{n}번 {kind} 작업을 마쳤습니다.",
    time: "작업 시간을 {minutes}분 더 받았습니다.",
    on_top: "공지",
    by: "{name} · {time}",
    edited: "고침",
};
