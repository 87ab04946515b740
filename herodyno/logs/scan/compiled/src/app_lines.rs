//! What an app printed in a block: spans by name, lines by slot of time, and the newest lines of each name.

use crate::columns::{by_time, places, push_number, push_text, stamps, values, Columns, Groups};
use crate::grammar::*;
use crate::times::Clock;

const MANY: usize = 512; // kept lines that are not looked through again

/// Puts the lines of apps in order of time, those with some numbers (in order) left out: they belong to tracebacks.
/// `slot` are the microseconds of a slot. Returns how many lines are left.
pub fn close(c: &mut Columns, left_out: &[i64], slot: i64) -> Option<i64> {
    for column in [SPEAKERS_NAMES, SPEAKERS_FIRSTS, SPEAKERS_LASTS] {
        c.texts[column].clear();
    }
    for column in [PLAIN_ORDER, PLAIN_GROUPS, SPEAKERS_LINES, SLOTS, SLOTS_LINES] {
        c.numbers[column].clear();
    }
    let (stamps, names) = (stamps(&c.texts[PLAIN_STAMPS])?, values(&c.texts[PLAIN_NAMES])?);
    let mut order = by_time(&stamps)?;
    if !left_out.is_empty() {
        let numbers = &c.numbers[PLAIN_NUMBERS];
        order.retain(|place| left_out.binary_search(&numbers[*place]).is_err());
    }
    let mut speakers = Groups::new();
    let mut spans: Vec<(usize, usize, i64)> = Vec::new(); // the first and the last place of a name, and its lines
    let mut clock = Clock::default();
    for place in &order {
        let group = speakers.of(names[*place])?;
        if group == spans.len() {
            spans.try_reserve(1).ok()?;
            spans.push((*place, *place, 0));
        }
        spans[group].1 = *place;
        spans[group].2 += 1;
        push_number(&mut c.numbers[PLAIN_ORDER], i64::try_from(*place).ok()?)?;
        push_number(&mut c.numbers[PLAIN_GROUPS], i64::try_from(group).ok()?)?;
        let at = clock.microseconds(stamps[*place])?.div_euclid(slot);
        if c.numbers[SLOTS].last() != Some(&at) {
            push_number(&mut c.numbers[SLOTS], at)?;
            push_number(&mut c.numbers[SLOTS_LINES], 0)?;
        }
        *c.numbers[SLOTS_LINES].last_mut()? += 1;
    }
    let (mut firsts, mut lasts, mut of_speakers) = (Vec::new(), Vec::new(), Vec::new());
    for (name, (first, last, lines)) in speakers.keys.iter().zip(&spans) {
        push_text(&mut of_speakers, name)?;
        push_text(&mut firsts, stamps[*first])?;
        push_text(&mut lasts, stamps[*last])?;
        push_number(&mut c.numbers[SPEAKERS_LINES], *lines)?;
    }
    (c.texts[SPEAKERS_NAMES], c.texts[SPEAKERS_FIRSTS], c.texts[SPEAKERS_LASTS]) = (of_speakers, firsts, lasts);
    i64::try_from(order.len()).ok()
}

/// Keeps the newest lines of each name behind those that are kept. All or none are kept.
///
/// None, too, where one of them may be chatter: Python knows.
pub fn keep_last(c: &mut Columns) -> Option<i64> {
    let (stamps, names) = (stamps(&c.texts[PLAIN_STAMPS])?, values(&c.texts[SPEAKERS_NAMES])?);
    let (order, groups) = (&c.numbers[PLAIN_ORDER], &c.numbers[PLAIN_GROUPS]);
    let mut kept = Vec::new();
    kept.try_reserve_exact(names.len()).ok()?;
    kept.resize(names.len(), 0);
    let mut open = kept.len();
    let [mut new_names, mut new_stamps, mut new_texts] = [Vec::new(), Vec::new(), Vec::new()];
    let mut new_numbers = Vec::new();
    for (place, group) in order.iter().zip(groups).rev() {
        let (place, group) = (usize::try_from(*place).ok()?, usize::try_from(*group).ok()?);
        if kept[group] == LAST_LINES {
            continue;
        }
        let said = said(line(c, place)?);
        if said.is_empty() {
            continue;
        }
        if chatter(said, 0, &mut []).is_some() {
            return None;
        }
        push_text(&mut new_names, names[group])?;
        push_text(&mut new_stamps, stamps[place])?;
        push_text(&mut new_texts, said)?;
        push_number(&mut new_numbers, c.numbers[PLAIN_NUMBERS][place])?;
        kept[group] += 1;
        open -= usize::from(kept[group] == LAST_LINES);
        if open == 0 {
            break;
        }
    }
    let new = [(LAST_NAMES, new_names), (LAST_STAMPS, new_stamps), (LAST_TEXTS, new_texts)];
    for (column, more) in &new {
        c.texts[*column].try_reserve(more.len()).ok()?;
    }
    c.numbers[LAST_NUMBERS].try_reserve(new_numbers.len()).ok()?;
    for (column, more) in &new {
        c.texts[*column].extend_from_slice(more);
    }
    c.numbers[LAST_NUMBERS].extend_from_slice(&new_numbers);
    if c.numbers[LAST_NUMBERS].len() > c.most_last_lines {
        let _ = thin_out(c); // where there is no memory for that, more are kept
        c.most_last_lines = 2 * c.numbers[LAST_NUMBERS].len() + MANY;
    }
    Some(0)
}

/// Leaves only the newest kept lines of each name.
fn thin_out(c: &mut Columns) -> Option<()> {
    let columns = [LAST_NAMES, LAST_STAMPS, LAST_TEXTS];
    let [names, stamps, texts] = [values(&c.texts[LAST_NAMES])?, values(&c.texts[LAST_STAMPS])?, values(&c.texts[LAST_TEXTS])?];
    let numbers = &c.numbers[LAST_NUMBERS];
    let mut order = places(names.len())?;
    order.sort_unstable_by_key(|place| (names[*place], std::cmp::Reverse((stamps[*place], numbers[*place]))));
    let mut new = [Vec::new(), Vec::new(), Vec::new()];
    let mut new_numbers = Vec::new();
    for (at, place) in order.iter().enumerate() {
        if at >= LAST_LINES && names[order[at - LAST_LINES]] == names[*place] {
            continue;
        }
        for (column, value) in new.iter_mut().zip([names[*place], stamps[*place], texts[*place]]) {
            push_text(column, value)?;
        }
        push_number(&mut new_numbers, numbers[*place])?;
    }
    for (column, value) in columns.into_iter().zip(new) {
        c.texts[column] = value;
    }
    c.numbers[LAST_NUMBERS] = new_numbers;
    Some(())
}

/// Forgets the kept lines.
pub fn forget_last(c: &mut Columns) -> Option<i64> {
    [LAST_NAMES, LAST_STAMPS, LAST_TEXTS].iter().for_each(|column| c.texts[*column].clear());
    c.numbers[LAST_NUMBERS].clear();
    Some(0)
}

/// Takes the lines between two places in order of time, each cut to so many bytes, and their numbers.
pub fn take(c: &mut Columns, begin: usize, end: usize, longest: usize) -> Option<i64> {
    let (mut lines, mut numbers) = (std::mem::take(&mut c.texts[TAKEN_LINES]), std::mem::take(&mut c.numbers[TAKEN_NUMBERS]));
    lines.clear();
    numbers.clear();
    for place in c.numbers[PLAIN_ORDER].get(begin..end)? {
        let place = usize::try_from(*place).ok()?;
        let line = line(c, place)?;
        push_text(&mut lines, &line[..line.len().min(longest)])?;
        push_number(&mut numbers, c.numbers[PLAIN_NUMBERS][place])?;
    }
    (c.texts[TAKEN_LINES], c.numbers[TAKEN_NUMBERS]) = (lines, numbers);
    Some(0)
}

/// The line of an app at a place.
fn line(c: &Columns, place: usize) -> Option<&[u8]> {
    let end_of = |place: usize| usize::try_from(*c.numbers[PLAIN_ENDS].get(place)?).ok();
    let start = if place == 0 { 0 } else { end_of(place - 1)? };
    c.texts[PLAIN_LINES].get(start..end_of(place)? - 1)
}

/// The text of a line without its head and the blanks around it, not too long.
fn said(line: &[u8]) -> &[u8] {
    let head = line.windows(3).position(|three| three == b"]: ").map_or(line.len(), |at| at + 3);
    let text = &line[head..];
    let is_said = |b: &u8| !is_white(*b);
    match (text.iter().position(is_said), text.iter().rposition(is_said)) {
        (Some(first), Some(last)) => &text[first..(last + 1).min(first + LONGEST_TEXT)],
        _ => b"",
    }
}

/// What `bytes.strip` of Python takes away.
fn is_white(b: u8) -> bool {
    matches!(b, b' ' | b'\t'..=b'\r')
}
