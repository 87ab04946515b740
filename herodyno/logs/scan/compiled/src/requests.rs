//! The requests of a block in order of time, good and failed ones; each table of them has the same first columns.

use crate::columns::{by_time, push_number, push_text, values, Columns, Groups};
use crate::grammar::*;

pub const FIELDS: usize = STATUS - METHOD + 2; // the stamp, too
pub const AT_METHOD: usize = REQUESTS_METHODS - REQUESTS_STAMPS;
pub const AT_PATH: usize = REQUESTS_PATHS - REQUESTS_STAMPS;
pub const AT_HOST: usize = REQUESTS_HOSTS - REQUESTS_STAMPS;
pub const AT_FWD: usize = REQUESTS_FWDS - REQUESTS_STAMPS;
pub const AT_DYNO: usize = REQUESTS_DYNOS - REQUESTS_STAMPS;
pub const AT_SERVICE: usize = REQUESTS_SERVICES - REQUESTS_STAMPS;
pub const AT_STATUS: usize = REQUESTS_STATUSES - REQUESTS_STAMPS;

/// Puts the requests of a block in order of time, and finds the first and the last of each dyno; good and failed ones.
pub fn finish_block(c: &mut Columns) -> Option<()> {
    finish(c, REQUESTS_STAMPS, FIELDS, None, SPANS_DYNOS)?;
    finish(c, FAILURES_STAMPS, FIELDS + 1, Some(FAILURES_NUMBERS), FAILED_SPANS_DYNOS)
}

/// The same for one table of so many columns of texts; its spans go into three columns.
fn finish(c: &mut Columns, table: usize, columns: usize, numbers: Option<usize>, into: usize) -> Option<()> {
    let stamps = values(&c.texts[table])?;
    if !stamps.windows(2).all(|two| two[0] <= two[1]) {
        let order = by_time(&stamps)?;
        for column in table..table + columns {
            let of_block = values(&c.texts[column])?;
            let mut sorted = Vec::new();
            for place in &order {
                push_text(&mut sorted, of_block[*place])?;
            }
            c.texts[column] = sorted;
        }
        if let Some(column) = numbers {
            let mut sorted = Vec::new();
            for place in &order {
                push_number(&mut sorted, c.numbers[column][*place])?;
            }
            c.numbers[column] = sorted;
        }
    }
    let (stamps, dynos) = (values(&c.texts[table])?, values(&c.texts[table + AT_DYNO])?);
    let mut spans = Groups::new();
    let mut found: Vec<(usize, usize)> = Vec::new(); // the first and the last place of each dyno
    for (place, dyno) in dynos.iter().copied().enumerate() {
        let group = spans.of(dyno)?;
        if group == found.len() {
            found.try_reserve(1).ok()?;
            found.push((place, place));
        }
        found[group].1 = place;
    }
    let (mut names, mut firsts, mut lasts) = (Vec::new(), Vec::new(), Vec::new());
    for (name, (first, last)) in spans.keys.iter().zip(&found) {
        push_text(&mut names, name)?;
        push_text(&mut firsts, stamps[*first])?;
        push_text(&mut lasts, stamps[*last])?;
    }
    (c.texts[into], c.texts[into + 1], c.texts[into + 2]) = (names, firsts, lasts);
    Some(())
}

/// Counts values by name.
pub fn count<'a>(
    found: impl Iterator<Item = &'a [u8]>,
    names: &mut Vec<u8>,
    counts: &mut Vec<i64>,
) -> Option<()> {
    let mut groups = Groups::new();
    for value in found {
        let group = groups.of(value)?;
        if group == counts.len() {
            push_text(names, value)?;
            push_number(counts, 0)?;
        }
        counts[group] += 1;
    }
    Some(())
}
