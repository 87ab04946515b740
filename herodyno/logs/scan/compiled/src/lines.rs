//! Lines of text become rows in columns, by the generated patterns; all other lines are given back.
//!
//! Each line is matched for itself, so no field of a row crosses lines.
//! Of each row stays where it begins, and who wrote it or is spoken of: `rows.rs` reads that.

use crate::columns::Columns;
use crate::grammar::*;
use crate::requests;
use crate::rows::Who;

const NONE: usize = usize::MAX;
const STAMP_SHAPE: &[u8; 26] = b"0000-00-00T00:00:00.000000"; // the least that stands at each place
const STAMP_ROOM: [u8; 26] = [9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 5, 9, 0, 5, 9, 0, 9, 9, 9, 9, 9, 9]; // more than that
const REST: usize = NAME + SAMPLES_RESTS - SAMPLES_NAMES; // the group of a sample's text
const HOUR: usize = 13; // bytes

type Fields = [usize; 2 * ROW_GROUPS];

/// Reads the lines between the first LF and the last. Returns the number of rows.
pub fn read(text: &[u8], first: i64, out: &mut Columns) -> Option<i64> {
    out.clear();
    if text.first() != Some(&b'\n') || text.last() != Some(&b'\n') {
        return None;
    }
    let mut reader = Reader { out, rows: 0, number: first, hour: [0; HOUR] };
    let mut start = 0;
    while start + 1 < text.len() {
        let end = start + 1 + line_length(&text[start + 1..])?;
        reader.line(&text[start..=end], start)?;
        start = end;
    }
    let rows = reader.rows;
    requests::finish_block(out)?;
    Some(rows)
}

struct Reader<'a> {
    out: &'a mut Columns,
    rows: i64,
    number: i64, // of the line
    hour: [u8; HOUR], // of the last row
}

impl Reader<'_> {
    /// Reads one line. `window` has its LF, and the LF before it, and begins at an offset of the text.
    fn line(&mut self, window: &[u8], at: usize) -> Option<()> {
        let line = &window[1..window.len() - 1];
        let mut g: Fields = [NONE; 2 * ROW_GROUPS];
        let end = row(window, 0, &mut g);
        if end.map_or(false, |end| end < window.len()) && is_stamp(field(window, &g, STAMP)) {
            self.row(window, at, &g, line)?;
        } else if let Some([stamp, name]) = fast_rejected(line) {
            self.begin_row(&line[stamp.0..stamp.1], at, Who::Wrote(at + 1 + name.0, at + 1 + name.1))?;
            self.plain(&line[stamp.0..stamp.1], &line[name.0..name.1], line)?;
        } else if line.iter().all(|b| is_blank(*b)) {
            return Some(());
        } else {
            self.out.add(UNMATCHED_LINES, line)?;
            self.out.add_number(UNMATCHED_PLACES, self.rows)?;
        }
        self.number += 1;
        Some(())
    }

    fn row(&mut self, window: &[u8], at: usize, g: &Fields, line: &[u8]) -> Option<()> {
        let stamp = field(window, g, STAMP);
        if has(g, SPEAKER) {
            self.begin_row(stamp, at, Who::Wrote(at + g[2 * SPEAKER - 2], at + g[2 * SPEAKER - 1]))?;
            return self.plain(stamp, field(window, g, SPEAKER), line);
        }
        if has(g, NAME) {
            self.begin_row(stamp, at, Who::IsSpokenOf(at + g[2 * NAME - 2], at + g[2 * NAME - 1]))?;
            self.out.add(SAMPLES_STAMPS, stamp)?;
            for place in 0..=SAMPLES_LOADS - SAMPLES_NAMES {
                self.out.add(SAMPLES_NAMES + place, field(window, g, NAME + place))?;
            }
            self.out.add_number(SAMPLES_LENGTHS, i64::try_from(field(window, g, REST).len()).ok()?)?;
            return self.out.add_number(SAMPLES_NUMBERS, self.number);
        }
        self.begin_row(stamp, at, Who::Router)?;
        let is_failed = field(window, g, METHOD).starts_with(FAILED) || field(window, g, STATUS).starts_with(b"5");
        let stamps = if is_failed { FAILURES_STAMPS } else { REQUESTS_STAMPS };
        self.out.add(stamps, stamp)?;
        for place in 0..=STATUS - METHOD {
            self.out.add(stamps + 1 + place, field(window, g, METHOD + place))?;
        }
        if is_failed {
            self.out.add(FAILURES_LINES, line)?;
            self.out.add_number(FAILURES_NUMBERS, self.number)?;
        }
        Some(())
    }

    fn plain(&mut self, stamp: &[u8], name: &[u8], line: &[u8]) -> Option<()> {
        self.out.add(PLAIN_STAMPS, stamp)?;
        self.out.add(PLAIN_NAMES, name)?;
        self.out.add(PLAIN_LINES, line)?;
        self.out.add_number(PLAIN_ENDS, i64::try_from(self.out.texts[PLAIN_LINES].len()).ok()?)?;
        self.out.add_number(PLAIN_NUMBERS, self.number)
    }

    fn begin_row(&mut self, stamp: &[u8], at: usize, who: Who) -> Option<()> {
        self.rows += 1;
        let hour = stamp.get(..HOUR)?;
        if hour != self.hour {
            self.hour.copy_from_slice(hour);
            self.out.add(HOURS, hour)?;
        }
        self.out.add_number(ROWS_STARTS, i64::try_from(at + 1).ok()?)?;
        self.out.add_number(ROWS_WHO, who.packed()?)
    }
}

/// The stamp and the name of an app's line that surely counts by dyno and time only.
fn fast_rejected(line: &[u8]) -> Option<[(usize, usize); 2]> {
    let mut g = [NONE; 2 * APP_LINE_GROUPS];
    let end = app_line(line, 0, &mut g)?;
    let text = line.get(end..)?;
    let looked_at = &text[..text.len().min(BYTES_READ)];
    if holds_word(looked_at) || start(looked_at, 0, &mut []).is_some() {
        return None;
    }
    Some([(g[0], g[1]), (g[2], g[3])])
}

fn holds_word(text: &[u8]) -> bool {
    (0..text.len()).any(|at| may_begin_word(text[at]) && WORDS.iter().any(|word| text[at..].starts_with(word)))
}

/// Whether a stamp has the shape of one. Whether its hour exists, the caller must see.
fn is_stamp(stamp: &[u8]) -> bool {
    match <&[u8; STAMP_SHAPE.len()]>::try_from(stamp) {
        // No early end: the bytes are then looked at side by side.
        Ok(stamp) => stamp.iter().zip(&STAMP_ROOM).zip(STAMP_SHAPE).fold(true, |is_stamp, ((b, room), least)| {
            is_stamp & (b.wrapping_sub(*least) <= *room)
        }),
        Err(_) => false,
    }
}

fn has(g: &Fields, group: usize) -> bool {
    g[2 * group - 2] != NONE
}

fn field<'a>(window: &'a [u8], g: &Fields, group: usize) -> &'a [u8] {
    window.get(g[2 * group - 2]..g[2 * group - 1]).unwrap_or(b"")
}

/// The number of bytes before the next LF.
pub fn line_length(text: &[u8]) -> Option<usize> {
    place_of(b'\n', text)
}

/// Where a byte is first, looked for in eight at once.
fn place_of(byte: u8, text: &[u8]) -> Option<usize> {
    const LOW: u64 = u64::MAX / 255;
    let words = text.chunks_exact(8);
    let rest = words.remainder();
    for (at, word) in words.enumerate() {
        let x = u64::from_le_bytes(word.try_into().ok()?) ^ (LOW * u64::from(byte));
        let found = x.wrapping_sub(LOW) & !x & (LOW << 7); // the lowest byte that is 0 in x has its highest bit set
        if found != 0 {
            return Some(8 * at + found.trailing_zeros() as usize / 8);
        }
    }
    let found = rest.iter().position(|b| *b == byte)?;
    Some(text.len() - rest.len() + found)
}

pub fn holds(text: &[u8], needle: &[u8]) -> bool {
    let first = match needle.first() {
        Some(first) => *first,
        None => return true,
    };
    let mut rest = text;
    while let Some(at) = place_of(first, rest) {
        if rest[at..].starts_with(needle) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}
