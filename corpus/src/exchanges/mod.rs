//! Chats: questions about a passage, small requests, and counting.

mod counting;
mod reading;
mod requests;

use crate::grammar::Level;
use crate::scene::Scene;
use crate::{Genre, Message, Role};

const SYSTEM: &[&str] = &[
    "너는 어린이를 돕는 친절한 한국어 도우미야.",
    "당신은 한국어로 대답하는 도우미입니다. 짧고 정확하게 대답하세요.",
    "글을 잘 읽고 묻는 말에 바르게 대답하는 도우미입니다.",
    "쉬운 우리말로 대답해 주세요.",
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
        messages.push(Message { role: Role::System, content: scene.choose(SYSTEM).to_owned() });
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
