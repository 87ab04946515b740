//! The commonest lines become rows of tables, a table for each kind of line, in columns as Arrow has them.
//!
//! A line that is no row is given back by its number, and so is the end of the text.

use crate::grammar::*;
use crate::lines::line_length;
use crate::times::{digits, microseconds};

const NONE: usize = usize::MAX;
const GROUPS: usize = TEXT_LINE_GROUPS; // the same of messages

/// A column: a bit for each row that has a value, the offsets of texts, and the bytes of texts or numbers.
#[derive(Default)]
pub struct Column {
    rows: usize,
    pub valid: Vec<u8>,
    pub offsets: Vec<u8>,
    pub data: Vec<u8>,
}

impl Column {
    fn clear(&mut self) {
        self.rows = 0;
        self.valid.clear();
        self.offsets.clear();
        self.data.clear();
    }

    fn add_text(&mut self, text: Option<&[u8]>) -> Option<()> {
        if self.rows == 0 {
            push(&mut self.offsets, &0i32.to_ne_bytes())?;
        }
        push(&mut self.data, text.unwrap_or(b""))?;
        push(&mut self.offsets, &i32::try_from(self.data.len()).ok()?.to_ne_bytes())?;
        self.add_bit(text.is_some())
    }

    fn add_whole(&mut self, number: Option<i64>) -> Option<()> {
        push(&mut self.data, &number.unwrap_or(0).to_ne_bytes())?;
        self.add_bit(number.is_some())
    }

    fn add_float(&mut self, number: Option<f64>) -> Option<()> {
        push(&mut self.data, &number.unwrap_or(0.0).to_ne_bytes())?;
        self.add_bit(number.is_some())
    }

    fn add_bit(&mut self, is_valid: bool) -> Option<()> {
        if self.rows % 8 == 0 {
            push(&mut self.valid, &[0])?;
        }
        *self.valid.last_mut()? |= u8::from(is_valid) << (self.rows % 8);
        self.rows += 1;
        Some(())
    }
}

fn push(column: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    column.try_reserve(bytes.len()).ok()?;
    column.extend_from_slice(bytes);
    Some(())
}

pub struct Tables {
    pub columns: [Column; TABLE_COLUMNS],
}

impl Default for Tables {
    fn default() -> Self {
        Tables { columns: std::array::from_fn(|_| Column::default()) }
    }
}

/// Reads the lines between the first LF and the last, of messages of a drain or of text. Returns the number of lines.
pub fn read(text: &[u8], first: i64, are_messages: bool, out: &mut Tables) -> Option<i64> {
    out.columns.iter_mut().for_each(Column::clear);
    if text.first() != Some(&b'\n') || text.last() != Some(&b'\n') {
        return None;
    }
    let mut number = first;
    let mut before = None; // the time of the line before, if that became a row
    let mut start = 0;
    while start + 1 < text.len() {
        let end = start + 1 + line_length(&text[start + 1..])?;
        let window = &text[start..=end];
        start = end;
        if window[1..window.len() - 1].iter().all(|b| is_blank(*b)) {
            continue;
        }
        let now = add_row(window, number, are_messages, out)?;
        if now.is_none() {
            out.columns[UNMATCHED].add_whole(Some(number))?;
            out.columns[UNMATCHED + 1].add_whole(before)?;
        }
        before = now;
        number += 1;
    }
    out.columns[UNMATCHED].add_whole(Some(number))?; // the end of the text
    out.columns[UNMATCHED + 1].add_whole(before)?;
    Some(number - first)
}

/// Adds a line as a row, and returns its time; no time where the line is no row. `window` has the LF on both sides.
fn add_row(window: &[u8], number: i64, is_message: bool, out: &mut Tables) -> Option<Option<i64>> {
    let mut g = [NONE; 2 * GROUPS];
    let end = if is_message { message_line(window, 0, &mut g) } else { text_line(window, 0, &mut g) };
    let time = match end {
        Some(end) if end + 1 == window.len() => time_of(field(window, &g, LINE_STAMP)),
        _ => None,
    };
    let kind = KINDS.iter().find(|(group, _, _)| g[2 * group - 2] != NONE);
    let (time, (_, place, groups)) = match (time, kind) {
        (Some(time), Some(kind)) => (time, kind),
        _ => return Some(None),
    };
    let unsure = |(type_, group): &(Type, usize)| {
        matches!(type_, Type::FIRST_OF_LIST) && first_of_list(field(window, &g, *group)).is_none()
    };
    if groups.iter().any(unsure) {
        return Some(None);
    }
    let columns = out.columns.get_mut(*place..)?;
    columns[0].add_whole(Some(time))?;
    columns[1].add_whole(Some(number))?;
    columns[2].add_whole(some(field(window, &g, LINE_PRIORITY)).and_then(digits))?;
    for (column, (type_, group)) in columns[3..].iter_mut().zip(*groups) {
        let value = field(window, &g, *group);
        match type_ {
            Type::MESSAGE => column.add_text(Some(value))?,
            Type::TEXT => column.add_text(some(value))?,
            Type::FIRST_OF_LIST => column.add_text(first_of_list(value).and_then(some))?,
            Type::WHOLE => column.add_whole(some(value).and_then(digits))?,
            Type::HUNDREDTHS => column.add_float(some(value).and_then(hundredths))?,
        }
    }
    Some(Some(time))
}

fn field<'a>(window: &'a [u8], g: &[usize], group: usize) -> &'a [u8] {
    window.get(g[2 * group - 2]..g[2 * group - 1]).unwrap_or(b"")
}

fn some(value: &[u8]) -> Option<&[u8]> {
    Some(value).filter(|value| !value.is_empty())
}

/// The text before the first comma without the blanks round it. None where blanks may be left that are not of ASCII.
fn first_of_list(value: &[u8]) -> Option<&[u8]> {
    let is_space = |b: &u8| matches!(b, 9..=13 | 28..=31 | b' ');
    let mut found = value.split(|b| *b == b',').next()?;
    while let Some((_, rest)) = found.split_first().filter(|(b, _)| is_space(b)) {
        found = rest;
    }
    while let Some((_, rest)) = found.split_last().filter(|(b, _)| is_space(b)) {
        found = rest;
    }
    let is_sure = found.first().map_or(true, u8::is_ascii) && found.last().map_or(true, u8::is_ascii);
    Some(found).filter(|_| is_sure)
}

/// A number of two decimal places: exact, since both integers are and one division rounds once.
fn hundredths(text: &[u8]) -> Option<f64> {
    let (whole, rest) = (text.get(..text.len().checked_sub(3)?)?, text.get(text.len() - 2..)?);
    let hundreds = digits(whole)?.checked_mul(100)?.checked_add(digits(rest)?)?;
    Some(hundreds as f64 / 100.0)
}

/// Microseconds since 1970. None where the time does not exist, or is of a year that is not taken.
pub fn time_of(stamp: &[u8]) -> Option<i64> {
    let part = |from: usize, to: usize| digits(stamp.get(from..to)?);
    let (year, month, day, hour) = (part(0, 4)?, part(5, 7)?, part(8, 10)?, part(11, 13)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let exists = (FIRST_YEAR..=LAST_YEAR).contains(&year) && (1..=days).contains(&day) && hour < 24;
    microseconds(stamp).filter(|_| exists)
}
