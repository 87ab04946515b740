//! Whether surely each of some lines has a head of the commonest form, and none has two.

use crate::grammar::common;
use crate::lines::{holds, line_length};

const OFFSET: &[u8] = b"+00:00 ";
const HEAD: usize = 26 + OFFSET.len(); // bytes of the stamp that `common` matches, and of its offset

/// 1 where they are sound, 0 where not. None where the last does not end with LF.
pub fn is_sound(lines: &[u8]) -> Option<i64> {
    let mut rest = lines;
    let mut is_sound = !lines.is_empty();
    while is_sound && !rest.is_empty() {
        let (line, next) = rest.split_at(line_length(rest)? + 1);
        is_sound = common(line, 0, &mut []).is_some()
            && !holds(&line[..HEAD - OFFSET.len()], OFFSET)
            && !holds(&line[HEAD..], OFFSET);
        rest = next;
    }
    Some(i64::from(is_sound))
}
