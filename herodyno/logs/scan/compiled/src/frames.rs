//! How many messages a frame holds, each behind the number of its bytes.

/// The digits of a length, and the blank.
const LONGEST_COUNT: usize = 9;

/// The messages of a body, by their own lengths. None where these do not fit the body.
pub fn messages(body: &[u8]) -> Option<i64> {
    let (mut at, mut number) = (0, 0);
    while at < body.len() {
        let head = &body[at..body.len().min(at + LONGEST_COUNT)];
        let digits = &head[..head.iter().position(|&byte| byte == b' ')?];
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let length = digits.iter().fold(0, |sum, digit| 10 * sum + usize::from(digit - b'0'));
        at += digits.len() + 1 + length;
        number += 1;
    }
    (at == body.len()).then_some(number)
}
