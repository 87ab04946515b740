//! Good requests wait until there are many, and are then put in order of dyno. What they count for, Python decides.

use crate::columns::{by_time, places, push_number, push_text, values, Columns, Groups};
use crate::grammar::*;
use crate::times::{digits, Clock};

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

/// Puts the waiting requests in order of dyno, into columns of their own. Returns how many they are.
pub fn group(c: &mut Columns, span: i64) -> Option<i64> {
    let (texts, waiting) = c.texts.split_at_mut(WAITING_REQUESTS_STAMPS);
    texts[OWN_DYNOS..=OWN_STATUSES].iter_mut().for_each(Vec::clear);
    let numbers = &mut c.numbers;
    numbers[OWN_REQUESTS..=OWN_STATUS_COUNTS].iter_mut().for_each(Vec::clear);

    let column = |field: usize| values(&waiting[field]);
    let (stamps, dynos, paths, fwds) = (column(0)?, column(AT_DYNO)?, column(AT_PATH)?, column(AT_FWD)?);
    let services = column(AT_SERVICE)?;
    let mut groups = Groups::new();
    let mut of_row = Vec::new();
    of_row.try_reserve_exact(dynos.len()).ok()?;
    for dyno in &dynos {
        of_row.push(groups.of(dyno)?);
    }
    let mut order = places(dynos.len())?;
    order.sort_unstable_by_key(|place| (dynos[*place], *place)); // the requests of a dyno keep their order
    let mut clock = Clock::default();
    let mut before = None;
    let mut cell_before = None;
    for place in order {
        if before != Some(of_row[place]) {
            before = Some(of_row[place]);
            cell_before = None;
            push_text(&mut texts[OWN_DYNOS], dynos[place])?;
            push_number(&mut numbers[OWN_REQUESTS], 0)?;
            push_number(&mut numbers[OWN_RUNS], 0)?;
        }
        *numbers[OWN_REQUESTS].last_mut()? += 1;
        let cell = clock.microseconds(stamps[place])?.div_euclid(span);
        if cell_before != Some(cell) {
            cell_before = Some(cell);
            *numbers[OWN_RUNS].last_mut()? += 1;
            push_number(&mut numbers[OWN_CELLS], cell)?;
            push_number(&mut numbers[OWN_CELL_REQUESTS], 0)?;
        }
        *numbers[OWN_CELL_REQUESTS].last_mut()? += 1;
        push_number(&mut numbers[OWN_SERVICES], digits(services[place])?)?;
        push_text(&mut texts[OWN_PATHS], paths[place])?;
        push_text(&mut texts[OWN_FWDS], fwds[place])?;
    }
    for (field, names, counts) in [
        (AT_METHOD, OWN_METHODS, OWN_METHOD_COUNTS),
        (AT_HOST, OWN_HOSTS, OWN_HOST_COUNTS),
        (AT_STATUS, OWN_STATUSES, OWN_STATUS_COUNTS),
    ] {
        count(column(field)?.into_iter(), &mut texts[names], &mut numbers[counts])?;
    }
    i64::try_from(dynos.len()).ok()
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
