//! Runtime metrics and R14 lines: the span of each dyno id in a block, and many lines as numbers, dyno by dyno.

use crate::columns::{by_time, push_number, push_real, push_text, stamps, values, Columns, Groups};
use crate::grammar::*;
use crate::times::{digits, seconds, Clock};

const AT_NAME: usize = SAMPLES_NAMES - SAMPLES_STAMPS;
const AT_REST: usize = SAMPLES_RESTS - SAMPLES_STAMPS;
const AT_ID: usize = SAMPLES_IDS - SAMPLES_STAMPS;
const AT_TOTAL: usize = SAMPLES_TOTALS - SAMPLES_STAMPS;
const AT_SWAP: usize = SAMPLES_SWAPS - SAMPLES_STAMPS;
const AT_PAGE: usize = SAMPLES_PAGES - SAMPLES_STAMPS;
const AT_QUOTA: usize = SAMPLES_QUOTAS - SAMPLES_STAMPS;
const AT_LOAD: usize = SAMPLES_LOADS - SAMPLES_STAMPS;

/// Finds the first and the last stamp of each (name, dyno id) of a block, in the order of their first lines. An R14 line
/// has no id.
pub fn close(c: &mut Columns) -> Option<()> {
    let stamps = stamps(&c.texts[SAMPLES_STAMPS])?;
    let [names, ids] = [values(&c.texts[SAMPLES_NAMES])?, values(&c.texts[SAMPLES_IDS])?];
    let mut sampled = Groups::new();
    let mut spans: Vec<(&[u8], &[u8])> = Vec::new();
    for place in by_time(&stamps)? {
        let group = sampled.of((names[place], ids[place]))?;
        if group == spans.len() {
            spans.try_reserve(1).ok()?;
            spans.push((stamps[place], stamps[place]));
        }
        spans[group].1 = stamps[place];
    }
    let mut new = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    for ((name, id), (first, last)) in sampled.keys.iter().zip(&spans) {
        for (column, value) in new.iter_mut().zip([name, id, first, last]) {
            push_text(column, value)?;
        }
    }
    for (column, value) in [SAMPLED_NAMES, SAMPLED_IDS, SAMPLED_FIRSTS, SAMPLED_LASTS].into_iter().zip(new) {
        c.texts[column] = value;
    }
    Some(())
}

/// Puts the waiting lines in order of (name, dyno id), as numbers. Returns how many they are.
///
/// Times are in seconds and sizes in MB, as floats. Of the newest `kept` lines about memory, and R14 lines, the text
/// comes too.
pub fn group(c: &mut Columns, kept: usize) -> Option<i64> {
    let (texts, waiting) = c.texts.split_at_mut(WAITING_SAMPLES_STAMPS);
    let (numbers, waiting_numbers) = c.numbers.split_at_mut(WAITING_SAMPLES_NUMBERS);
    texts[MEASURED_NAMES..=MEASURED_LINES].iter_mut().for_each(Vec::clear);
    numbers[MEASURED_COUNTS..=MEASURED_LOADS].iter_mut().for_each(Vec::clear);

    let column = |field: usize| values(&waiting[field]);
    let (stamps, names, ids) = (stamps(&waiting[0])?, column(AT_NAME)?, column(AT_ID)?);
    let (totals, swaps, pages) = (column(AT_TOTAL)?, column(AT_SWAP)?, column(AT_PAGE)?);
    let (quotas, loads) = (column(AT_QUOTA)?, column(AT_LOAD)?);
    let (line_numbers, rests) = (&waiting_numbers[0], Rests::new(&waiting[AT_REST], &waiting_numbers[1])?);
    let mut groups = Groups::new();
    let mut of_groups: Vec<Vec<usize>> = Vec::new();
    for (place, two) in names.iter().copied().zip(ids.iter().copied()).enumerate() {
        let group = groups.of(two)?;
        if group == of_groups.len() {
            of_groups.try_reserve(1).ok()?;
            of_groups.push(Vec::new());
        }
        of_groups[group].try_reserve(1).ok()?;
        of_groups[group].push(place);
    }
    let mut clock = Clock::default();
    for ((name, id), own) in groups.keys.iter().zip(&mut of_groups) {
        if !own.windows(2).all(|two| stamps[two[0]] <= stamps[two[1]]) {
            own.sort_unstable_by_key(|place| (stamps[*place], *place)); // those of one time in the order of the log
        }
        let own = &own[..];
        push_text(&mut texts[MEASURED_NAMES], name)?;
        push_text(&mut texts[MEASURED_IDS], id)?;
        push_number(&mut numbers[MEASURED_COUNTS], i64::try_from(own.len()).ok()?)?;
        for place in [own[0], own[own.len() - 1]] {
            push_real(&mut numbers[MEASURED_SPANS], seconds(clock.microseconds(stamps[place])?))?;
        }
        let (mut of_memory, mut of_load) = (0, 0);
        let is_told = |place: &&usize| loads[**place].is_empty(); // a line about memory, or R14
        let told = own.iter().filter(is_told).count();
        for place in own {
            let at = seconds(clock.microseconds(stamps[*place])?);
            if !loads[*place].is_empty() {
                push_real(&mut numbers[MEASURED_LOAD_TIMES], at)?;
                push_real(&mut numbers[MEASURED_LOADS], decimal(loads[*place])?)?;
                of_load += 1;
                continue;
            }
            push_real(&mut numbers[MEASURED_TIMES], at)?;
            if !totals[*place].is_empty() {
                push_real(&mut numbers[MEASURED_TOTALS], decimal(totals[*place])?)?;
                push_real(&mut numbers[MEASURED_SWAPS], decimal(swaps[*place])?)?;
                push_real(&mut numbers[MEASURED_QUOTAS], decimal(quotas[*place])?)?;
                push_number(&mut numbers[MEASURED_PAGES], digits(pages[*place])?)?;
            }
            of_memory += 1;
            if of_memory + kept > told {
                let (text, rest) = (&mut texts[MEASURED_LINES], rests.of(*place)?);
                text.try_reserve(stamps[*place].len() + name.len() + rest.len() + 20).ok()?;
                for part in [stamps[*place], b"+00:00 heroku[", name, b"]: ", rest, b"\n"] {
                    text.extend_from_slice(part);
                }
                push_real(&mut numbers[MEASURED_LINE_TIMES], at)?;
                push_number(&mut numbers[MEASURED_LINE_NUMBERS], line_numbers[*place])?;
            }
        }
        push_number(&mut numbers[MEASURED_TOLD], i64::try_from(of_memory).ok()?)?;
        push_number(&mut numbers[MEASURED_LOADED], of_load)?;
    }
    i64::try_from(stamps.len()).ok()
}

/// The texts of lines, found by their lengths: few are asked for, and the others are not even looked at.
struct Rests<'a> {
    column: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> Rests<'a> {
    fn new(column: &'a [u8], lengths: &[i64]) -> Option<Self> {
        let mut starts = Vec::new();
        starts.try_reserve_exact(lengths.len() + 1).ok()?;
        starts.push(0);
        for length in lengths {
            starts.push(starts[starts.len() - 1] + usize::try_from(*length).ok()? + 1);
        }
        Some(Rests { column, starts })
    }

    fn of(&self, place: usize) -> Option<&'a [u8]> {
        self.column.get(self.starts[place]..self.starts[place + 1] - 1)
    }
}

/// A number with two decimals, as Python reads it.
fn decimal(text: &[u8]) -> Option<f64> {
    let (whole, decimals) = text.split_at(text.len().checked_sub(3)?);
    let hundredths = digits(whole)? * 100 + digits(&decimals[1..])?;
    Some(hundredths as f64 / 100.0) // both are exact, so the nearest float comes out
}
