//! Good requests wait inside as numbers, each name once, and are then put in order of dyno. Python counts them.

use crate::columns::{places, push_number, push_text, values, Columns};
use crate::grammar::*;
use crate::requests::*;
use crate::times::{digits, Clock};
use std::collections::HashMap;

/// The fields that are names, and where each name stands once. A row has a number for each, and its service time.
const NAMED: [(usize, usize); 6] = [
    (AT_DYNO, KEPT_DYNOS),
    (AT_METHOD, KEPT_METHODS),
    (AT_PATH, KEPT_PATHS),
    (AT_HOST, KEPT_HOSTS),
    (AT_FWD, KEPT_FWDS),
    (AT_STATUS, KEPT_STATUSES),
];
mod field {
    pub const DYNO: usize = 0;
    pub const METHOD: usize = 1;
    pub const PATH: usize = 2;
    pub const HOST: usize = 3;
    pub const FWD: usize = 4;
    pub const STATUS: usize = 5;
    pub const SERVICE: usize = 6;
}
const WIDTH: usize = NAMED.len() + 1;

/// The numbers of names, in the order in which they were met.
#[derive(Default)]
pub struct Names {
    numbers: HashMap<Vec<u8>, i64>,
    last: Vec<u8>,
    of_last: i64,
}

impl Names {
    fn of(&mut self, name: &[u8], column: &mut Vec<u8>) -> Option<i64> {
        if !self.numbers.is_empty() && self.last == name {
            return Some(self.of_last);
        }
        let number = match self.numbers.get(name) {
            Some(number) => *number,
            None => {
                let mut own = Vec::new();
                own.try_reserve_exact(name.len()).ok()?;
                own.extend_from_slice(name);
                self.numbers.try_reserve(1).ok()?;
                push_text(column, name)?;
                let number = i64::try_from(self.numbers.len()).ok()?;
                self.numbers.insert(own, number);
                number
            }
        };
        self.last.try_reserve(name.len()).ok()?;
        self.last.clear();
        self.last.extend_from_slice(name);
        self.of_last = number;
        Some(number)
    }
}

/// Puts the requests of the block behind those that wait. All or none are put there.
pub fn keep(c: &mut Columns) -> Option<i64> {
    let (of_block, kept) = c.texts.split_at_mut(KEPT_STAMPS);
    let column = |field: usize| values(&of_block[REQUESTS_STAMPS + field]);
    let services = column(AT_SERVICE)?;
    let mut rows: Vec<i64> = Vec::new();
    rows.try_reserve_exact(services.len() * WIDTH).ok()?;
    rows.resize(services.len() * WIDTH, 0);
    for (at, ((field, names), numbers)) in NAMED.iter().zip(&mut c.names).enumerate() {
        for (name, row) in column(*field)?.into_iter().zip(rows.chunks_exact_mut(WIDTH)) {
            row[at] = numbers.of(name, &mut kept[names - KEPT_STAMPS])?;
        }
    }
    for (service, row) in services.into_iter().zip(rows.chunks_exact_mut(WIDTH)) {
        row[field::SERVICE] = digits(service)?;
    }
    kept[0].try_reserve(of_block[REQUESTS_STAMPS].len()).ok()?;
    c.numbers[KEPT_ROWS].try_reserve(rows.len()).ok()?;
    kept[0].extend_from_slice(&of_block[REQUESTS_STAMPS]);
    c.numbers[KEPT_ROWS].extend_from_slice(&rows);
    Some(0)
}

/// Forgets the waiting requests.
pub fn forget(c: &mut Columns) -> Option<i64> {
    c.texts[KEPT_STAMPS..=KEPT_STATUSES].iter_mut().for_each(Vec::clear);
    c.numbers[KEPT_ROWS].clear();
    c.names = Default::default();
    Some(0)
}

/// Puts the waiting requests in order of dyno, with their cells so many microseconds wide. Returns how many they are.
pub fn group(c: &mut Columns, span: i64) -> Option<i64> {
    let (texts, kept) = c.texts.split_at_mut(KEPT_STAMPS);
    let (numbers, kept_numbers) = c.numbers.split_at_mut(KEPT_ROWS);
    texts[OWN_DYNOS].clear();
    numbers[OWN_REQUESTS..=OWN_STATUS_COUNTS].iter_mut().for_each(Vec::clear);
    let names = |at: usize| kept[NAMED[at].1 - KEPT_STAMPS].as_slice();
    let (stamps, dynos) = (values(&kept[0])?, values(names(field::DYNO))?);
    let row = |place: usize| &kept_numbers[0][place * WIDTH..(place + 1) * WIDTH];

    let mut of_dynos: Vec<Vec<usize>> = Vec::new();
    of_dynos.try_reserve_exact(dynos.len()).ok()?;
    of_dynos.resize(dynos.len(), Vec::new());
    for place in 0..stamps.len() {
        let own = &mut of_dynos[row(place)[field::DYNO] as usize];
        own.try_reserve(1).ok()?;
        own.push(place);
    }
    let mut by_name = places(dynos.len())?;
    by_name.sort_unstable_by_key(|dyno| dynos[*dyno]);
    let mut clock = Clock::default();
    for dyno in by_name.into_iter().filter(|dyno| !of_dynos[*dyno].is_empty()) {
        let own = &of_dynos[dyno];
        push_text(&mut texts[OWN_DYNOS], dynos[dyno])?;
        push_number(&mut numbers[OWN_REQUESTS], i64::try_from(own.len()).ok()?)?;
        push_number(&mut numbers[OWN_RUNS], 0)?;
        let mut cell_before = None;
        for place in own {
            let cell = clock.microseconds(stamps[*place])?.div_euclid(span);
            if cell_before != Some(cell) {
                cell_before = Some(cell);
                *numbers[OWN_RUNS].last_mut()? += 1;
                push_number(&mut numbers[OWN_CELLS], cell)?;
                push_number(&mut numbers[OWN_CELL_REQUESTS], 0)?;
            }
            *numbers[OWN_CELL_REQUESTS].last_mut()? += 1;
            let row = row(*place);
            push_number(&mut numbers[OWN_SERVICES], row[field::SERVICE])?;
            push_number(&mut numbers[OWN_PATHS], row[field::PATH])?;
            push_number(&mut numbers[OWN_FWDS], row[field::FWD])?;
        }
    }
    for (at, column) in [(field::METHOD, OWN_METHOD_COUNTS), (field::HOST, OWN_HOST_COUNTS), (field::STATUS, OWN_STATUS_COUNTS)] {
        let n = values(names(at))?.len();
        numbers[column].try_reserve_exact(n).ok()?;
        numbers[column].resize(n, 0);
        kept_numbers[0].chunks_exact(WIDTH).for_each(|row| numbers[column][row[at] as usize] += 1);
    }
    i64::try_from(stamps.len()).ok()
}
