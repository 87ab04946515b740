//! The rows of a block in the order of the log, for the tracebacks that are open above them.

use crate::columns::Columns;
use crate::grammar::*;
use crate::times::STAMP_LENGTH;

/// Whom a row is about: the offsets of the name in the text.
pub enum Who {
    Wrote(usize, usize),
    IsSpokenOf(usize, usize),
    Router,
}

impl Who {
    /// As one number: the offset, the length, and whether the name wrote the row; 0 for a row of the router.
    pub fn packed(self) -> Option<i64> {
        let (start, end, wrote) = match self {
            Who::Wrote(start, end) => (start, end, 1),
            Who::IsSpokenOf(start, end) => (start, end, 0),
            Who::Router => return Some(0),
        };
        i64::try_from(start << 8 | (end - start) << 1 | wrote).ok()
    }
}

/// The first row between two places that is about one of some names (each ended by LF), or later than a limit.
/// The second place where there is none.
pub fn next_row(c: &Columns, text: &[u8], names: &[u8], limit: &[u8], begin: i64, end: i64) -> Option<i64> {
    let (first, last) = (usize::try_from(begin).ok()?, usize::try_from(end).ok()?);
    let starts = c.numbers[ROWS_STARTS].get(first..last)?;
    let who = c.numbers[ROWS_WHO].get(first..last)?;
    for (passed, (start, who)) in starts.iter().zip(who).enumerate() {
        let start = usize::try_from(*start).ok()?;
        let is_later = text.get(start..start + STAMP_LENGTH)? > limit;
        if is_later || (*who != 0 && is_one_of(names, named(text, *who)?)) {
            return Some(begin + i64::try_from(passed).ok()?);
        }
    }
    Some(end)
}

fn named(text: &[u8], who: i64) -> Option<&[u8]> {
    let who = usize::try_from(who).ok()?;
    text.get(who >> 8..(who >> 8) + (who >> 1 & 127))
}

fn is_one_of(names: &[u8], name: &[u8]) -> bool {
    names.split(|b| *b == b'\n').any(|each| each == name)
}
