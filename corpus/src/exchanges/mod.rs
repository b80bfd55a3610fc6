//! Chats: questions about a passage, small requests, and counting.

mod counting;
mod reading;
mod requests;

use crate::grammar::Level;
use crate::scene::Scene;
use crate::{Genre, Message, Role};

/// What the assistant is told, who has a name like everybody.
const SYSTEM: &[&str] = &[
    "너는 [어린이를|학생을|이웃을|배우는 사람을] 돕는 [친절한|다정한|차분한|꼼꼼한|슬기로운] [한국어|우리말] [도우미|길잡이|선생님] {bot:~}.",
    "당신의 이름은 {bot:이고}, [한국어로|우리말로|쉬운 말로|바른 말로] [짧고|또렷하고|쉽고|친절하고] [정확하게|바르게|알기 쉽게] [대답하는|설명하는|도와주는] [도우미|선생님|이야기꾼|길잡이]입니다.",
    "[글을|이야기를|지문을|물음을] [잘|차근차근|꼼꼼히|끝까지] 읽고 [묻는 말에|질문에] [바르게|정확하게|짧게|친절하게] 대답하는 [도우미|선생님|길잡이] {bot:이} [돕겠습니다|대답하겠습니다|함께합니다].",
    "{bot} [선생님|도우미님], [쉬운 우리말로|어린이도 알 수 있게|존댓말로|한두 문장으로|또박또박] [짧게|바르게|친절하게|차근차근] [대답해|설명해|말해] 주세요.",
];

/// A turn of the user or of the assistant, before it is rendered.
pub(super) type Turns = Vec<(String, String)>;

/// Writes one chat: its genre, its kind and its messages.
pub(crate) fn write(scene: &mut Scene) -> (Genre, &'static str, Vec<Message>) {
    // The assistant keeps one speech level from the first answer to the last.
    let reply = if scene.chance(60) { Level::Polite } else { Level::Formal };
    let (genre, kind, turns) = match scene.below(10) {
        0..=4 => reading::write(scene, reply),
        5..=7 => requests::write(scene, reply),
        _ => counting::write(scene, reply),
    };
    let mut messages = Vec::with_capacity(2 * turns.len() + 1);
    if scene.chance(30) {
        scene.child("bot");
        let template = scene.choose(SYSTEM);
        let system = scene.line(template);
        messages.push(Message { role: Role::System, content: system });
    }
    for (user, assistant) in turns {
        messages.push(Message { role: Role::User, content: user });
        messages.push(Message { role: Role::Assistant, content: assistant });
    }
    (genre, kind, messages)
}

/// A template at the user's level for questions and at `reply` for the narrator's endings.
fn render(scene: &mut Scene, reply: Level, template: &str) -> String {
    let narration = std::mem::replace(&mut scene.narration, reply);
    let text = scene.line(template);
    scene.narration = narration;
    text
}
